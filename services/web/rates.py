"""How often pages are asked for: by person, and by address where nobody is signed in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import Request

from services.web.settings import Settings
from services.web.storage.repository import Session
from shared import logs
from shared.errors import TooMuch
from shared.limits.at_once import AtOnce
from shared.limits.rates import Rate

UPLOADS_EACH, UPLOADS_TOGETHER, SOON = 1, 2, 10
"""Files are held in memory while they are looked at: one person's at a time, and two people's."""


class PageRates:
    """The rates of one process."""

    def __init__(self, settings: Settings) -> None:
        self._people, self._addresses = Rate(settings.pages_a_minute), Rate(settings.sign_ins_a_minute)
        self._uploads = AtOnce(UPLOADS_EACH, UPLOADS_TOGETHER)

    def seconds_to_wait(self, request: Request, session: Session | None) -> int:
        """0 for a request that may be answered, which is then counted; else whole seconds after which to try again."""
        if session is not None and session.signed_in:
            wait = self._people.seconds_to_wait(session.user_id)
        else:
            wait = self._addresses.seconds_to_wait(request.client.host if request.client else "")
        if wait:
            logs.log("page_refused", "warning", reason="rate")
        return wait

    @contextmanager
    def uploading(self, user_id: str) -> Iterator[None]:
        """Files of a form are read and looked at within. Raises TooMuch while as many are as may be."""
        with self._uploads.one_more(user_id) as begun:
            if not begun:
                raise TooMuch("Other files are being looked at.", reason="at_once", retry_in_seconds=str(SOON))
            yield
