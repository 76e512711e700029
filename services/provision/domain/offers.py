"""An offer's life: a place held for a case, offered, then confirmed when it is named in the plan, or given back.

offered -> confirmed            the place is named in section I
offered -> expired              its last day passed before that
offered, confirmed -> released  it was given back, for a stated reason
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

OFFERED, CONFIRMED, RELEASED, EXPIRED = STATES = ("offered", "confirmed", "released", "expired")
HOLDING = frozenset({OFFERED, CONFIRMED})
"""States in which a place is held."""
RELEASE_REASONS = ("withdrawn", "declined", "left", "mistaken")
LONGEST_OFFER_DAYS = 180
"""How far from today an offer's last day may lie."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What an offer is asked for: a place in a pool from `first_day`, to `last_day` where one is known.

    `over_number`: hold it even beyond the places commissioned, knowingly. `gives_up_place`: the phase transfer gives up
    the place that the case has now. `expires_on`: the last day that the offer stands.
    """

    case_id: str
    pool_id: str
    decision_id: str
    first_day: date
    last_day: date | None
    expires_on: date
    over_number: bool = False
    gives_up_place: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A place held for a case, or once held.

    `over_number` is true only when there was no place free. `place_number` is the lowest that was free, from 1, among
    those counted together (`cap_id`: the pool's group, else the pool). `version` counts its changes. `handed_over` is
    None until caseload has the placement on record, where it is counted from then on; later ones have higher numbers.
    """

    offer_id: str
    case_id: str
    pool_id: str
    decision_id: str
    first_day: date
    last_day: date | None
    expires_on: date
    state: str
    over_number: bool
    gives_up_place: bool
    cap_id: str
    place_number: int
    offered_at: datetime
    changed_at: datetime
    reason_code: str = ""
    version: int = 1
    handed_over: int | None = None

    @property
    def etag(self) -> str:
        """Changes with every change of the offer."""
        return f"etag_{self.version}"

    @property
    def is_live(self) -> bool:
        """Whether it holds a place that nothing else on record holds."""
        return self.state in HOLDING and self.handed_over is None

    def covers(self, day: date) -> bool:
        """Whether a day is in its period."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def is_overdue(self, today: date) -> bool:
        """Whether it stood until a day that has passed, and nobody confirmed it."""
        return self.state == OFFERED and self.expires_on < today


@dataclass(frozen=True)
class Filter:
    """Which offers to list: of a pool, of a case, in some states, expiring by a day; what is empty does not count."""

    pool_id: str = ""
    case_id: str = ""
    states: Collection[str] = ()
    expiring_by: date | None = None


def changed(offer: Offer, now: datetime, *, state: str = "", expires_on: date | None = None, reason: str = "") -> Offer:
    """The offer after a change at an instant; what is not given stays."""
    return replace(
        offer,
        state=state or offer.state,
        expires_on=expires_on or offer.expires_on,
        reason_code=reason or offer.reason_code,
        version=offer.version + 1,
        changed_at=now,
    )


def usual_last_day(today: date, offer_days: int) -> date:
    """The last day of an offer that stands for the authority's usual number of days from today."""
    return today + timedelta(days=offer_days)


def latest_last_day(today: date) -> date:
    """The latest day until which an offer may stand."""
    return today + timedelta(days=LONGEST_OFFER_DAYS)


def lowest_free(taken: Iterable[int]) -> int:
    """The lowest number from 1 that is not taken."""
    numbers = set(taken)
    return next(number for number in range(1, len(numbers) + 2) if number not in numbers)
