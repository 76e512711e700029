"""Whether a place can be held for a case over a period without exceeding the places commissioned on any day of it.

Two numbers may bind: the pool's own and that of its group. It is enough to look at the days on which the places become
fewer or something that is known today begins: the first day, later changes of the number, the first days of other
offers and of placements already named, and the day after a place ends that the child has there already. (On the first
of September children move up by age; most who then change pools have a decision of their own before, so that is counted
when a placement begins there and not years ahead.)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.provision.domain.held import Held, together
from services.provision.domain.occupancy import Placement
from services.provision.domain.offers import Offer, Wish
from services.provision.domain.pools import PlacePool, group_places_on

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cap:
    """Places counted together: those of one pool, or of all pools of a group when `cap_id` is the group's."""

    cap_id: str
    pools: tuple[PlacePool, ...]

    def places_on(self, day: date) -> int | None:
        """Places commissioned on a day and confirmed; None for no fixed number."""
        if len(self.pools) == 1 and self.pools[0].pool_id == self.cap_id:
            return self.pools[0].places_on(day)
        return group_places_on(self.pools, day)


@dataclass(frozen=True, slots=True)
class Shortage:
    """A day on which all places counted together are held. `commissioned` is below what one more would make."""

    day: date
    commissioned: int
    held: int
    cap_id: str


def caps_of(pool: PlacePool, pools: Sequence[PlacePool]) -> tuple[Cap, ...]:
    """The numbers that bind a pool: its own, then its group's. `pools` has every pool of the group."""
    own = Cap(pool.pool_id, (pool,))
    if not pool.group_id:
        return (own,)
    members = sorted((other for other in pools if other.group_id == pool.group_id), key=lambda other: other.pool_id)
    return own, Cap(pool.group_id, tuple(members))


def days_to_check(
    wish: Wish, caps: Sequence[Cap], offers: Iterable[Offer], placements: Collection[Placement]
) -> list[date]:
    """The days of the wished period on which places must be counted, in order."""
    pools = {pool.pool_id: pool for cap in caps for pool in cap.pools}
    numbers = {number.first_day for pool in pools.values() for number in pool.numbers}
    offered = {offer.first_day for offer in offers if offer.pool_id in pools}
    named = {placement.first_day for placement in placements if placement.pool_id in pools and placement.first_day}
    ends = {placement.last_day for placement in placements if placement.case_id == wish.case_id}
    own = {last_day + ONE_DAY for last_day in ends if last_day is not None}
    later = {day for day in numbers | offered | named | own if _is_later(day, wish)}
    return sorted({wish.first_day, *later})


def _is_later(day: date, wish: Wish) -> bool:
    return wish.first_day < day and (wish.last_day is None or day <= wish.last_day)


def find_shortage(
    case_id: str, caps: Sequence[Cap], days: Iterable[date], held: Callable[[date], Mapping[str, Held]]
) -> Shortage | None:
    """The first day on which one more child would be too many, or None.

    A case that holds a place there already takes no more.
    """
    for day in days:
        on_day = held(day)
        for cap in caps:
            places = cap.places_on(day)
            holders = together(on_day, (pool.pool_id for pool in cap.pools)).everybody
            if places is not None and case_id not in holders and len(holders) >= places:
                return Shortage(day, places, len(holders), cap.cap_id)
    return None
