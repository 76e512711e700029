"""Who holds which place on a first day: the placements that caseload knows, seated in the pools on file.

A placement holds a place in the pool of its setting and part that takes the child's year group, whatever the pool's
needs say: the child is there. It leaves when it has ended by the first day, or when the child has outgrown every pool
of that setting and part. Nobody else is taken out of a place: children are not moved to save money.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from services.provision.domain.pools import HN_UNIT, RESOURCE_BASE, SEN_UNIT, WITHIN_A_SETTING, PlacePool

WHOLE_SETTING = "whole_setting"


@dataclass(frozen=True, slots=True)
class Placement:
    """A case at a setting. `urn` 0: a setting without one. `part` is whole_setting, resource_base or sen_unit.

    The year group in academic year y is y minus `reception_year`. `last_day` None: no end recorded.
    """

    case_id: str
    urn: int
    part: str
    primary_need: str
    reception_year: int
    last_day: date | None = None


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


def seat_placements(placements: Iterable[Placement], pools: Sequence[PlacePool], first_day: date) -> Seating:
    """Seat every placement for `first_day`. Placements that begin later count already: their place is given."""
    seating = Seating()
    parts = _pools_by_part(pools)
    year = academic_year_start(first_day)

    @cache
    def pool_of(urn: int, part: str, year_group: int, need: str) -> tuple[PlacePool | None, bool]:
        return _pool_and_whether_outgrown(parts.get((urn, part), ()), year_group, need, first_day)

    for placement in placements:
        if not placement.urn:
            seating.without_urn += 1
            continue
        ended = placement.last_day is not None and placement.last_day < first_day
        last_year = academic_year_start(placement.last_day) if placement.last_day and ended else year
        year_group = last_year - placement.reception_year
        pool, outgrown = pool_of(placement.urn, placement.part, year_group, placement.primary_need)
        if pool is None:
            seating.unpooled[placement.urn, placement.part] += 1
        elif ended or outgrown:
            seating.leaving[pool.pool_id] += 1
        else:
            seating.held[pool.pool_id].append(placement.case_id)
    return seating


def academic_year_start(day: date) -> int:
    """2024 for any day from 1 September 2024 to 31 August 2025."""
    return day.year if day.month >= 9 else day.year - 1


def _pool_and_whether_outgrown(
    pools: Sequence[PlacePool], year_group: int, need: str, first_day: date
) -> tuple[PlacePool | None, bool]:
    """The pool that a child is in, and whether the child has outgrown it and all others of that setting and part."""
    oldest = max((pool.year_group_high for pool in pools), default=year_group)
    outgrown = year_group > oldest
    taking = [pool for pool in pools if pool.takes_year(min(year_group, oldest))]
    return min(taking, key=lambda pool: _distance(pool, need, first_day), default=None), outgrown


def _distance(pool: PlacePool, need: str, first_day: date) -> tuple[bool, int, str]:
    """Open before not yet open, for the need before for any need before for other needs, then the lowest id."""
    fit = 0 if need in pool.needs else 1 if not pool.needs else 2
    return not pool.is_open_on(first_day), fit, pool.pool_id


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
