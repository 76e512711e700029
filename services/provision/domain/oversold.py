"""Whether more places are promised than there are: the promise that every offer is made under, checked anew.

`room` lets no offer break it. Should it be broken all the same, by a defect or because an import took places away after
they were offered, a family has an offer of a place that is not there, and somebody must act today.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.provision.domain.held import Held, together
from services.provision.domain.offers import Offer, Wish
from services.provision.domain.room import Cap, caps_of, days_to_check
from services.provision.domain.timeline import Site


@dataclass(frozen=True)
class Oversold:
    """Places promised beyond what is counted together under `cap_id`, on the worst day."""

    cap_id: str
    places: int


def list_oversold(site: Site, today: date) -> list[Oversold]:
    """Every pool and group with live offers, none named over number, that cannot all have a place; ordered by id.

    Children who were there before, by the return, make nothing oversold alone; nor does a place named over number. Of
    each offer the days are checked that were checked when it was made, as far as they are not past.
    """
    promised = _promised(site, today)
    worst = (_worst(site, cap, offers, today) for cap, offers in promised.values())
    return sorted((found for found in worst if found.places), key=lambda found: found.cap_id)


def _promised(site: Site, today: date) -> Mapping[str, tuple[Cap, list[Offer]]]:
    """By the id of what is counted together: that, and the offers that promise a place of it."""
    pools = {pool.pool_id: pool for pool in site.pools}
    found: dict[str, tuple[Cap, list[Offer]]] = {}
    for offer in site.offers:
        if offer.is_live and not offer.over_number and not (offer.last_day and offer.last_day < today):
            for cap in caps_of(pools[offer.pool_id], site.pools):
                found.setdefault(cap.cap_id, (cap, []))[1].append(offer)
    return found


def _worst(site: Site, cap: Cap, promised: Sequence[Offer], today: date) -> Oversold:
    days = {
        day
        for offer in promised
        for day in days_to_check(_still_wished(offer, today), (cap,), site.offers, site.placements)
    }
    return Oversold(cap.cap_id, max(_beyond(cap, promised, site.held(day), day) for day in days))


def _still_wished(offer: Offer, today: date) -> Wish:
    first_day = max(offer.first_day, today)
    return Wish(offer.case_id, offer.pool_id, offer.decision_id, first_day, offer.last_day, offer.expires_on)


def _beyond(cap: Cap, promised: Sequence[Offer], held: Mapping[str, Held], day: date) -> int:
    """How many of the promised places are not there on a day."""
    places = cap.places_on(day)
    if places is None:
        return 0
    of_all = together(held, (pool.pool_id for pool in cap.pools))
    return max(0, min(len(of_all.everybody) - of_all.over_number - places, _standing(promised, of_all.everybody, day)))


def _standing(promised: Sequence[Offer], holders: Collection[str], day: date) -> int:
    return sum(offer.covers(day) and offer.case_id in holders for offer in promised)
