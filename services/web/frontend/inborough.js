// Everything works without this. It only brings the Design System's own comforts: focus on the error summary, a menu that
// folds on a small screen, a count of the characters left; and what is under way is looked
// at again now and then, where the page says so (without this there is a link to look again).
import { initAll } from "./govuk-frontend.min.js";

initAll();

const EVERY_MILLISECONDS = 3000;
const shown = document.querySelector('[data-live="on"]');

if (shown) {
  const pause = document.createElement("button");
  pause.type = "button";
  pause.className = "govuk-button govuk-button--secondary";
  pause.textContent = "Stop updating this page";
  shown.after(pause);
  let timer = setInterval(look, EVERY_MILLISECONDS);
  pause.addEventListener("click", () => {
    clearInterval(timer);
    pause.remove();
  });

  async function look() {
    const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
    if (!answer || !answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector('[data-live="on"]');
    if (now) {
      shown.replaceChildren(...now.childNodes);
      return;
    }
    clearInterval(timer);
    pause.remove();
    const said = document.createElement("p");
    said.className = "govuk-body-l";
    said.setAttribute("role", "status");
    const link = document.createElement("a");
    link.className = "govuk-link";
    link.href = location.href;
    link.textContent = "It is at its end: see what came of it";
    shown.replaceChildren(said);
    said.append(link);
  }
}
