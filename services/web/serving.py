"""From a request to its page: who asks, whether they may, what became of it. The only way to a page."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.web.access import may_act, may_see
from services.web.calls import calling_as
from services.web.failures import Failure, failure_of, too_often
from services.web.forms import TOKEN
from services.web.sent import Sent, read_form, read_form_with_files
from services.web.settings import Settings
from services.web.storage.repository import Session
from services.web.visit import House, Visit, base_facts
from shared import logs
from shared.database import is_away
from shared.errors import DatabaseDown, InboroughError, NotAllowed, TooMuch
from shared.references import reference

Handler = Callable[[Visit], Awaitable[Response]]
COOKIE = "inborough_session"
KEPT = "Your session ended. What you filled in is kept: sign in and it is there again."


@dataclass(frozen=True)
class Page:
    """A page of ours: its name in services/web/access.py, its path, what shows it and what its form does.

    `most_files`: how many files its form may send.
    """

    name: str
    path: str
    show: Handler | None = None
    act: Handler | None = None
    most_files: int = 0

    @property
    def methods(self) -> list[str]:
        """HTTP methods that it answers."""
        return [*(["GET"] if self.show else []), *(["POST"] if self.act else [])]


def endpoint_of(page: Page) -> Callable[[Request], Awaitable[Response]]:
    """What the server calls for a page."""

    async def endpoint(request: Request) -> Response:
        house, session = house_of(request), await session_of(request)
        if wait := house.rates.seconds_to_wait(request, session):
            return bare_failure(house, too_often(wait))
        if session is None or not session.signed_in:
            return await _to_sign_in(page, request, house, session)
        if session.due and _is_looked_at(request):
            return RedirectResponse(_with_next(request, "to_issuer"), 303)
        visit = Visit(request, house, session, page.name)
        try:
            with _room_for(page, visit):
                await _read(page, visit)
                return await _answer(page, visit)
        except InboroughError as error:
            return await _show_failure(visit, failure_of(error, house.settings.contact))
        except Exception as error:
            return await _show_failure(visit, _our_fault(error, house.settings.contact))

    return endpoint


def house_of(request: Request) -> House:
    """What every page needs."""
    house: House = request.app.state.house
    return house


async def session_of(request: Request) -> Session | None:
    """The session that a request's cookie opens, which may be over."""
    house = house_of(request)
    return await house.store.find_session(request.cookies.get(cookie_name(house.settings), ""))


def cookie_name(settings: Settings) -> str:
    """Under TLS a name that browsers take from this host alone, under TLS alone, so that no other can plant one."""
    return f"__Host-{COOKIE}" if settings.https else COOKIE


def _room_for(page: Page, visit: Visit) -> AbstractContextManager[None]:
    """Within, there is memory for what a form sends. Raises TooMuch."""
    is_upload = visit.request.method == "POST" and page.most_files
    return visit.house.rates.uploading(visit.session.user_id) if is_upload else nullcontext()


async def _read(page: Page, visit: Visit) -> None:
    """What a form sent; nothing of one that this person may not send."""
    if visit.request.method != "POST" or not may_act(page.name, visit.session.roles):
        return
    if page.most_files:
        visit.sent, visit.files = await read_form_with_files(visit.request, page.most_files)
    else:
        visit.sent = await read_form(visit.request)


async def _answer(page: Page, visit: Visit) -> Response:
    handler, may = (page.act, may_act) if visit.request.method == "POST" else (page.show, may_see)
    if handler is None or not may(page.name, visit.session.roles):
        raise NotAllowed(f"{page.name} is for other roles.", reason="role")
    if visit.request.method == "POST" and not is_ours(visit.sent, visit.session):
        return await _offer_again(visit)
    with calling_as(visit.services.vouch_for(visit.session.user_id, visit.session.roles)):
        return await handler(visit)


def is_ours(sent: Sent, session: Session) -> bool:
    """Whether a form was made for this session, and not by another site in its name."""
    return hmac.compare_digest("".join(sent.get(TOKEN, [""])), session.form_token)


