"""From January to September: who grows out of their place, and how many places that leaves."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.cli.demo.children import Child
from services.cli.demo.days import CENSUS_DAY, FIRST_DAY
from services.cli.demo.pools import LONG_AGO, PlacePool, PlacesFrom

RECEPTION = 0
SPARE_PLACES = {
    "mainstream": 2,
    "resource_base": 1,
    "sen_unit": 1,
    "state_special": 1,
    "alternative_provision": 3,
    "independent_special": 3,
    "non_maintained_special": 2,
}
"""Invented places beyond those needed, by kind: state special places are the scarce ones."""
SPARE_IN_A_GROUP = 8
"""Pools that share a number may each grow: the shared number is what holds them."""
MAINSTREAM_ROLL_SHARE = 0.035
"""Invented: children with plans whom a mainstream school takes, as a share of its roll. Naming a full one is lawful, so
the demonstration keeps mainstream from being what runs out."""
POPULAR_EVERY = 4
"""Invented: of so many mainstream schools one is popular, and has no place beyond those already held."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Children in each pool (by pool_ref) in January, and in September if nothing is decided.

    In September, children who grow older stay where their place, or another of the same group,
    still admits them; those who grow out of it are no longer counted.
    """

    january: Counter[str]
    september: Counter[str]


def continuing_pool(child: Child, pools: Sequence[PlacePool]) -> PlacePool | None:
    """The pool in which a child carries on next school year; None if they grow out of it.

    `pools` are the pools of the child's setting. A move from one key stage to the next inside one
    group (a special school's total) is no decision; a move between two bases of a school is.
    """
    if child.pool is None:
        return None
    next_year = child.year_group + 1
    if child.pool.admits(next_year, child.sex):
        return child.pool
    group = [pool for pool in pools if pool.group_ref and pool.group_ref == child.pool.group_ref]
    for pool in group:
        if pool.admits(next_year, child.sex) and any(map(pool.caters_for, child.needs)):
            return pool
    return None


def grows_out(child: Child, pools: Sequence[PlacePool]) -> bool:
    """Whether the child must have another place in September: a phase transfer."""
    if child.column == "nm_early_years":
        return child.year_group + 1 >= RECEPTION
    return child.pool is not None and continuing_pool(child, pools) is None


def pools_by_setting(pools: Sequence[PlacePool]) -> dict[str, list[PlacePool]]:
    """Pools by URN."""
    by_setting: dict[str, list[PlacePool]] = defaultdict(list)
    for pool in pools:
        by_setting[pool.setting.urn].append(pool)
    return by_setting


def count_standing(children: Sequence[Child], pools: Sequence[PlacePool]) -> Standing:
    """Count January and September."""
    by_setting = pools_by_setting(pools)
    january = Counter(child.pool.ref for child in children if child.pool)
    september = Counter(
        pool.ref for child in children if child.pool and (pool := continuing_pool(child, by_setting[child.urn]))
    )
    return Standing(january, september)


def settle_places(children: Sequence[Child], pools: Sequence[PlacePool]) -> list[PlacePool]:
    """The pools with a number invented wherever none is published; children follow their pool."""
    standing = count_standing(children, pools)
    settled = {pool.ref: _settled(pool, standing) for pool in pools}
    for child in children:
        if child.pool:
            child.pool = settled[child.pool.ref]
    return list(settled.values())


def _settled(pool: PlacePool, standing: Standing) -> PlacePool:
    if pool.kind == "further_education" or pool.places_on(CENSUS_DAY) is not None:
        return pool
    needed = max(standing.january[pool.ref], standing.september[pool.ref])
    usual = round((pool.setting.roll or 0) * MAINSTREAM_ROLL_SHARE)
    if pool.kind == "mainstream" and pool.order % POPULAR_EVERY == 0:
        return _popular(pool, needed, standing.september[pool.ref])
    if pool.kind == "mainstream":
        needed = max(needed, usual)
    spare = SPARE_IN_A_GROUP if pool.group_ref else SPARE_PLACES[pool.kind]
    return pool.with_invented_places(needed + spare)


def _popular(pool: PlacePool, now: int, in_september: int) -> PlacePool:
    """A school that is full now, and in September with the children who stay."""
    return replace(pool, numbers=(PlacesFrom(LONG_AGO, now), PlacesFrom(FIRST_DAY, in_september)))
