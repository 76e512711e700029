"""Put a world together from an authority's facts.

What to gather, and how, for a first year Y (the first day is 1 September Y):

1. Every case with an open plan, or with a decision due, on the first day, as `CaseFacts` with year group and reason as
   of that day; with its home, the id of the pool that counts it as held on the first day ("" for none, also where a
   phase transfer is due: then the pool that it leaves), whether it is educated elsewhere, and whether its plan is
   recent. A case whose next placement is already decided is settled in that pool.
2. Every pool, also those yet to open, as `PoolFacts`, with its location and its confirmed places on 1 September of Y,
   Y + 1, ... (0 before it opens, -1 for no fixed number); every group likewise, with the number that its pools share.
3. Prices of every child in every pool, not of open options alone: a child grows older. Line by line for each of three
   stages, the children's year group and age replaced by `STAGE_YEAR_GROUPS` and `STAGE_AGES`, and
   `places_commissioned` left at 0 for High Needs units so that the whole block is quoted (`survey_prices.py` asks).
   Labels of lines are those of the cost service; whatever is none of place funding, top-up, fee or block counts as
   transport.
4. `DemandRates`, and the share of a year between the day of the facts and the first day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from services.placement.forecast.rates.rates import NEEDS, DemandRates
from services.placement.forecast.simulation.categories import (
    NEW_PLAN,
    PLACE_KINDS,
    REASONS,
    STAGES,
    need_bits,
)
from services.placement.forecast.simulation.checking import check_world
from services.placement.forecast.simulation.judging import KnownRules
from services.placement.forecast.simulation.places_near import Located, areas_of
from services.placement.forecast.simulation.requests_on_file import judge_requests
from services.placement.forecast.simulation.signatures import Signatures, age_of
from services.placement.forecast.simulation.world import (
    CHILD_LINES,
    ELSEWHERE_ROW,
    NO_PLACE,
    Children,
    IntArray,
    Pools,
    Prices,
    World,
)
from services.placement.model.facts import CaseFacts, PoolFacts

STAGE_YEAR_GROUPS, STAGE_AGES = (2, 8, 13), (6, 12, 17)
"""A year group and an age within each stage, to ask prices for."""
LABELS = {
    "Place funding": "place_funding",
    "Top-up": "top_up",
    "School fee": "inmss_fee",
    "High Needs unit, share of yearly cost": "hn_unit_block",
}
"""The cost service's lines; any other is transport."""


@dataclass(frozen=True)
class ChildFacts:
    """One open case on the first day. `home` is an easting and northing in metres, None where not known."""

    case: CaseFacts
    home: tuple[int, int] | None = None
    pool_id: str = ""
    elsewhere: bool = False
    recent: bool = False


@dataclass(frozen=True)
class PoolYears:
    """One pool, with its places on 1 September of each year from the first; -1 for no fixed number."""

    pool: PoolFacts
    places: tuple[int, ...]
    location: tuple[int, int] | None = None


@dataclass(frozen=True)
class GroupYears:
    """Pools that share a number of places on 1 September of each year; `parent_id` the group around it, if any."""

    group_id: str
    pool_ids: tuple[str, ...]
    places: tuple[int, ...]
    parent_id: str = ""


@dataclass(frozen=True, eq=False)
class QuotedPrices:
    """Prices of every child in every pool, children and pools in the order in which they are given to `build_world`.

    Parameters
    ----------
    lines
        For each of the three stages, integer[C, P] pence a year of the budget ledger by the label of the line.
    minutes
        integer[C, P], one way; -1 where not known.
    """

    lines: Sequence[Mapping[str, npt.NDArray[np.signedinteger[Any]]]]
    minutes: npt.NDArray[np.signedinteger[Any]]


def build_world(
    first_year: int,
    children: Sequence[ChildFacts],
    pools: Sequence[PoolYears],
    groups: Sequence[GroupYears],
    quoted: QuotedPrices,
    rates: DemandRates,
    areas: Sequence[Located] = (),
    share_of_year_before: float = 0.0,
    rules: KnownRules | None = None,
) -> World:
    """Return the world of these facts, the same for any order of children, pools and groups.

    Parameters
    ----------
    areas
        Centres; a home or setting belongs to the nearest. None: the 5 km squares of the National Grid.
    rules
        What the rules said for the world before, which is looked up instead of judged again.

    Raises
    ------
    ValueError
        Naming what of the facts does not fit together.
    """
    child_order = sorted(range(len(children)), key=lambda at: children[at].case.case_id)
    pool_order = sorted(range(len(pools)), key=lambda at: pools[at].pool.pool_id)
    ordered = [children[at] for at in child_order]
    ordered_pools = [pools[at] for at in pool_order]
    names, home_area, pool_area = areas_of(
        [one.home for one in ordered], [one.location for one in ordered_pools], areas
    )
    kind_of = {one.pool.pool_id: one.pool.kind for one in ordered_pools}
    signatures = Signatures([(one.case, kind_of.get(one.pool_id, ""), one.elsewhere) for one in ordered])
    lines = _lines(quoted, child_order, pool_order)
    world = World(
        first_year=first_year,
        share_of_year_before=share_of_year_before,
        areas=names,
        children=_children(ordered, ordered_pools, signatures, home_area),
        pools=_pools(ordered_pools, groups, lines, pool_area),
        rules=(rules or KnownRules()).judge(signatures.known, [one.pool for one in ordered_pools]),
        prices=Prices(lines["child"], quoted.minutes[np.ix_(child_order, pool_order)].astype(np.int16)),
        rates=rates,
    )
    check_world(world)
    return world


