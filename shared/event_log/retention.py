"""Forgetting answered requests after a while, by a thread of each service: not every service has an events process."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Self

from sqlalchemy import Engine

from shared import logs
from shared.event_log.requests import purge

BETWEEN_SECONDS = 3600.0


class Forgetting:
    """Forgets requests of these databases that were answered more than `keep_days` ago, now and every hour."""

    def __init__(self, engines: Sequence[Engine], keep_days: int, between_seconds: float = BETWEEN_SECONDS) -> None:
        self._engines, self._keep_days, self._between_seconds = engines, keep_days, between_seconds
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="forgetting", daemon=True)

    def start(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def close(self, seconds: float = 2) -> None:
        """Finish what is in hand and stop."""
        self._ending.set()
        self._thread.join(seconds)

    def _go_on(self) -> None:
        while True:
            for engine in self._engines:
                self._forget(engine)
            if self._ending.wait(self._between_seconds):
                return

    def _forget(self, engine: Engine) -> None:
        try:
            if forgotten := purge(engine, self._keep_days):
                logs.log("requests_forgotten", rows=forgotten)
        except Exception as error:  # the database may be away for a while: an hour later will do as well
            logs.log("requests_not_forgotten", "warning", error_type=type(error).__name__)
