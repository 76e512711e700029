"""Pools as messages: all of them, or what changed since an answer that is remembered."""

from __future__ import annotations

from services.provision import wire
from services.provision.domain.places import PlacesOnDay, count_places, seat
from services.provision.domain.pools import PlacePool
from tests.builders.provision import FIRST_DAY, a_pool, a_setting


def counted(*pools: PlacePool) -> PlacesOnDay:
    return count_places(seat(pools, {pool.urn: a_setting(pool.urn) for pool in pools}, [], FIRST_DAY), [])


def test_changed_pools_are_sent_and_those_no_longer_there_named() -> None:
    stays, gone = a_pool(pool_id="pool_STAYS"), a_pool(pool_id="pool_GONE")
    before = counted(gone, stays, a_pool(pool_id="pool_MORE", places=3))
    now = counted(stays, a_pool(pool_id="pool_MORE", places=4))
    answer = wire.places_to_wire("rev_2", now, "E06000006", 876, before, shows_cases=True)
    assert [pool.pool_id for pool in answer.pools] == ["pool_MORE"]
    assert (answer.changes_only, list(answer.gone_ids)) == (True, ["pool_GONE"])
