"""The pages over real services, and somebody who uses them as a browser without JavaScript does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.testclient import TestClient

from services.web.app import build
from services.web.settings import Settings
from tests.builders.deciding import small_authority
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


class _Page(HTMLParser):
    """Forms, links, headings and ids of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.sources: list[str] = []
        self.headings: list[str] = []
        self._form: Form | None = None
        self._select = self._area = self._link = ""
        self._in_heading = False
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if "id" in found:
            self.ids.append(found["id"])
        self.sources += [found[name] for name in ("src", "href", "action") if found.get(name)]
        if tag == "h1":
            self._in_heading = True
            self.headings.append("")
        elif tag == "a" and "href" in found:
            self._link = found["href"]
            self.links.append((found["href"], ""))
        elif tag == "form":
            self._form = Form(found.get("action", ""), found.get("method", "get"))
            self.forms.append(self._form)
        elif self._form is not None:
            self._field(tag, found)

    def _field(self, tag: str, found: Mapping[str, str]) -> None:
        assert self._form is not None
        name = found.get("name", "")
        if tag == "select":
            self._select = name
            self._form.fields.setdefault(name, [])
        elif tag == "option" and ("selected" in found or not self._form.fields[self._select]):
            self._form.fields[self._select] = [found.get("value", "")]
        elif tag == "textarea":
            self._area = name
            self._form.fields[name] = [""]
        elif tag == "input" and found.get("type") in ("radio", "checkbox"):
            self._form.offered.setdefault(name, []).append(found["value"])
            if "checked" in found:
                self._form.fields.setdefault(name, []).append(found["value"])
        elif tag == "input":
            self._form.fields[name] = [found.get("value", "")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = ""
        elif tag == "a":
            self._link = ""
        elif tag == "h1":
            self._in_heading = False

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._area:
            self._form.fields[self._area][0] += data
        if self._link:
            href, text = self.links[-1]
            self.links[-1] = href, text + data
        if self._in_heading:
            self.headings[-1] += data


@dataclass
class Form:
    """A form as a page has it: what it would send, and what its radios and checkboxes offer."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)


class Somebody:
    """Somebody at the pages. `text` is the page that they see, `steps` how many pages they asked for."""

    def __init__(self, client: TestClient) -> None:
        self.client, self.text, self.path, self.status, self.steps = client, "", "", 0, 0

    @property
    def page(self) -> _Page:
        """The page, read."""
        return _Page(self.text)

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
