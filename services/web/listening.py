"""How the pages' server listens: what it takes of a request, for how long it waits for one, and whom it believes."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from services.web.settings import Settings

HEAD_BYTES = 16 * 1024
STOP_SECONDS = 5


class Prompt(H11Protocol):
    """HTTP/1.1 that hangs up when the head of a request has not come whole in time.

    uvicorn itself waits for ever for a head that has begun, and on a connection that never sends anything.
    """

    def __init__(self, *details: Any, head_seconds: float, **named: Any) -> None:
        super().__init__(*details, **named)
        self._head_seconds = head_seconds
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        if self._late is None and self.conn.their_state is h11.IDLE:
            self._expect_head()
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop_expecting()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_expecting()
        super().connection_lost(exc)

    def _expect_head(self) -> None:
        self._late = self.loop.call_later(self._head_seconds, self._hang_up)

    def _stop_expecting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _hang_up(self) -> None:
        self._late = None
        self.transport.close()


def server_options(settings: Settings) -> dict[str, Any]:
    """The arguments of uvicorn. Nobody's word on where a request comes from is taken but that of named proxies."""
    return {
        "http": partial(Prompt, head_seconds=settings.head_seconds),
        "ws": "none",
        "host": settings.host,
        "port": settings.port,
        "access_log": False,  # addresses of pages have ids of cases
        "log_level": "warning",
        "log_config": None,  # its warnings become lines of our log
        "server_header": False,
        "proxy_headers": bool(settings.proxies),
        "forwarded_allow_ips": settings.proxies or None,
        "limit_concurrency": settings.connections,
        "h11_max_incomplete_event_size": HEAD_BYTES,
        "timeout_keep_alive": settings.keep_alive_seconds,
        "timeout_graceful_shutdown": STOP_SECONDS,
    }
