"""Around every answer: headers that tell browsers what a page may do, a request id, a span, a count, a log line."""

from __future__ import annotations

import time

from prometheus_client import Counter, Histogram
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import logs, tracing
from shared.metrics import SECONDS
from shared.references import new_request_id, reference

handled = Counter("http_requests_total", "Pages answered.", ["route", "method", "status"])
seconds = Histogram("http_request_seconds", "Time that a page took.", ["route", "method"], buckets=SECONDS)
STATIC_PATH = "/static/"
NOT_TRACED = (STATIC_PATH, "/health")
NOT_USED = ("camera", "microphone", "geolocation", "payment", "usb", "serial", "display-capture")
A_YEAR = "public, max-age=31536000, immutable"


def policy_headers(script_hash: str, https: bool) -> dict[str, str]:
    """Nothing from elsewhere, no script but ours, in nobody's frame; a page with a child's record is never stored."""
    policy = (
        f"default-src 'none'; script-src 'self' '{script_hash}'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "object-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    found = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{name}=()" for name in NOT_USED),
        "X-Permitted-Cross-Domain-Policies": "none",
        "Cache-Control": "no-store",
    }
    return found | ({"Strict-Transport-Security": "max-age=31536000; includeSubDomains"} if https else {})


class Around:
    """Pure ASGI, so that nothing is copied and contexts stay one."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self._app, self._headers = app, headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began, answered = 500, time.perf_counter(), False
        static = scope["path"].startswith(STATIC_PATH)

        async def send_with_headers(message: Message) -> None:
            nonlocal status, answered
            if message["type"] == "http.response.start":
                status, answered = message["status"], True
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                if static and status < 400:
                    headers["Cache-Control"] = A_YEAR
            await send(message)

        with logs.in_request(new_request_id("page")), _span(scope) as span:
            try:
                await self._app(scope, receive, send_with_headers)
            except Exception as error:
                if answered:
                    raise
                await _last_resort(error)(scope, receive, send_with_headers)
            finally:
                took = time.perf_counter() - began
                route = _route(scope)
                handled.labels(route, _method(scope), str(status)).inc()
                seconds.labels(route, _method(scope)).observe(took)
                if not static:
                    logs.log("page_served", route=route, status=status, seconds=round(took, 6))
                span.rename(f"{_method(scope)} {route}")
                span.say(http_route=route, http_status=status)


def _last_resort(error: Exception) -> PlainTextResponse:
    """What is said when not even the page of an error could be made, as without a database."""
    kind, places = type(error).__name__, logs.places(error)
    logs.log("page_failed", "error", reference=reference(), error_type=kind, location=places)
    return PlainTextResponse(f"Sorry, something went wrong. Try again soon. Quote reference {reference()}.\n", 500)


def _span(scope: Scope) -> tracing.Span:
    """The first span of a trace: what a browser or a proxy says of one is not taken, since anybody could."""
    if not tracing.is_on() or scope["path"].startswith(NOT_TRACED):
        return tracing.NOTHING
    return tracing.span(_method(scope), tracing.Kind.SERVER, http_method=_method(scope))


def _method(scope: Scope) -> str:
    """An HTTP method by its name, and any that is made up as one and the same."""
    return scope["method"] if scope["method"] in ("GET", "HEAD", "POST") else "_OTHER"


def _route(scope: Scope) -> str:
    """The path with names in place of ids, so that counts are few and say nothing of anybody."""
    route = scope.get("route")
    return str(getattr(route, "path", "none"))
