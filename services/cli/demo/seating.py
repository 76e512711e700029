"""Who attends where: every child gets a place that admits their age, sex and need."""

from collections import defaultdict
from collections.abc import Sequence
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

BoolArray = np.ndarray[tuple[int], np.dtype[np.bool_]]
Others = Sequence[tuple[int, Sequence[PlacePool]]]
"""Of pools that are not the only one of their kind at their setting: where they stand, and all of these."""


class Nearby:
    """Pools of one column that admit one year group and sex, column by column; `at` are their places among all."""

    def __init__(self, pools: list[PlacePool], at: list[int], own: list[bool], others: Others) -> None:
        self.pools = pools
        self.at = np.array(at, dtype=np.int64)
        self.own = np.array(own, dtype=np.bool_)
        self.others = others
        self._eastings = np.array([pool.setting.easting for pool in pools], dtype=np.int64)
        self._northings = np.array([pool.setting.northing for pool in pools], dtype=np.int64)
        self._caters: dict[str, BoolArray] = {}

    def caters_for(self, needs: Sequence[str]) -> BoolArray:
        """Which of the pools take children for any of these needs."""
        found = np.zeros(len(self.pools), np.bool_)
        for need in needs:
            if need not in self._caters:
                self._caters[need] = np.array([pool.caters_for(need) for pool in self.pools], dtype=np.bool_)
            found |= self._caters[need]
        return found

    def nearest(self, home: Home, wanted: BoolArray) -> list[PlacePool]:
        """The nearest of the pools that are wanted; in the order of the list where equally near."""
        east, north = self._eastings - home.easting, self._northings - home.northing
        places = np.flatnonzero(wanted)
        squares = (east * east + north * north)[places]
        return [self.pools[at] for at in places[np.argsort(squares, kind="stable")[:NEAREST]].tolist()]


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
        self._none_for: dict[tuple[str, int, str, str], bool] = {}
        self._at = {pool: at for at, pool in enumerate(pools)}
        self._in_group: dict[str, list[PlacePool]] = defaultdict(list)
        for pool in pools:
            self._in_group[pool.group_ref].append(pool)
            if pool.column and self._places[pool.ref] != 0:
                self._by_column[pool.column].append(pool)
                self._siblings[pool.setting.urn, pool.column].append(pool)
        self._room = np.array([self._has_room(pool) for pool in pools], dtype=np.bool_)

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
        for other in self._in_group[pool.group_ref] if self._shared[pool.group_ref] is not None else [pool]:
            self._room[self._at[other]] = self._has_room(other)

    def have_none_for(self, child: Child) -> bool:
        """Whether no pool of the child's kind of place is for their primary need: they choose
        after those for whom the places are meant."""
        key = (child.column, child.year_group, child.sex, child.needs[0])
        if key not in self._none_for:
            self._none_for[key] = not any(
                pool.caters_for(child.needs[0]) and pool.admits(child.year_group, child.sex)
                for pool in self._by_column.get(child.column, ())
            )
        return self._none_for[key]

    def _choose(self, child: Child) -> PlacePool | None:
        nearby = self._admitting(child)
        admitting = self._room[nearby.at]
        for at, siblings in nearby.others:
            if not _is_plainly_theirs(child, nearby.pools[at], siblings):
                admitting[at] = False
        for pools in (admitting & nearby.own, admitting):
            for needs in (child.needs[:1], child.needs):
                suited = pools & nearby.caters_for(needs)
                if suited.any():
                    return self._near(child.home, nearby.nearest(child.home, suited))
        return self._near(child.home, nearby.nearest(child.home, admitting)) if admitting.any() else None

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
            self._nearby[key] = Nearby(
                admitting,
                [self._at[pool] for pool in admitting],
                [self._is_own_special(pool) for pool in admitting],
                [(at, found) for at, pool in enumerate(admitting) if len(found := self._others(child, pool)) > 1],
            )
        return self._nearby[key]

    def _others(self, child: Child, pool: PlacePool) -> list[PlacePool]:
        """Pools of the same kind at the pool's setting that admit the child, itself among them."""
        siblings = self._siblings[pool.setting.urn, pool.column]
        return [other for other in siblings if other.admits(child.year_group, child.sex)]

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


def _is_plainly_theirs(child: Child, pool: PlacePool, siblings: Sequence[PlacePool]) -> bool:
    """Whether no other pool of the same kind at the setting is for a need ranked higher.

    A return says only at which setting and kind of place a child is: the pool must follow.
    """
    for need in child.needs:
        if any(other.caters_for(need) for other in siblings):
            return pool.caters_for(need)
    return True


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
