"""Who holds the places on a day: placements that caseload has, and our own offers, each case counted once.

A case keeps its present place until another is confirmed: an offer alone holds a second one (decision record 4), except
where a phase transfer gives the present one up. From the first day of a confirmed place the case counts there only.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from services.provision.domain.occupancy import Seating, seat_strays
from services.provision.domain.offers import CONFIRMED, Offer

NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Held:
    """Case ids of those in places of a pool on a day, and of those whom places are offered to; nobody is in both.

    `over_number` is how many of them were named beyond the number. `gone` is how many seats of the placements are not
    counted, because the case will be elsewhere by then.
    """

    filled: frozenset[str] = NOBODY
    offered: frozenset[str] = NOBODY
    over_number: int = 0
    gone: int = 0

    @property
    def everybody(self) -> frozenset[str]:
        """All who hold a place."""
        return self.filled | self.offered


def held_on(day: date, seating: Seating, offers: Iterable[Offer]) -> Mapping[str, Held]:
    """By pool id, who holds a place on a day. `seating` has the placements' seats on that day; see `find_seats`.

    `offers` are those that count: live ones, and any that was handed over to caseload since the placements were read.
    """
    begun = [offer for offer in offers if offer.first_day <= day]
    elsewhere = {offer.case_id for offer in begun if offer.state == CONFIRMED or offer.gives_up_place}
    filled: dict[str, set[str]] = defaultdict(set)
    for pool_id, cases in seating.held.items():
        filled[pool_id] = set(cases) - elsewhere
    offered: dict[str, set[str]] = defaultdict(set)
    over: Counter[str] = Counter()
    for offer in (offer for offer in begun if offer.covers(day)):
        (filled if offer.state == CONFIRMED else offered)[offer.pool_id].add(offer.case_id)
        over[offer.pool_id] += offer.over_number
    strays = [stray for stray in seating.strays if stray[0] not in elsewhere]
    taken = {pool_id: len(filled[pool_id] | offered[pool_id]) for pool_id in [*filled, *offered]}
    for case_id, pool_id in seat_strays(strays, taken, day):
        filled[pool_id].add(case_id)
    gone = {pool_id: sum(case_id in elsewhere for case_id in cases) for pool_id, cases in seating.held.items()}
    return {
        pool_id: Held(
            frozenset(filled[pool_id]),
            frozenset(offered[pool_id] - filled[pool_id]),
            over[pool_id],
            gone.get(pool_id, 0),
        )
        for pool_id in {*filled, *offered}
    }


def together(held: Mapping[str, Held], pool_ids: Iterable[str]) -> Held:
    """Who holds the places of several pools counted together."""
    of_each = [held[pool_id] for pool_id in pool_ids if pool_id in held]
    filled = NOBODY.union(*(each.filled for each in of_each))
    return Held(
        filled,
        NOBODY.union(*(each.offered for each in of_each)) - filled,
        sum(each.over_number for each in of_each),
        sum(each.gone for each in of_each),
    )
