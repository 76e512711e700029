"""From a request to its page: who asks, whether they may, what became of it. The only way to a page."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.web.access import may_act, may_see
from services.web.calls import calling_as
from services.web.failures import Failure, failure_of
from services.web.forms import TOKEN
from services.web.storage.repository import Session
from services.web.visit import House, Visit, base_facts
from shared import logs
from shared.errors import InboroughError, NotAllowed, TooMuch
from shared.imports.bounds import Bounds
from shared.imports.report import SourceFile
from shared.references import reference

Handler = Callable[[Visit], Awaitable[Response]]
COOKIE = "inborough_session"
MOST_FIELDS = 400
FORM_BYTES = 1024 * 1024
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
        house: House = request.app.state.house
        session = await house.store.find_session(request.cookies.get(COOKIE, ""))
        takes_files = bool(page.most_files)
        sent = await read_form(request) if request.method == "POST" and not takes_files else {}
        if session is None or not session.signed_in:
            return await _to_sign_in(request, house, session, sent)
        visit = Visit(request, house, session, page.name, sent)
        try:
            if request.method == "POST" and takes_files:
                visit.sent, visit.files = await read_form_with_files(request, page.most_files)
            return await _answer(page, visit)
        except InboroughError as error:
            return await _show_failure(visit, failure_of(error, house.settings.contact))
        except Exception as error:
            return await _show_failure(visit, _our_fault(error, house.settings.contact))

    return endpoint


async def read_form(request: Request) -> Mapping[str, list[str]]:
    """What a form sent, by field name. Files are not taken here."""
    form: FormData = await request.form(max_files=0, max_fields=MOST_FIELDS)
    found: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        found.setdefault(name, []).append(str(value))
    return found


async def read_form_with_files(
    request: Request, most: int
) -> tuple[Mapping[str, list[str]], Mapping[str, list[SourceFile]]]:
    """What a form sent, and its files, both by field. Raises TooMuch before it reads more than an import may be."""
    length = request.headers.get("content-length", "")
    bounds = Bounds()
    if not length.isdigit() or int(length) > bounds.content + FORM_BYTES:
        raise TooMuch(f"The files of one form may hold {bounds.mib} MiB together. Split them and send each part.")
    form: FormData = await request.form(max_files=most, max_fields=MOST_FIELDS)
    sent: dict[str, list[str]] = {}
    files: dict[str, list[SourceFile]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            sent.setdefault(name, []).append(value)
        elif value.filename:
            files.setdefault(name, []).append(SourceFile(base_name(value.filename), await value.read()))
    await form.close()
    return sent, files


def base_name(name: str) -> str:
    """A file's name without the folders that some browsers send with it."""
    return name.replace("\\", "/").rsplit("/", 1)[-1]


async def _answer(page: Page, visit: Visit) -> Response:
    handler, may = (page.act, may_act) if visit.request.method == "POST" else (page.show, may_see)
    if handler is None or not may(page.name, visit.session.roles):
        raise NotAllowed(f"{page.name} is for other roles.", reason="role")
    if visit.request.method == "POST" and not is_ours(visit.sent, visit.session):
        return await _offer_again(visit)
    with calling_as(visit.services.vouch_for(visit.session.user_id, visit.session.roles)):
        return await handler(visit)


def is_ours(sent: Mapping[str, list[str]], session: Session) -> bool:
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


async def _to_sign_in(
    request: Request, house: House, session: Session | None, sent: Mapping[str, list[str]]
) -> Response:
    """To sign in first, and back here after. What a form of an ended session sent is kept for its user alone."""
    kept = bool(sent and session and session.user_id and is_ours(sent, session))
    if kept and session:
        await house.store.keep_draft(session.user_id, request.url.path, sent)
    query = f"?{request.url.query}" if request.url.query and not sent else ""
    asked = {"next": f"{request.url.path}{query}", "kept": "yes" if kept else ""}
    wanted = urlencode({name: value for name, value in asked.items() if value})
    return RedirectResponse(f"{request.app.url_path_for('sign_in')}?{wanted}", 303)


async def _show_failure(visit: Visit, failure: Failure) -> Response:
    """What a form sent is kept, and its page offers it again."""
    kept = bool(visit.sent) and visit.request.method == "POST" and failure.status >= 409
    if kept:
        await visit.house.store.keep_draft(visit.session.user_id, visit.path, visit.sent)
    return await visit.show("failure.html", failure.status, failure=failure, kept_at=visit.path if kept else "")


def _our_fault(error: Exception, contact: str) -> Failure:
    """Withhold the text, which may be personal; log where it happened under a reference."""
    kind, places = type(error).__name__, logs.places(error)
    logs.log("page_failed", "error", reference=reference(), error_type=kind, location=places)
    again = f"Try again; if it goes on, tell {contact}."
    return Failure(500, "Sorry, something went wrong", "The pages have a fault.", again)


async def no_such_page(request: Request, _: Exception) -> Response:
    """A page for an address that is none of ours, whoever asks."""
    house: House = request.app.state.house
    shown = house.templates.get_template("no_page.html").render(**base_facts(house), visit=None, notice="")
    return HTMLResponse(shown, 404)