def _came_from_our_page(request: Request) -> bool:
    """What browsers say of themselves, and other sites cannot change."""
    return request.headers.get("sec-fetch-site", "") == "same-origin"


async def _offer_again(visit: Visit) -> Response:
    """A form made before this sign-in, such as in another tab: nothing is done, nothing is lost."""
    if not _came_from_our_page(visit.request):
        raise NotAllowed("The form was not made by this session.", reason="form_token")
    await visit.house.store.keep_draft(visit.session.user_id, visit.path, visit.sent)
    return await visit.go(visit.path, "You signed in again since this form was opened. Check it and send it again.")


async def _to_sign_in(page: Page, request: Request, house: House, session: Session | None) -> Response:
    """To sign in first, and back here after. What a form of an ended session sent is kept for its user alone."""
    sent: Sent = {}
    if request.method == "POST" and session is not None and session.user_id and not page.most_files:
        with suppress(TooMuch):
            sent = await read_form(request)
    kept = bool(sent and session and is_ours(sent, session))
    if kept and session:
        await house.store.keep_draft(session.user_id, request.url.path, sent)
    return RedirectResponse(_with_next(request, "sign_in", kept="yes" if kept else ""), 303)


def _is_looked_at(request: Request) -> bool:
    """Whether somebody waits for this page, who can be sent to the issuer and back; no script can, nor a form."""
    return request.method == "GET" and request.headers.get("sec-fetch-mode", "navigate") == "navigate"


def _with_next(request: Request, page: str, **more: str) -> str:
    """The address of a page that leads back to the one asked for."""
    query = f"?{request.url.query}" if request.url.query and request.method == "GET" else ""
    asked = {"next": f"{request.url.path}{query}", **more}
    wanted = urlencode({name: value for name, value in asked.items() if value})
    return f"{request.app.url_path_for(page)}?{wanted}"


async def _show_failure(visit: Visit, failure: Failure) -> Response:
    """What a form sent is kept, and its page offers it again."""
    kept = bool(visit.sent) and visit.request.method == "POST" and failure.status >= 409
    if kept:
        await visit.house.store.keep_draft(visit.session.user_id, visit.path, visit.sent)
    kept_at = visit.path if kept else ""
    answer = await visit.show("failure.html", failure.status, failure=failure, kept_at=kept_at)
    answer.headers.update(failure.headers)
    return answer


def bare_failure(house: House, failure: Failure) -> Response:
    """A page about what went wrong for somebody who may not be known: no database is asked for it."""
    template, facts = house.templates.get_template("failure.html"), base_facts(house)
    shown = template.render(**facts, visit=None, notice="", failure=failure, kept_at="")
    return HTMLResponse(shown, failure.status, failure.headers)


def _our_fault(error: Exception, contact: str) -> Failure:
    """Withhold the text, which may be personal; log where it happened under a reference."""
    kind, places = type(error).__name__, logs.places(error)
    logs.log("page_failed", "error", reference=reference(), error_type=kind, location=places)
    if is_away(error):
        return failure_of(DatabaseDown("pages"), contact)
    again = f"Try again; if it goes on, tell {contact}."
    return Failure(500, "Sorry, something went wrong", "It is a fault of ours.", again)


async def database_failed(request: Request, error: Exception) -> Response:
    """A page when the pages' own database does not answer, without which not even a session is known."""
    house: House = request.app.state.house
    return bare_failure(house, _our_fault(error, house.settings.contact))


async def no_such_page(request: Request, _: Exception) -> Response:
    """A page for an address that is none of ours, whoever asks."""
    house: House = request.app.state.house
    if wait := house.rates.seconds_to_wait(request, None):
        return bare_failure(house, too_often(wait))
    shown = house.templates.get_template("no_page.html").render(**base_facts(house), visit=None, notice="")
    return HTMLResponse(shown, 404)
