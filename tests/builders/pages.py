"""The pages over real services, and somebody who uses them as a browser without JavaScript does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.testclient import TestClient

from services.web.app import build
from services.web.settings import Settings
from tests.builders.deciding import small_authority
from tests.builders.html import Form, Page
from tests.builders.system import running

URL = "http://127.0.0.1:8080"
NEIGHBOURS = ("caseload", "provision", "cost", "placement", "journal")


@dataclass(frozen=True)
class Authority:
    """A small authority's services. `case_ids` by the serial numbers of tests/builders/deciding.py."""

    addresses: Mapping[str, str]
    case_ids: Mapping[int, str]

    def settings(self, folder: Path, **more: Any) -> Settings:
        """Settings of the pages before these services; `more` by field or alias."""
        told = {f"INBOROUGH_{name.upper()}_ADDRESS": self.addresses[f"{name}_address"] for name in NEIGHBOURS}
        return Settings(**{"INBOROUGH_VAR": folder, **told, **more})


@contextmanager
def authority(folder: Path) -> Iterator[Authority]:
    """Real services with the small authority in them. INBOROUGH_TODAY must be the day of tests/builders/deciding.py."""
    with small_authority(folder) as (neighbours, case_ids), ExitStack() as stack:
        placement = stack.enter_context(running("placement", folder, **neighbours))
        journal = stack.enter_context(running("journal", folder, INBOROUGH_JOURNAL_ADDRESS="127.0.0.1:0"))
        own = {"placement_address": placement.address, "journal_address": journal.address}
        yield Authority({**neighbours, **own}, case_ids)


class Somebody:
    """Somebody at the pages. `text` is the page that they see, `steps` how many pages they asked for."""

    def __init__(self, client: TestClient) -> None:
        self.client, self.text, self.path, self.status, self.steps = client, "", "", 0, 0

    @property
    def page(self) -> Page:
        """The page, read."""
        return Page(self.text)

    @property
    def heading(self) -> str:
        """The first heading."""
        return " ".join(self.page.headings[0].split())

    def sign_in(self, role: str) -> Somebody:
        """As the demo user of a role."""
        self.open("/sign-in")
        return self.send("/sign-in/demo", role=role)

    def open(self, path: str) -> Somebody:
        """A page by its address."""
        return self._see(self.client.get(path))

    def follow(self, words: str) -> Somebody:
        """The first link with these words in it."""
        found = [href for href, text in self.page.links if words in " ".join(text.split())]
        assert found, f"no link says {words!r}"
        return self.open(found[0])

    def form(self, action: str = "") -> Form:
        """The form that goes to an address that ends so; without one the form of the page itself."""
        forms = self.page.forms
        return next(each for each in forms if each.action.endswith(action) and (action or each.action != "/sign-out"))

    def send(self, action: str = "", **values: str | list[str]) -> Somebody:
        """Fill a form in (a name's "__" stands for "-") and send it."""
        form = self.form(action)
        given = {name.replace("__", "-"): value for name, value in values.items()}
        told = {name: [value] if isinstance(value, str) else value for name, value in given.items()}
        sent = form.fields | told
        if form.method == "get":
            return self._see(self.client.get(form.action, params=sent))
        return self._see(self.client.post(form.action or self.path, data=sent, headers=SAME_ORIGIN))

    def _see(self, answer: Any) -> Somebody:
        self.steps += 1
        self.text, self.status = answer.text, answer.status_code
        self.path = answer.url.raw_path.decode()
        return self


SAME_ORIGIN = {"sec-fetch-site": "same-origin"}


@contextmanager
def at_the_pages(app: Starlette, url: str = URL, host: str = "127.0.0.1") -> Iterator[Somebody]:
    """Somebody at the pages, who comes from `host`."""
    with TestClient(app, base_url=url, client=(host, 50000)) as client:
        yield Somebody(client)


@contextmanager
def somebody(authority: Authority, folder: Path, **settings: Any) -> Iterator[Somebody]:
    """Somebody at pages of their own before these services."""
    with at_the_pages(build(authority.settings(folder, **settings))) as found:
        yield found
