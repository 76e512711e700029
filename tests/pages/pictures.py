"""Makes the pictures of docs/pictures from the demonstration: `python -m tests.pages.pictures`, or make screenshots.

Nobody on them is real. They are made in Chromium; each is under 150 kB.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.builders.embedded import INBOROUGH, own_environment, staying_up

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
CHROMIUM = os.environ.get("INBOROUGH_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
SCENARIO = ROOT / "deploy" / "demo" / "scenarios" / "two-units.toml"
RUNS = 100
WIDTH, HEIGHT = 1280, 960
PLAIN = ["--no-sandbox", "--disable-lcd-text", "--font-render-hinting=none"]
EXAMPLE = "case_adf191463a60467d"
"""The case of the README: needs SEMH then ASD, Year 9."""
MOST_BYTES = 150_000
ON_THE_AGENDA = 5


WEBP = """async png => {
  const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  canvas.getContext("2d").drawImage(picture, 0, 0);
  const bytes = new Uint8Array(await (await canvas.convertToBlob({type: "image/webp", quality: 0.8})).arrayBuffer());
  return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(""));
}"""


@dataclass(frozen=True)
class Camera:
    """One person's browser, and where their pages are."""

    page: Page
    url: str

    def open(self, path: str) -> None:
        """A page by its address."""
        self.page.goto(f"{self.url}{path}")

    def press(self, words: str) -> None:
        """The first button or link with these words."""
        found = self.page.get_by_role("button", name=words).or_(self.page.get_by_role("link", name=words))
        found.first.click()
        self.page.wait_for_load_state()

    def take(self, name: str, title: str, height: int = HEIGHT) -> None:
        """The top of the page as docs/pictures/NAME.webp. `title`: what its heading must say."""
        heading = self.page.locator("h1").inner_text()
        if title not in heading:
            raise SystemExit(f"{name}: the page says {heading!r} and not {title!r}; nothing more was made")
        self.page.set_viewport_size({"width": WIDTH, "height": height})
        content = as_webp(self.page, self.page.screenshot(animations="disabled"))
        size = len(content)
        if size > MOST_BYTES:
            raise SystemExit(f"{name}: {size:,} bytes, more than {MOST_BYTES:,}; make what is on it smaller")
        (PICTURES / f"{name}.webp").write_bytes(content)
        print(f"docs/pictures/{name}.webp {size / 1000:.0f} kB")


def as_webp(page: Page, png: bytes) -> bytes:
    """The same picture at a third of the size: Chromium is there already, and turns it."""
    blank = page.context.new_page()  # ours lets no page read a picture that is not of the service
    found = blank.evaluate(WEBP, b64encode(png).decode())
    blank.close()
    return b64decode(found)


def main() -> None:
    """Start the demonstration on ports of its own, look at the five pages, stop it again."""
    if not CHROMIUM:
        raise SystemExit("Chromium is needed: apt-get install chromium, or set INBOROUGH_TEST_CHROMIUM")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, **own_environment(Path(folder))}
        print("Starting the demonstration", file=sys.stderr)
        with staying_up(environment=environment), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=PLAIN)
            url = f"http://127.0.0.1:{environment['INBOROUGH_WEB_PORT']}"
            _as(browser, url, "panel_chair", _decide)
            print("Running a scenario: a minute or two", file=sys.stderr)
            scenario_id = _run_scenario(environment)
            _as(browser, url, "planner", lambda camera: _plan(camera, scenario_id))
            browser.close()


def _as(browser: Browser, url: str, role: str, look: Callable[[Camera], None]) -> None:
    with browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}) as context:
        camera = Camera(context.new_page(), url)
        camera.open("/sign-in")
        camera.page.locator(f"button[value={role}]").click()
        camera.page.wait_for_load_state()
        look(camera)


def _decide(camera: Camera) -> None:
    camera.open("/panels/open")
    camera.press("Open the panel")
    for box in camera.page.locator("input[name=on]").all()[:ON_THE_AGENDA]:
        box.check()
    camera.page.locator(f"input[value={EXAMPLE}]").check()
    camera.press("Change the agenda")
    camera.open(camera.page.url.removeprefix(camera.url))  # without the notice that it was changed
    camera.take("agenda", "Panel on")
    camera.open(f"/cases/{EXAMPLE}/options")
    camera.take("options", "Options", 1300)
    camera.press("Choose")
    camera.page.locator("#section_33_steps").fill("A key worker and a smaller class were tried in two schools.")
    camera.page.locator("#views_of_child").fill("Wants to be near home, and to keep football on Thursdays.")
    camera.press("Continue")
    camera.take("check", "Check before it is recorded", 1080)


def _run_scenario(environment: Mapping[str, str]) -> str:
    command = [*INBOROUGH, "--as", "planner", "scenario", "run", str(SCENARIO), "--replicates", str(RUNS), "--json"]
    said = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout
    return str(json.loads(said)["scenario"]["scenario_id"])


def _plan(camera: Camera, scenario_id: str) -> None:
    camera.open("/places")
    camera.take("places", "Places")
    camera.open(f"/scenarios/{scenario_id}")
    camera.take("scenario", "Two HN units", 1180)


if __name__ == "__main__":
    main()
