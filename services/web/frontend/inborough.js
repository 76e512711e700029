// Everything works without this. It only brings the Design System's own comforts: focus on the error summary, a menu that
// folds on a small screen, a count of the characters left.
import { initAll } from "./govuk-frontend.min.js";

initAll();
