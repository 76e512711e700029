"""ListPlaces: counts over a period."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Engine

from services.provision.domain.offers import Offer
from services.provision.domain.pools import PlacePool
from services.provision.domain.room import caps_of
from services.provision.domain.timeline import Period, Site, Step
from services.provision.gather import CaseloadReader, Placements
from services.provision.storage import offers as stored_offers
from services.provision.storage import repository
from shared.database import reading
from shared.errors import NotFound


def list_places(engine: Engine, caseload: CaseloadReader, pool_ids: Collection[str], period: Period) -> list[Step]:
    """The places of some pools, by default of all, ordered by pool id and day. Raises NotFound, NeighbourDown."""
    with reading(engine) as connection:
        before = stored_offers.last_hand_over(connection)
    current = caseload.current_placements()
    with reading(engine) as connection:
        pools = repository.list_pools(connection)
        offers = stored_offers.list_counted(connection, before)
    unknown = sorted(set(pool_ids) - {pool.pool_id for pool in pools})
    if unknown:
        raise NotFound("place pool", unknown[0], "See the pools on file with `inborough look pools`.")
    return list(_steps(pools, current, offers, pool_ids, period))


def _site(pools: Sequence[PlacePool], current: Placements, offers: Sequence[Offer]) -> Site:
    """The pools with the placements at their settings, and the offers of these pools and cases."""
    ids = {pool.pool_id for pool in pools}
    placements = current.at({pool.urn for pool in pools}, ids)
    cases = {placement.case_id for placement in placements}
    return Site(pools, placements, [offer for offer in offers if offer.pool_id in ids or offer.case_id in cases])


def _steps(
    pools: Sequence[PlacePool],
    current: Placements,
    offers: Sequence[Offer],
    pool_ids: Collection[str],
    period: Period,
) -> Iterator[Step]:
    sites: dict[frozenset[int], Site] = {}
    for pool in pools:
        if pool_ids and pool.pool_id not in pool_ids:
            continue
        urns = frozenset(member.urn for cap in caps_of(pool, pools) for member in cap.pools)
        if urns not in sites:
            there = [other for other in pools if other.urn in urns]
            sites[urns] = _site(there, current, offers)
        yield from sites[urns].steps(pool, period)
