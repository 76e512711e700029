"""Who attends where: every child gets a place that admits their age, sex and need."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from random import Random

import numpy as np

from services.cli.demo.children import Child
from services.cli.demo.days import CENSUS_DAY
from services.cli.demo.homes import Home
from services.cli.demo.pools import PlacePool

UNKNOWN_URNS = ("999901", "999902")
"""Not in the settings file: mainstream independents, then settings nobody listed would admit."""
UNLISTED_INDEPENDENTS = 2
NEARNESS_SPREAD = (0.5, 1.5)
CROWDING_ROLL_SHARE = 0.03
LEAST_CROWDING = 8
CROWDING = {"independent_special": 2, "non_maintained_special": 2, "further_education": 60}
"""Children with plans at which a setting seems twice as far: few, where a council buys places."""
METRES_THAT_HARDLY_MATTER = 500
NEAREST = 12
"""Children go to one of this many nearest pools that suit them and have room."""
KINDS_LEFT_WHEN_TOO_OLD = ("mainstream", "resource_base", "sen_unit")
WITHOUT_URN = "ukrlp_provider"
"""Providers that are known by UKPRN alone."""


class Nearby:
    """Pools of one column that admit one year group and sex, to be read from the nearest on."""

    def __init__(self, pools: list[PlacePool]) -> None:
        self._pools = pools
        self._eastings = np.array([pool.setting.easting for pool in pools], dtype=np.int64)
        self._northings = np.array([pool.setting.northing for pool in pools], dtype=np.int64)

    def from_nearest(self, home: Home) -> Iterator[PlacePool]:
        """All of them, nearest first; in the order of the list where equally near."""
        east, north = self._eastings - home.easting, self._northings - home.northing
        for i in np.argsort(east * east + north * north, kind="stable"):
            yield self._pools[int(i)]


class Seats:
    """The places of all pools on census day, and how many are taken."""

    def __init__(self, pools: Sequence[PlacePool], la_code: str, draw: Random) -> None:
        self._la_code = la_code
        self._draw = draw
        self._by_column: dict[str, list[PlacePool]] = defaultdict(list)
        self._siblings: dict[tuple[str, str], list[PlacePool]] = defaultdict(list)
        self._places = {pool.ref: pool.places_on(CENSUS_DAY) for pool in pools}
        self._shared = {pool.group_ref: pool.group_places_on(CENSUS_DAY) for pool in pools}
        self._taken: dict[str, int] = defaultdict(int)
        self._nearby: dict[tuple[str, int, str], Nearby] = {}
        for pool in pools:
            if pool.column and self._places[pool.ref] != 0:
                self._by_column[pool.column].append(pool)
                self._siblings[pool.setting.urn, pool.column].append(pool)

    def seat(self, child: Child) -> None:
        """Give the child a place in a pool of their published column, or an unknown URN.

        The council's own special schools come before others'. A pool for the primary need comes
        first; else one for another need that they have; else they are given a need that a pool
        with a place caters for.
        """
        pool = self._choose(child)
        if pool is None:
            child.urn = UNKNOWN_URNS[1]
            return
        if not any(map(pool.caters_for, child.needs)):
            child.needs[1:] = [min(pool.needs)]
        child.pool, child.urn = pool, pool.setting.urn
        self._taken[pool.ref] += 1
        self._taken[pool.group_ref] += 1

    def have_none_for(self, child: Child) -> bool:
        """Whether no pool of the child's kind of place is for their primary need: they choose
        after those for whom the places are meant."""
        return not any(
            pool.caters_for(child.needs[0]) and pool.admits(child.year_group, child.sex)
            for pool in self._by_column.get(child.column, ())
        )

    def _choose(self, child: Child) -> PlacePool | None:
        admitting = [
            pool
            for pool in self._admitting(child).from_nearest(child.home)
            if self._has_room(pool) and self._is_plainly_theirs(child, pool)
        ]
        own = [pool for pool in admitting if self._is_own_special(pool)]
        for pools in (own, admitting):
            for needs in (child.needs[:1], child.needs):
                suited = [pool for pool in pools if any(map(pool.caters_for, needs))]
                if suited:
                    return self._near(child.home, suited[:NEAREST])
        return self._near(child.home, admitting[:NEAREST]) if admitting else None

    def _is_plainly_theirs(self, child: Child, pool: PlacePool) -> bool:
        """Whether no other pool of the same kind at the setting is for a need ranked higher.

        A return says only at which setting and kind of place a child is: the pool must follow.
        """
        siblings = [
            other
            for other in self._siblings[pool.setting.urn, pool.column]
            if other.admits(child.year_group, child.sex)
        ]
        if len(siblings) > 1:
            for need in child.needs:
                if any(other.caters_for(need) for other in siblings):
                    return pool.caters_for(need)
        return True

    def _is_own_special(self, pool: PlacePool) -> bool:
        return pool.kind == "state_special" and pool.setting.la_code == self._la_code

    def _admitting(self, child: Child) -> Nearby:
        """Pools of the child's column that admit them; young people whom no special school or
        college admits any longer stay where the oldest are."""
        key = (child.column, child.year_group, child.sex)
        if key not in self._nearby:
            pools = self._by_column[child.column]
            admitting = [pool for pool in pools if pool.admits(child.year_group, child.sex)]
            if not admitting and child.kind not in KINDS_LEFT_WHEN_TOO_OLD:
                oldest = max((pool.year_group_high for pool in pools), default=0)
                admitting = [pool for pool in pools if pool.year_group_high == oldest]
            self._nearby[key] = Nearby(admitting)
        return self._nearby[key]

    def _has_room(self, pool: PlacePool) -> bool:
        places, shared = self._places[pool.ref], self._shared[pool.group_ref]
        return (places is None or self._taken[pool.ref] < places) and (
            shared is None or self._taken[pool.group_ref] < shared
        )

    def _near(self, home: Home, pools: list[PlacePool]) -> PlacePool:
        """Near, with chance and crowding: not every child goes to the nearest school."""
        return min(pools, key=lambda pool: (self._reluctance(home, pool), pool.order))

    def _reluctance(self, home: Home, pool: PlacePool) -> float:
        usual = CROWDING.get(pool.kind) or max((pool.setting.roll or 0) * CROWDING_ROLL_SHARE, LEAST_CROWDING)
        crowding = 1 + self._taken[pool.ref] / usual if self._places[pool.ref] is None else 1
        metres = metres_between(home, pool) + METRES_THAT_HARDLY_MATTER
        return metres * crowding * self._draw.uniform(*NEARNESS_SPREAD)


def seat_children(children: Sequence[Child], pools: Sequence[PlacePool], la_code: str, draw: Random) -> None:
    """Seat all children who attend a setting with a URN, in an order drawn by lot."""
    order = list(children)
    draw.shuffle(order)
    unlisted = [child for child in order if child.column == "mainstream_independent"]
    for child in unlisted[:UNLISTED_INDEPENDENTS]:
        child.urn = UNKNOWN_URNS[0]
    seats = Seats(pools, la_code, draw)
    order.sort(key=seats.have_none_for)
    for child in order:
        if child.kind and not child.urn and child.column != WITHOUT_URN:
            seats.seat(child)


def metres_between(home: Home, pool: PlacePool) -> int:
    """Straight-line distance in whole metres."""
    east = home.easting - pool.setting.easting
    north = home.northing - pool.setting.northing
    return int((east * east + north * north) ** 0.5)
