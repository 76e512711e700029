"""Days and instants as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from shared.clock import ENGLAND
from shared.days import in_words


def when(instant: datetime) -> str:
    """ "1 February 2024 at 9:30am", by the clock in England."""
    at = instant.astimezone(ENGLAND)
    clock = f"{at:%I:%M%p}".lstrip("0").casefold()
    return f"{in_words(at.date())} at {clock}"


def roles(held: Iterable[str]) -> str:
    """ "panel chair, caseworker"."""
    return ", ".join(role.replace("_", " ") for role in held)
