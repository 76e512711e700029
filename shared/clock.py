"""What day it is for the authority: deadlines, offers and replies are counted from it.

A demonstration lives on a day of its own (INBOROUGH_TODAY); everybody else on the real one. Instants that are written
down (when a decision was recorded, say) are always real: see `shared.days.now_utc`.
"""

from __future__ import annotations

import os
from datetime import date, datetime
from zoneinfo import ZoneInfo

VARIABLE = "INBOROUGH_TODAY"
ENGLAND = ZoneInfo("Europe/London")


def today() -> date:
    """Today in England, or the day that INBOROUGH_TODAY names. Raises ValueError when that is not a day."""
    told = os.environ.get(VARIABLE, "")
    try:
        return date.fromisoformat(told) if told else datetime.now(ENGLAND).date()
    except ValueError:
        raise ValueError(f"{VARIABLE} is not a day; write 2024-02-01, or leave it out") from None
