"""Who holds which place on a first day: the placements that caseload knows, seated in the pools on file.

A placement that a decision named holds a place in the pool named, from its first day to its last. Any other holds one
in the pool of its setting and part that takes the child's year group, whatever the pool's needs say: the child is
there. It leaves when it has ended by the first day, or when the child has outgrown every pool of that setting and part.
Nobody else is taken out of a place: children are not moved to save money.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import inf

from services.provision.domain.pools import HN_UNIT, RESOURCE_BASE, SEN_UNIT, WITHIN_A_SETTING, PlacePool

WHOLE_SETTING = "whole_setting"


@dataclass(frozen=True, slots=True)
class Placement:
    """A case at a setting. `urn` 0: a setting without one. `part` is whole_setting, resource_base or sen_unit.

    The year group in academic year y is y minus `reception_year`. `last_day` None: no end recorded. `first_day` None:
    not recorded. `pool_id` is the pool that a decision named; "" when the return alone says where the child is.
    """

    case_id: str
    urn: int
    part: str
    primary_need: str
    reception_year: int
    last_day: date | None = None
    first_day: date | None = None
    pool_id: str = ""

    def has_begun(self, day: date) -> bool:
        """Whether it has begun by a day, as far as is recorded."""
        return self.first_day is None or self.first_day <= day

    def has_ended(self, day: date) -> bool:
        """Whether it has ended before a day."""
        return self.last_day is not None and self.last_day < day


@dataclass
class Seating:
    """Every placement once: held in a pool, leaving one, outside the pools on file, or at a setting without a URN."""

    held: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Case ids by pool id."""
    leaving: Counter[str] = field(default_factory=Counter)
    """How many leave, by pool id."""
    unpooled: Counter[tuple[int, str]] = field(default_factory=Counter)
    """How many, by URN and part."""
    without_urn: int = 0
    strays: list[tuple[str, tuple[PlacePool, ...]]] = field(default_factory=list)
    """Children still to be seated whose need no pool lists: case id, and the pools that they may be in."""


def end_where_named(placements: Iterable[Placement]) -> tuple[Placement, ...]:
    """The placements, each ended before the case's next named one begins: a child is in one place at a time."""
    placements = tuple(placements)
    named: dict[str, list[date]] = defaultdict(list)
    for placement in placements:
        if placement.pool_id and placement.first_day:
            named[placement.case_id].append(placement.first_day)
    if not named:
        return placements
    ended = (_end_before(placement, named.get(placement.case_id, ())) for placement in placements)
    return tuple(placement for placement in ended if not _never_was(placement))


def _end_before(placement: Placement, named: Sequence[date]) -> Placement:
    later = [day for day in named if _gives_way(placement, day)]
    if not later:
        return placement
    last_day = min(later) - timedelta(days=1)
    return replace(placement, last_day=min(last_day, placement.last_day or last_day))


def _gives_way(placement: Placement, named_day: date) -> bool:
    """Whether a placement ends where a named one begins: it began before, or on that day and no decision named it."""
    if placement.first_day is None:
        return True
    return placement.first_day < named_day or (placement.first_day == named_day and not placement.pool_id)


def _never_was(placement: Placement) -> bool:
    return placement.first_day is not None and placement.has_ended(placement.first_day)


def seat_placements(placements: Iterable[Placement], pools: Sequence[PlacePool], first_day: date) -> Seating:
    """Seat every placement for `first_day`, as if nothing had been offered."""
    seating = find_seats(placements, pools, first_day)
    taken = {pool_id: len(cases) for pool_id, cases in seating.held.items()}
    for case_id, pool_id in seat_strays(seating.strays, taken, first_day):
        seating.held[pool_id].append(case_id)
    seating.strays.clear()
    return seating


def find_seats(placements: Iterable[Placement], pools: Sequence[PlacePool], first_day: date) -> Seating:
    """Seat every placement for `first_day` but the strays.

    Placements that begin later count already, because their place is given; but one that a decision named counts from
    its own first day, as its offer did.
    """
    seating, seats = Seating(), _Seats(pools, first_day)
    for placement in placements:
        seats.find(placement).count(seating, placement.case_id, 1)
    return seating


def seat_again(
    seating: Seating,
    gone: Iterable[Placement],
    new: Iterable[Placement],
    pools: Sequence[PlacePool],
    first_day: date,
) -> Seating:
    """What `find_seats` gives once some of the placements seated are gone and some are new, but for the order."""
    again = Seating(
        defaultdict(list, {pool_id: list(case_ids) for pool_id, case_ids in seating.held.items()}),
        Counter(seating.leaving),
        Counter(seating.unpooled),
        seating.without_urn,
        list(seating.strays),
    )
    seats = _Seats(pools, first_day)
    for placement in gone:
        seats.find(placement).count(again, placement.case_id, -1)
    for placement in new:
        seats.find(placement).count(again, placement.case_id, 1)
    return again


_HELD, _LEAVING, _UNPOOLED, _WITHOUT_URN, _STRAY, _NOT_YET = "held", "leaving", "unpooled", "no URN", "stray", "not yet"
"""What becomes of a placement on the first day."""


