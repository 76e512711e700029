"""The rate card and the runs in force, ready to price, kept in memory for as long as nothing they rest on changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, Engine

from services.cost.carrying.ready import ReadyRuns
from services.cost.domain.pricing import Pricing
from services.cost.storage import repository
from services.cost.transport.fares import Fares, build_fares
from shared.database import reading
from shared.days import in_words
from shared.errors import WrongState

MOST_DAYS_KEPT = 16


@dataclass(frozen=True)
class CardInForce:
    """A card ready to price, the runs that children are added to, and the revision at which they were in force."""

    pricing: Pricing
    fares: Fares
    revision: str
    ready: ReadyRuns | None = None


class Shelf:
    """Cards by first day asked about; `find_ready` finds the runs of a day. Safe to share between threads."""

    def __init__(self, find_ready: Callable[[Connection, date], ReadyRuns | None] = lambda *_: None) -> None:
        self._find_ready = find_ready
        self._lock = threading.Lock()
        self._cards: dict[date, CardInForce] = {}

    def get_card(self, engine: Engine, day: date) -> CardInForce:
        """The card in force on a day. Raises WrongState before the first day of the first card."""
        kept = self._cards.get(day)
        if kept is None or kept.revision != repository.look_up_revision_of_prices(engine):
            with reading(engine) as connection:
                revision = repository.get_revision(connection)
                kept = replace(_load(connection, day, revision), ready=self._find_ready(connection, day))
            with self._lock:
                self._cards = {**dict(list(self._cards.items())[1 - MOST_DAYS_KEPT :]), day: kept}
        return kept


def _load(connection: Connection, day: date, revision: str) -> CardInForce:
    card = repository.find_in_force(connection, day)
    if card is None:
        raise no_card(day)
    return CardInForce(Pricing(card), build_fares(card), revision)


def no_card(day: date) -> WrongState:
    """What to say before the first day of the first card."""
    return WrongState(
        f"No rate card is in force on {in_words(day)}. Import one whose first day is not later: "
        "inborough import rates FILE.",
        first_day=day.isoformat(),
    )
