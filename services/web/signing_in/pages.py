"""The pages of signing in and out; the only ones that are open to somebody who is not signed in."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.web.serving import COOKIE, KEPT, is_ours, read_form
from services.web.signing_in.demo import USERS, comes_from_this_machine, find_user
from services.web.signing_in.oidc import Issuer, SignedIn
from services.web.storage.repository import Session
from services.web.visit import House, base_facts
from shared import logs
from shared.errors import InboroughError, NotAllowed

NEXT = "next"


async def sign_in(request: Request) -> Response:
    """The page to sign in on."""
    house: House = request.app.state.house
    found = await house.store.find_session(request.cookies.get(COOKIE, ""))
    wanted = our_path(request.query_params.get(NEXT, ""))
    if found is not None and found.signed_in:
        return RedirectResponse(wanted, 303)
    notice = KEPT if request.query_params.get("kept") else ""
    if found is not None and found.live:
        session = await house.store.keep_state(found, {NEXT: wanted})
    else:
        session = await house.store.begin_session(state={NEXT: wanted})
    return _with_cookie(_shown(house, request, session, notice=notice), house, session)


async def choose_demo_user(request: Request) -> Response:
    """Sign in as a demo user. Refused where sign-in is by OpenID Connect, or from another machine."""
    house: House = request.app.state.house
    sent = await read_form(request)
    session = await house.store.find_session(request.cookies.get(COOKIE, ""))
    if not house.settings.demo_sign_in or not comes_from_this_machine(request):
        logs.log("sign_in_refused", "warning", reason="not_this_machine")
        return _refused(house, "Demo users are for the machine itself.")
    if session is None or not session.live or not is_ours(sent, session):
        return RedirectResponse(str(request.app.url_path_for("sign_in")), 303)
    user = find_user("".join(sent.get("role", [""])))
    if user is None:
        return _shown(house, request, session, wrong="Choose one of the users", status=422)
    return await _begin(house, session, SignedIn(user.user_id, user.name, (user.role,)))


async def to_issuer(request: Request) -> Response:
    """To the council's own sign-in."""
    house: House = request.app.state.house
    session = await house.store.find_session(request.cookies.get(COOKIE, ""))
    issuer: Issuer | None = request.app.state.issuer
    if issuer is None or session is None or not session.live:
        return RedirectResponse(str(request.app.url_path_for("sign_in")), 303)
    request.scope["session"] = state = dict(session.state)
    back = f"{house.settings.url}{request.app.url_path_for('signed_in')}"
    try:
        answer = await issuer.begin(request, back)
    except Exception as error:  # whatever the network or the issuer answered
        logs.log("sign_in_refused", "warning", reason=type(error).__name__)
        return _shown(
            house, request, session, wrong="The council's sign-in does not answer. Try again soon.", status=503
        )
    await house.store.keep_state(session, state)
    return answer


async def from_issuer(request: Request) -> Response:
    """Back from the council's own sign-in."""
    house: House = request.app.state.house
    session = await house.store.find_session(request.cookies.get(COOKIE, ""))
    issuer: Issuer | None = request.app.state.issuer
    if issuer is None or session is None or not session.live:
        return RedirectResponse(str(request.app.url_path_for("sign_in")), 303)
    request.scope["session"] = dict(session.state)
    try:
        found = await issuer.finish(request)
    except InboroughError as error:
        logs.log("sign_in_refused", "warning", reason=error.facts.get("reason", ""))
        status = 403 if isinstance(error, NotAllowed) else 401
        advice = f" Ask {house.settings.contact} for one." if status == 403 else ""
        return _shown(house, request, session, wrong=f"{error.message}{advice}", status=status)
    return await _begin(house, session, found)


async def sign_out(request: Request) -> Response:
    """End the session."""
    house: House = request.app.state.house
    sent = await read_form(request)
    session = await house.store.find_session(request.cookies.get(COOKIE, ""))
    if session is not None and is_ours(sent, session):
        await house.store.end_session(session)
    return RedirectResponse(str(request.app.url_path_for("sign_in")), 303)


def our_path(wanted: str) -> str:
    """A page of ours to go on to: never another site's address."""
    sound = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if sound and not wanted.startswith("/sign-") else "/"


async def _begin(house: House, before: Session, who: SignedIn) -> Response:
    """A new session, under another cookie than the one before sign-in."""
    await house.store.end_session(before)
    session = await house.store.begin_session(who.user_id, who.name, who.roles)
    logs.log("signed_in", user_id=who.user_id)
    return _with_cookie(RedirectResponse(our_path(str(before.state.get(NEXT, ""))), 303), house, session)


def _with_cookie(answer: Response, house: House, session: Session) -> Response:
    answer.set_cookie(COOKIE, session.cookie, httponly=True, samesite="lax", secure=house.settings.https, path="/")
    return answer


def _shown(
    house: House, request: Request, session: Session, notice: str = "", wrong: str = "", status: int = 200
) -> Response:
    facts = {
        "visit": None,
        "notice": notice,
        "wrong": wrong,
        "form_token": session.form_token,
        "users": USERS if house.settings.demo_sign_in else (),
        "issuer_url": request.app.url_path_for("to_issuer"),
    }
    return HTMLResponse(house.templates.get_template("sign_in.html").render(**base_facts(house), **facts), status)


def _refused(house: House, why: str) -> Response:
    facts = {"visit": None, "notice": "", "wrong": why, "form_token": "", "users": (), "issuer_url": ""}
    return HTMLResponse(house.templates.get_template("sign_in.html").render(**base_facts(house), **facts), 403)
