"""The pages put together: settings, database, calls, templates, routes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from services.web.calls import Services
from services.web.erased import forget_erased
from services.web.in_time import InTime
from services.web.middleware import Around, policy_headers
from services.web.outline.kept import Outline
from services.web.pages.table import PAGES
from services.web.rates import PageRates
from services.web.serving import database_failed, endpoint_of, no_such_page
from services.web.settings import Settings
from services.web.signing_in import pages as signing_in
from services.web.signing_in.oidc import Issuer
from services.web.storage.opening import store_of
from services.web.storage.repository import Store
from services.web.templating import BUILT, environment, inline_script_hash
from services.web.visit import House
from shared.database import migrate, open_database
from shared.identity.set_up import SetUpWrong

MIGRATIONS = Path(__file__).parent / "storage" / "migrations"
FORGET_EVERY_SECONDS, FORGET_FIRST_SECONDS = 3600.0, 60.0


def build(settings: Settings) -> Starlette:
    """The application, with its database brought up to date.

    Raises SetUpWrong when demo users could be reached from another machine, or set-up did not make the style.
    """
    if settings.demo_sign_in and not settings.serves_this_machine_alone:
        raise SetUpWrong(
            f"Pages on {settings.host} could be reached from other machines, and demo users prove nothing. "
            "Set INBOROUGH_WEB_OIDC_ISSUER and what goes with it, or listen on 127.0.0.1."
        )
    if not (BUILT / ".built").exists():
        raise SetUpWrong("The pages' style is not there. Run `make setup`.")
    engine = open_database(settings.database("web"))
    if settings.migrate:
        migrate(engine, MIGRATIONS)
    headers = policy_headers(inline_script_hash(), settings.https)
    app = Starlette(
        routes=_routes(),
        middleware=[
            Middleware(Around, headers=headers),
            Middleware(InTime, seconds=settings.body_seconds),
            Middleware(TrustedHostMiddleware, allowed_hosts=settings.hosts, www_redirect=False),
        ],
        exception_handlers={
            404: no_such_page,
            405: no_such_page,
            DBAPIError: database_failed,
            NoConnectionFree: database_failed,
        },
        lifespan=_lifespan(settings, engine),
    )
    app.state.issuer = None if settings.demo_sign_in else Issuer(settings)
    return app


def _routes() -> list[Route | Mount]:
    ours = [Route(page.path, endpoint_of(page), methods=page.methods, name=page.name) for page in PAGES]
    return [
        *ours,
        Route("/sign-in", signing_in.sign_in, name="sign_in"),
        Route("/sign-in/demo", signing_in.choose_demo_user, methods=["POST"], name="choose_demo_user"),
        Route("/sign-in/council", signing_in.to_issuer, name="to_issuer"),
        Route("/sign-in/back", signing_in.from_issuer, name="signed_in"),
        Route("/sign-out", signing_in.sign_out, methods=["POST"], name="sign_out"),
        Route("/health", _health, name="health"),
        Mount("/static", StaticFiles(directory=BUILT), name="static"),
    ]


def _lifespan(settings: Settings, engine: Engine) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    store = store_of(settings, engine)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        services = Services(settings)
        outline = Outline(settings.var.resolve() / "outlines", settings.authority)
        app.state.house = house = House(settings, store, services, environment(), outline, PageRates(settings))
        forgetting = asyncio.create_task(_forget_now_and_then(store, services))
        try:
            yield
        finally:
            forgetting.cancel()
            with suppress(asyncio.CancelledError):
                await forgetting
            await house.outline.close()
            await house.tasks.close()
            await services.close()
            engine.dispose()

    return lifespan


async def _forget_now_and_then(store: Store, services: Services) -> None:
    """Old ones at once; of erased cases a minute later, when the services are up too."""
    await run_in_threadpool(store.forget_old)
    await asyncio.sleep(FORGET_FIRST_SECONDS)
    while True:
        await forget_erased(services, store)
        await run_in_threadpool(store.forget_old)
        await asyncio.sleep(FORGET_EVERY_SECONDS)


async def _health(request: Request) -> Response:
    """Whether pages can be served: their own database answers. What the services say is theirs to say."""
    house: House = request.app.state.house
    await run_in_threadpool(house.store.answers)
    return PlainTextResponse("serving\n")
