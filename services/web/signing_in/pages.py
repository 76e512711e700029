"""The pages of signing in and out; the only ones that are open to somebody who is not signed in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.web.failures import failure_of, too_often
from services.web.sent import read_form
from services.web.serving import KEPT, bare_failure, cookie_name, house_of, is_ours, session_of
from services.web.signing_in.demo import USERS, comes_from_this_machine, find_user
from services.web.signing_in.oidc import Issuer, SignedIn
from services.web.storage.repository import Session
from services.web.visit import House, base_facts
from shared import logs
from shared.errors import InboroughError, NotAllowed, TooMuch

NEXT = "next"
UNDER_WAY, ANOTHER_WAS_BEGUN = "_state_", "MismatchingStateError"
"""How Authlib calls what it remembers of a sign-in that was begun, and that it does not remember this one."""


Handler = Callable[[Request, House, Session | None], Awaitable[Response]]


def guarded(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """A page that is open to all, for as often as one address, or somebody signed in, may ask."""

    async def endpoint(request: Request) -> Response:
        house, session = house_of(request), await session_of(request)
        if wait := house.rates.seconds_to_wait(request, session):
            return bare_failure(house, too_often(wait))
        try:
            return await handler(request, house, session)
        except TooMuch as error:
            return bare_failure(house, failure_of(error, house.settings.contact))

    return endpoint


@guarded
async def sign_in(request: Request, house: House, session: Session | None) -> Response:
    """The page to sign in on."""
    wanted = our_path(request.query_params.get(NEXT, ""))
    if session is not None and session.signed_in:
        return RedirectResponse(wanted, 303)
    notice = KEPT if request.query_params.get("kept") else ""
    if session is not None and session.live:
        session = await house.store.keep_state(session, {NEXT: wanted})
    else:
        session = await house.store.begin_session(state={NEXT: wanted})
    return _with_cookie(_shown(house, request, session, notice=notice), house, session)


@guarded
async def choose_demo_user(request: Request, house: House, session: Session | None) -> Response:
    """Sign in as a demo user. Refused where sign-in is by OpenID Connect, or from another machine."""
    if not house.settings.demo_sign_in or not comes_from_this_machine(request):
        logs.log("sign_in_refused", "warning", reason="not_this_machine")
        return _refused(house, "Demo users are for the machine itself.")
    sent = await read_form(request)
    if session is None or not session.live or not is_ours(sent, session):
        return RedirectResponse(str(request.app.url_path_for("sign_in")), 303)
    user = find_user("".join(sent.get("role", [""])))
    if user is None:
        return _shown(house, request, session, wrong="Choose one of the users", status=422)
    return await _begin(house, session, SignedIn(user.user_id, user.name, (user.role,)))


@guarded
async def to_issuer(request: Request, house: House, session: Session | None) -> Response:
    """To the council's own sign-in; for somebody who is signed in, and due, it is asked without their seeing it."""
    issuer: Issuer | None = request.app.state.issuer
    if issuer is None or session is None or not session.live:
        return RedirectResponse(str(request.app.url_path_for("sign_in")), 303)
    wanted = {NEXT: our_path(request.query_params[NEXT])} if NEXT in request.query_params else {}
    others = {name: value for name, value in session.state.items() if not name.startswith(UNDER_WAY)}
    request.scope["session"] = state = others | wanted  # of several that were begun only the last is remembered
    back = f"{house.settings.url}{request.app.url_path_for('signed_in')}"
    try:
        answer = await issuer.begin(request, back, unseen=session.signed_in)
    except Exception as error:  # whatever the network or the issuer answered
        said = error.facts.get("reason", "") if isinstance(error, InboroughError) else type(error).__name__
        logs.log("sign_in_refused", "warning", reason=said)
        return _shown(
            house, request, session, wrong="The council's sign-in does not answer. Try again soon.", status=503
        )
    await house.store.keep_state(session, state)
    return answer


@guarded
async def from_issuer(request: Request, house: House, session: Session | None) -> Response:
    """Back from the council's own sign-in."""
    issuer: Issuer | None = request.app.state.issuer
    if issuer is None or session is None or not session.live:
        return RedirectResponse(str(request.app.url_path_for("sign_in")), 303)
    request.scope["session"] = dict(session.state)
    try:
        found = await issuer.finish(request)
    except InboroughError as error:
        reason = error.facts.get("reason", "")
        logs.log("sign_in_refused", "warning", reason=reason)
        if session.signed_in and (not session.due or reason == ANOTHER_WAS_BEGUN):  # in another tab, perhaps just now
            return RedirectResponse(our_path(str(session.state.get(NEXT, ""))), 303)
        return await _not_signed_in(request, house, session, error)
    return await _begin(house, session, found)


async def _not_signed_in(request: Request, house: House, session: Session, error: InboroughError) -> Response:
    """Why not. Whoever was signed in is no longer, and with no role left nowhere else either."""
    is_refused = isinstance(error, NotAllowed)
    advice = f" Ask {house.settings.contact} for one." if is_refused else ""
    if session.signed_in:
        await (house.store.end_all(session.user_id) if is_refused else house.store.end_session(session))
        session = await house.store.begin_session(state={NEXT: our_path(str(session.state.get(NEXT, "")))})
    shown = _shown(house, request, session, wrong=f"{error.message}{advice}", status=403 if is_refused else 401)
    return _with_cookie(shown, house, session)


@guarded
async def sign_out(request: Request, house: House, session: Session | None) -> Response:
    """End the session, or every session of this person."""
    sent = await read_form(request)
    answer = RedirectResponse(str(request.app.url_path_for("sign_in")), 303)
    if session is not None and is_ours(sent, session):
        if sent.get("everywhere") and session.signed_in:
            await house.store.end_all(session.user_id)
        else:
            await house.store.end_session(session)
        answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


def our_path(wanted: str) -> str:
    """A page of ours to go on to: never another site's address."""
    sound = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if sound and not wanted.startswith("/sign-") else "/"


async def _begin(house: House, before: Session, who: SignedIn) -> Response:
    """A new session, under another cookie than the one before sign-in."""
    session = await house.store.begin_session(who.user_id, who.name, who.roles, after=before)
    await house.store.end_session(before)
    logs.log("signed_in", user_id=who.user_id)
    return _with_cookie(RedirectResponse(our_path(str(before.state.get(NEXT, ""))), 303), house, session)


def _with_cookie(answer: Response, house: House, session: Session) -> Response:
    answer.set_cookie(
        cookie_name(house.settings),
        session.cookie,
        httponly=True,
        samesite="lax",
        secure=house.settings.https,
        path="/",
    )
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
