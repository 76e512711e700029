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

    `offers` are the live ones; beside them those over number that caseload counts, which stay marked so.
    """
    begun = [offer for offer in offers if offer.first_day <= day]
    live = [offer for offer in begun if offer.is_live]
    elsewhere = {offer.case_id for offer in live if offer.state == CONFIRMED or offer.gives_up_place}
    standing = [offer for offer in live if offer.covers(day)]
    seats = [(pool_id, case_id) for pool_id, cases in seating.held.items() for case_id in cases]
    staying = [seat for seat in seats if seat[1] not in elsewhere]
    filled = _by_pool([*staying, *((offer.pool_id, offer.case_id) for offer in standing if offer.state == CONFIRMED)])
    offered = _by_pool((offer.pool_id, offer.case_id) for offer in standing if offer.state != CONFIRMED)
    strays = [stray for stray in seating.strays if stray[0] not in elsewhere]
    for case_id, pool_id in seat_strays(strays, _count(filled, offered), day):
        filled[pool_id].add(case_id)
    over = [offer.pool_id for offer in begun if offer.over_number and _is_there(offer, filled, offered)]
    gone = Counter(pool_id for pool_id, case_id in seats if case_id in elsewhere)
    return {
        pool_id: Held(
            frozenset(filled[pool_id]),
            frozenset(offered[pool_id] - filled[pool_id]),
            over.count(pool_id),
            gone[pool_id],
        )
        for pool_id in {*filled, *offered, *gone}
    }


_ByPool = defaultdict[str, set[str]]


def _by_pool(places: Iterable[tuple[str, str]]) -> _ByPool:
    """Case ids by pool id, of pairs of pool id and case id."""
    found: _ByPool = defaultdict(set)
    for pool_id, case_id in places:
        found[pool_id].add(case_id)
    return found


def _count(filled: _ByPool, offered: _ByPool) -> dict[str, int]:
    return {pool_id: len(filled[pool_id] | offered[pool_id]) for pool_id in [*filled, *offered]}


def _is_there(offer: Offer, filled: _ByPool, offered: _ByPool) -> bool:
    return offer.case_id in filled[offer.pool_id] or offer.case_id in offered[offer.pool_id]


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
