"""What a gRPC server lets one person ask of it. Services are let through: whom they act for was counted before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from shared.errors import TooMuch
from shared.identity import Identity
from shared.limits.at_once import AtOnce
from shared.limits.rates import Rate
from shared.settings import ServiceSettings

KEPT_FREE = 2
"""Threads that costly calls of all people together leave to others."""
SOON = 2
"""Seconds after which to try again when others' calls are in the way: nobody knows when they end."""


class CallLimits:
    """The rates and numbers at once of one server, by person."""

    def __init__(self, settings: ServiceSettings) -> None:
        free = max(1, settings.threads - KEPT_FREE)
        self._rate, self._costly_rate = Rate(settings.calls_a_minute), Rate(settings.costly_calls_a_minute)
        self._at_once = AtOnce(min(settings.calls_at_once, free))
        self._costly_at_once = AtOnce(min(settings.costly_calls_at_once, free), free)

    @contextmanager
    def counting(self, caller: Identity, method: str, costly: bool) -> Iterator[None]:
        """One call, counted for its person while it runs. Raises TooMuch with `retry_in_seconds`."""
        if caller.is_service:
            yield
            return
        self._count(self._rate, caller, method)
        if costly:
            self._count(self._costly_rate, caller, method)
        with ExitStack() as running:
            for at_once in (self._at_once, *((self._costly_at_once,) if costly else ())):
                if not running.enter_context(at_once.one_more(caller.subject)):
                    raise _under_way(method, costly)
            yield

    def _count(self, rate: Rate, caller: Identity, method: str) -> None:
        wait = rate.seconds_to_wait(caller.subject)
        if wait:
            raise TooMuch(
                f"{method} was asked for too often: {rate.a_minute:,} such calls a minute are answered to one person. "
                f"Try again in {wait} seconds.",
                reason="rate",
                retry_in_seconds=str(wait),
            )


def _under_way(method: str, costly: bool) -> TooMuch:
    kind = "long calls" if costly else "calls"
    return TooMuch(
        f"{method} was not begun: as many {kind} as may run at once are running. Wait until one has ended, or stop it.",
        reason="at_once",
        retry_in_seconds=str(SOON),
    )
