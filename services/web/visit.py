"""One request by one person: who it is, what they may do, and how a page is made for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.web.access import may_act, may_see
from services.web.calls import Services
from services.web.files import HeldFiles
from services.web.forms import REQUEST_ID, TOKEN, Answers
from services.web.outline.kept import Outline
from services.web.papers.pdf import Typesetter
from services.web.rates import PageRates
from services.web.settings import Settings
from services.web.storage.repository import Session, Store
from services.web.tasks import Tasks
from shared.ids import new_id
from shared.imports.report import SourceFile
from shared.references import reference

NAVIGATION = {
    "panels": "Panels",
    "cases": "Cases due",
    "consultations": "Consultations",
    "decisions": "Decisions",
    "runs": "Runs",
    "journal": "Journal",
    "imports": "Imports",
    "board": "Places",
    "scenarios": "Scenarios",
    "forecast": "Forecast",
    "money": "Money",
    "measures": "Measures",
    "rate_cards": "Rate cards",
    "event_logs": "Event logs",
    "health_of_services": "Services",
}


@dataclass(frozen=True)
class House:
    """What every page needs, made once."""

    settings: Settings
    store: Store
    services: Services
    templates: Environment
    outline: Outline
    rates: PageRates
    held: HeldFiles = field(default_factory=HeldFiles)
    tasks: Tasks = field(default_factory=Tasks)
    typesetter: Typesetter = field(default_factory=Typesetter)


@dataclass
class Visit:
    """A request of somebody who is signed in. `page` is its name; `sent` what a form sent, {} for none.

    `files` are the files that came with it, by field.
    """

    request: Request
    house: House
    session: Session
    page: str
    sent: Mapping[str, list[str]] = field(default_factory=dict)
    files: Mapping[str, list[SourceFile]] = field(default_factory=dict)

    @property
    def services(self) -> Services:
        """The services, which this person calls."""
        return self.house.services

    @property
    def path(self) -> str:
        """Of the page, without what comes after "?"."""
        return self.request.url.path

    def part(self, name: str) -> str:
        """A part of the path, such as case_id."""
        return str(self.request.path_params[name])

    def asked(self, name: str) -> str:
        """A value after "?" in the address; "" for none."""
        return self.request.query_params.get(name, "").strip()

    def may_see(self, page: str) -> bool:
        """Whether this person may see a page."""
        return may_see(page, self.session.roles)

    def may_act(self, page: str) -> bool:
        """Whether this person may send a page's form."""
        return may_act(page, self.session.roles)

    def url(self, page: str, query: Mapping[str, object] | None = None, **parts: str) -> str:
        """The address of a page; empty values of `query` are left out."""
        path = str(self.request.app.url_path_for(page, **parts))
        asked = urlencode({name: value for name, value in (query or {}).items() if value})
        return f"{path}?{asked}" if asked else path

    async def answers(self) -> Answers:
        """What the form just sent, or else what was kept of it, or nothing. Its id makes it count once."""
        if self.sent:
            return Answers(self.sent)
        draft = await self.house.store.find_draft(self.session.user_id, self.path)
        found = Answers(draft.answers, kept=True) if draft else Answers()
        if not found.text(REQUEST_ID):
            found.put(REQUEST_ID, new_id("req"))
        return found

    async def keep(self, answers: Answers, path: str = "") -> None:
        """Keep what was filled in on this page's form, or on the one at `path`."""
        await self.house.store.keep_draft(self.session.user_id, path or self.path, answers.given)

    async def drop(self, path: str = "") -> None:
        """Forget what was filled in."""
        await self.house.store.drop_draft(self.session.user_id, path or self.path)

    async def show(self, template: str, status: int = 200, **facts: Any) -> Response:
        """A page from a template, with a notice from the request before, if there is one."""
        notice = self.session.state.get("notice", "")
        if notice:
            rest = {name: value for name, value in self.session.state.items() if name != "notice"}
            self.session = await self.house.store.keep_state(self.session, rest)
        usual = {"visit": self, "notice": notice, "form_token": self.session.form_token, "TOKEN": TOKEN}
        shown = self.house.templates.get_template(template).render(**base_facts(self.house), **usual, **facts)
        return HTMLResponse(shown, status)

    async def go(self, url: str, notice: str = "") -> Response:
        """To another page after something was done there; what was done is said on it once."""
        if notice:
            self.session = await self.house.store.keep_state(self.session, {**self.session.state, "notice": notice})
        return RedirectResponse(url, 303)

    def navigation(self) -> list[dict[str, Any]]:
        """The pages at the top that this person may see."""
        here = self.path
        found = [(self.url(page), text) for page, text in NAVIGATION.items() if self.may_see(page)]
        return [{"text": text, "href": url, "active": here.startswith(url)} for url, text in found]


def base_facts(house: House) -> dict[str, Any]:
    """What the frame of every page shows, signed in or not."""
    known = house.settings
    return {"council": known.council, "contact": known.contact, "reference": reference()}