@dataclass(frozen=True)
class _Seat:
    """Where a placement counts: at which URN and part, or in one of which pools."""

    where: str
    at: tuple[int, str] = (0, "")
    pools: tuple[PlacePool, ...] = ()

    def count(self, seating: Seating, case_id: str, times: int) -> None:
        """Count a case here once more, or (-1) once less."""
        if self.where == _HELD:
            case_ids = seating.held[self.pools[0].pool_id]
            case_ids.append(case_id) if times > 0 else case_ids.remove(case_id)
        elif self.where == _LEAVING:
            seating.leaving[self.pools[0].pool_id] += times
        elif self.where == _STRAY:
            stray = (case_id, self.pools)
            seating.strays.append(stray) if times > 0 else seating.strays.remove(stray)
        elif self.where == _UNPOOLED:
            seating.unpooled[self.at] += times
            if not seating.unpooled[self.at]:
                del seating.unpooled[self.at]
        elif self.where == _WITHOUT_URN:
            seating.without_urn += times


class _Seats:
    """Finds where placements count on a day. Those that are alike are looked up once."""

    def __init__(self, pools: Sequence[PlacePool], first_day: date) -> None:
        self._parts, self._by_id = _pools_by_part(pools), {pool.pool_id: pool for pool in pools}
        self._first_day, self._this_year = first_day, academic_year_start(first_day)
        self._looked_up: dict[tuple[int, str, int, str, bool], _Seat] = {}

    def find(self, placement: Placement) -> _Seat:
        """Where it counts."""
        if named := self._by_id.get(placement.pool_id):
            return self._named(placement, named)
        last_day = placement.last_day
        ended = last_day is not None and last_day < self._first_day
        year = academic_year_start(last_day) if ended and last_day else self._this_year
        alike = (placement.urn, placement.part, year - placement.reception_year, placement.primary_need, ended)
        seat = self._looked_up.get(alike)
        if seat is None:
            seat = self._looked_up[alike] = self._look_up(*alike)
        return seat

    def _look_up(self, urn: int, part: str, year_group: int, need: str, ended: bool) -> _Seat:
        if not urn:
            return _Seat(_WITHOUT_URN)
        found = _find_pools(self._parts.get((urn, part), ()), year_group, need, self._first_day)
        if not found.pools:
            return _Seat(_UNPOOLED, (urn, part))
        if ended or found.outgrown:
            return _Seat(_LEAVING, pools=found.pools)
        return _Seat(_HELD if found.for_the_need else _STRAY, pools=found.pools)

    def _named(self, placement: Placement, pool: PlacePool) -> _Seat:
        """A child in the pool that a decision named counts there from the placement's own first day on."""
        if placement.has_ended(self._first_day) or self._this_year - placement.reception_year > pool.year_group_high:
            return _Seat(_LEAVING, pools=(pool,))
        return _Seat(_HELD if placement.has_begun(self._first_day) else _NOT_YET, pools=(pool,))


@dataclass(frozen=True)
class _Found:
    """Pools of one setting and part that a child may be in, equally likely, by id; and what is known of the child."""

    pools: tuple[PlacePool, ...]
    for_the_need: bool
    outgrown: bool


def _find_pools(pools: Sequence[PlacePool], year_group: int, need: str, first_day: date) -> _Found:
    """The pools that take the year: open before not yet open, then for the need, for any need, for other needs.

    A child older than every pool takes is looked up in the oldest year that is taken, and has outgrown it.
    """

    def distance(pool: PlacePool) -> tuple[bool, int]:
        return not pool.is_open_on(first_day), 0 if need in pool.needs else 1 if not pool.needs else 2

    oldest = max((pool.year_group_high for pool in pools), default=year_group)
    taking = [pool for pool in pools if pool.takes_year(min(year_group, oldest))]
    nearest = min(map(distance, taking), default=(False, 0))
    likely = sorted((pool for pool in taking if distance(pool) == nearest), key=lambda pool: pool.pool_id)
    return _Found(tuple(likely), for_the_need=nearest[1] < 2, outgrown=year_group > oldest)


def seat_strays(
    strays: Iterable[tuple[str, Sequence[PlacePool]]], held: Mapping[str, int], first_day: date
) -> Iterator[tuple[str, str]]:
    """Case id and pool id of each child whose need no pool lists: where most room is left, so that none counts twice.

    They are in one of the pools, and nothing says which; in case id order, so that the answer is always the same.
    `held` is how many places others hold, by pool id.
    """
    taken = Counter(held)

    def room(pool: PlacePool) -> float:
        places = pool.places_on(first_day)
        return inf if places is None else places - taken[pool.pool_id]

    for case_id, pools in sorted(strays, key=lambda stray: stray[0]):
        pool_id = max(pools, key=room).pool_id
        taken[pool_id] += 1
        yield case_id, pool_id


def academic_year_start(day: date) -> int:
    """2024 for any day from 1 September 2024 to 31 August 2025."""
    return day.year if day.month >= 9 else day.year - 1


def _pools_by_part(pools: Sequence[PlacePool]) -> Mapping[tuple[int, str], Sequence[PlacePool]]:
    """Pools by URN and part. A setting with bases only, or units only, has the children of either part in them.

    Nobody is in a High Needs dependency unit by import: SEN2 has no mark for one.
    """
    parts: dict[tuple[int, str], list[PlacePool]] = defaultdict(list)
    for pool in pools:
        if pool.kind != HN_UNIT:
            parts[pool.urn, pool.kind if pool.kind in WITHIN_A_SETTING else WHOLE_SETTING].append(pool)
    for urn, part in list(parts):
        other = {RESOURCE_BASE: SEN_UNIT, SEN_UNIT: RESOURCE_BASE}.get(part)
        if other and (urn, other) not in parts:
            parts[urn, other] = parts[urn, part]
    return parts
