"""A browser, and the pages over real services on a port of this machine."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from services.web.app import build
from services.web.frontend.build import MODULES
from tests.builders.deciding import TODAY
from tests.builders.pages import Authority, authority

CHROMIUM = os.environ.get("INBOROUGH_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
AXE = MODULES / "axe-core" / "axe.min.js"


@dataclass(frozen=True)
class Site:
    """The pages, where they are, and the children that they are about."""

    url: str
    authority: Authority


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium; skipped with a reason where it is missing. It ends with this folder's tests: as long as it is there, so
    is an event loop that runs in this thread, and no other test could run one."""
    if not CHROMIUM:
        pytest.skip("Chromium is missing: apt-get install chromium, or set INBOROUGH_TEST_CHROMIUM")
    if not AXE.exists():
        pytest.skip("axe-core is missing: make setup")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Served as `python -m services.web.main` does, in a thread."""
    folder = tmp_path_factory.mktemp("site")
    before, os.environ["INBOROUGH_TODAY"] = os.environ.get("INBOROUGH_TODAY", ""), TODAY
    with authority(folder) as services, Served(services, folder / "pages") as port:
        yield Site(f"http://127.0.0.1:{port}", services)
    os.environ["INBOROUGH_TODAY"] = before


class Served:
    """The pages on a free port, which the `with` gives, for as long as it lasts."""

    def __init__(self, services: Authority, folder: Path) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._port: int = self._socket.getsockname()[1]
        app = build(services.settings(folder, port=self._port))
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="error", log_config=None, ws="none"))
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],))

    def __enter__(self) -> int:
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive(), "the pages did not start"
            time.sleep(0.02)
        return self._port

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()


@pytest.fixture(autouse=True)
def _its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_TODAY", TODAY)


@dataclass
class Seat:
    """Somebody before the browser. `troubles`: what the console said, and requests that left for elsewhere."""

    page: Page
    site: Site
    troubles: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """A page by its address."""
        self.page.goto(f"{self.site.url}{path}")

    def sign_in(self, role: str) -> None:
        """As the demo user of a role."""
        self.open("/sign-in")
        self.page.locator(f"button[value={role}]").click()
        self.page.wait_for_load_state()

    def press(self, name: str) -> None:
        """A link, button or checkbox by its words, the first that has them."""
        found = self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name))
        found.first.click()
        self.page.wait_for_load_state()

    def fill(self, label: str, text: str) -> None:
        """A field by its label."""
        self.page.get_by_label(label, exact=True).fill(text)

    def open_panel(self, *case_ids: str) -> str:
        """Open a panel for today with these cases; its path."""
        self.open("/panels/open")
        self.press("Open the panel")
        for case_id in case_ids:
            self.page.locator(f"input[value={case_id}]").check()
        self.press("Change the agenda")
        return self.path

    @property
    def path(self) -> str:
        """Of the page."""
        return self.page.url.removeprefix(self.site.url)


def take_seat(context: BrowserContext, site: Site) -> Seat:
    """Somebody before a browser of their own; what goes wrong there is kept."""
    seat = Seat(context.new_page(), site)

    def listen(said: ConsoleMessage) -> None:
        if _is_trouble(said):
            seat.troubles.append(said.text)

    def watch(asked: Request) -> None:
        if not asked.url.startswith(site.url):
            seat.troubles.append(f"asked for {asked.url}")

    seat.page.on("console", listen)
    seat.page.on("pageerror", lambda error: seat.troubles.append(str(error)))
    seat.page.on("request", watch)
    return seat


def _is_trouble(said: ConsoleMessage) -> bool:
    """Whether the console said that something is wrong; that a page has status 403, 404 or 422 is as it should be."""
    return said.type in ("error", "warning") and not any(f"a status of {code}" in said.text for code in (403, 404, 422))


@pytest.fixture
def seat(browser: Browser, site: Site) -> Iterator[Seat]:
    """Somebody before a browser with JavaScript; nothing may go wrong there."""
    context = browser.new_context()
    found = take_seat(context, site)
    yield found
    context.close()
    assert found.troubles == []


@pytest.fixture
def seat_without_javascript(browser: Browser, site: Site) -> Iterator[Seat]:
    """The same, with JavaScript off."""
    context = browser.new_context(java_script_enabled=False)
    found = take_seat(context, site)
    yield found
    context.close()
    assert found.troubles == []
