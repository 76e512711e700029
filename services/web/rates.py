"""How often pages are asked for: by person, and by address where nobody is signed in."""

from __future__ import annotations

from starlette.requests import Request

from services.web.settings import Settings
from services.web.storage.repository import Session
from shared import logs
from shared.limits.rates import Rate


class PageRates:
    """The rates of one process."""

    def __init__(self, settings: Settings) -> None:
        self._people, self._addresses = Rate(settings.pages_a_minute), Rate(settings.sign_ins_a_minute)

    def seconds_to_wait(self, request: Request, session: Session | None) -> int:
        """0 for a request that may be answered, which is then counted; else whole seconds after which to try again."""
        if session is not None and session.signed_in:
            wait = self._people.seconds_to_wait(session.user_id)
        else:
            wait = self._addresses.seconds_to_wait(request.client.host if request.client else "")
        if wait:
            logs.log("page_refused", "warning", reason="rate")
        return wait