def _children(
    children: Sequence[ChildFacts], pools: Sequence[PoolYears], signatures: Signatures, area: IntArray
) -> Children:
    row_of = {one.pool.pool_id: row for row, one in enumerate(pools)}
    for child in children:
        if child.pool_id and child.pool_id not in row_of:
            raise ValueError(f"children: one is held in the pool {child.pool_id!r}, which is not among the pools.")
    requests = judge_requests([child.case for child in children], [one.pool for one in pools])
    primary = [child.case.primary_need for child in children]
    return Children(
        ids=tuple(child.case.case_id for child in children),
        age=np.array([age_of(child.case.year_group) for child in children], dtype=np.int8),
        need=np.array([NEEDS.index(need if need in NEEDS else "") for need in primary], dtype=np.int8),
        needs=np.array([need_bits(child.case.needs) for child in children], dtype=np.int16),
        area=area.astype(np.int16),
        pool=np.array([_seat(child, row_of) for child in children], dtype=np.int32),
        due=np.array([_due(child) for child in children], dtype=np.int8),
        recent=np.array([child.recent or child.case.reason == "new_plan" for child in children], dtype=np.bool_),
        signature=signatures.later,
        own_signature=signatures.own,
        request_first=requests.first,
        request_pool=requests.pool,
        request_rank=requests.rank,
        request_open=requests.open,
        request_unsettled=requests.unsettled,
    )


def _seat(child: ChildFacts, row_of: Mapping[str, int]) -> int:
    if child.pool_id:
        return row_of[child.pool_id]
    return ELSEWHERE_ROW if child.elsewhere else NO_PLACE


def _due(child: ChildFacts) -> int:
    """Index of the reason on file; a child without any place has a new plan's decision due."""
    if child.case.reason:
        return REASONS.index(child.case.reason)
    return NEW_PLAN if not child.pool_id and not child.elsewhere else 0


def _pools(
    pools: Sequence[PoolYears], groups: Sequence[GroupYears], lines: Mapping[str, IntArray], area: IntArray
) -> Pools:
    horizon = {len(pool.places) for pool in pools} | {len(group.places) for group in groups}
    if len(horizon) > 1:
        raise ValueError(f"pools: places are given for {sorted(horizon)} years; give each the same years.")
    ordered = sorted(groups, key=lambda one: one.group_id)
    years = max(horizon, default=1)
    facts = [one.pool for one in pools]
    return Pools(
        ids=tuple(pool.pool_id for pool in facts),
        names=tuple(f"{pool.setting_name}" for pool in facts),
        admits_sex=tuple(pool.admits_sex for pool in facts),
        urn=np.array([pool.urn for pool in facts], dtype=np.int32),
        kind=np.array([PLACE_KINDS.index(pool.kind) for pool in facts], dtype=np.int8),
        needs=np.array([need_bits(pool.needs) for pool in facts], dtype=np.int16),
        low=np.array([pool.year_group_low for pool in facts], dtype=np.int8),
        high=np.array([pool.year_group_high for pool in facts], dtype=np.int8),
        area=area.astype(np.int16),
        in_borough=np.array([pool.in_borough for pool in facts], dtype=np.bool_),
        must_admit=np.array([pool.s38_3 for pool in facts], dtype=np.bool_),
        wheelchair=np.array([_three_valued(pool.wheelchair_accessible) for pool in facts], dtype=np.int8),
        places=np.array([one.places for one in pools], dtype=np.int32).reshape(len(pools), years),
        group=_groups_of_pools(facts, ordered),
        group_ids=tuple(one.group_id for one in ordered),
        group_parent=_parents(ordered),
        group_places=np.array([one.places for one in ordered], dtype=np.int32).reshape(len(ordered), years),
        place_funding=lines["place_funding"],
        unit_block=lines["hn_unit_block"],
    )


def _groups_of_pools(pools: Sequence[PoolFacts], groups: Sequence[GroupYears]) -> IntArray:
    """int32[P], the smallest group that names each pool, or -1."""
    found = np.full(len(pools), -1, dtype=np.int32)
    row_of = {pool.pool_id: row for row, pool in enumerate(pools)}
    for at in sorted(range(len(groups)), key=lambda at: -len(groups[at].pool_ids)):
        for pool_id in groups[at].pool_ids:
            if pool_id not in row_of:
                raise ValueError(f"groups: {groups[at].group_id} names the pool {pool_id!r}, which is not there.")
            found[row_of[pool_id]] = at
    return found


def _parents(groups: Sequence[GroupYears]) -> IntArray:
    """int32[G], the row of the group around each, or -1."""
    row_of = {one.group_id: row for row, one in enumerate(groups)}
    return np.array([row_of.get(one.parent_id, -1) for one in groups], dtype=np.int32)


def _three_valued(known: bool | None) -> int:
    return -1 if known is None else int(known)


def _lines(quoted: QuotedPrices, child_order: list[int], pool_order: list[int]) -> dict[str, IntArray]:
    """int32[3, 3, C, P] of the lines for the child, and int64[P] of those for the place."""
    if len(quoted.lines) != len(STAGES):
        raise ValueError(f"quoted: lines are given for {len(quoted.lines)} stages of age; expected {len(STAGES)}.")
    ordered = np.ix_(child_order, pool_order)
    child = np.zeros((len(STAGES), len(CHILD_LINES), len(child_order), len(pool_order)), dtype=np.int32)
    place = {name: np.zeros(len(pool_order), dtype=np.int64) for name in ("place_funding", "hn_unit_block")}
    for stage, by_label in enumerate(quoted.lines):
        for label, pence in by_label.items():
            line = LABELS.get(label, "transport")
            if line in place:
                place[line] = np.maximum(place[line], pence.max(axis=0, initial=0)[pool_order])
            else:
                child[stage, CHILD_LINES.index(line)] += pence[ordered].astype(np.int32)
    return {"child": child, **place}
