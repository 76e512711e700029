"""What a year costs on both ledgers, line by line, in whole pence; and the grant against it."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import numpy as np

from services.placement.forecast.money.trajectory import grown_income
from services.placement.forecast.simulation.categories import PLACE_KINDS, STAGE_OF_AGE
from services.placement.forecast.simulation.deciding import Decided, of_groups
from services.placement.forecast.simulation.outcome import LINES, Int64Array
from services.placement.forecast.simulation.place_numbers import PlaceNumbers
from services.placement.forecast.simulation.prepare import Prepared
from services.placement.forecast.simulation.pricing import MILLION, Pricing, parts
from services.placement.forecast.simulation.state import State
from services.placement.forecast.simulation.world import CHILD_LINES, BoolArray, IntArray

BASES = [PLACE_KINDS.index("resource_base"), PLACE_KINDS.index("sen_unit")]
SPECIAL, UNIT = PLACE_KINDS.index("state_special"), PLACE_KINDS.index("hn_unit")
BUDGET, MARGINAL = 0, 1
NO_KIND = len(PLACE_KINDS)
"""Where spend that is no kind of place's is counted: "other"."""


def spend_of(
    pricing: Pricing, state: State, decided: Decided, numbers: PlaceNumbers, running: BoolArray, opened: BoolArray
) -> Int64Array:
    """Return int64[2, 7, 10], pence by ledger, line and kind of place (the last: none), once decisions are made.

    Parameters
    ----------
    running
        bool[N], High Needs units that run this year; `opened`: those that opened in it.
    """
    prepared, year = pricing.prepared, pricing.year
    seated = np.flatnonzero(state.pool >= 0)
    found = _nothing_yet()
    weight = np.full(seated.size, MILLION)
    weight[state.joined[seated] == year] = round(MILLION * prepared.definition.money.new_plan_share)
    first = round(MILLION * prepared.definition.levers.hn_units.first_year_share)
    starts = opened[state.pool[seated]]
    _add_places(found, pricing, state, seated, state.pool[seated], np.where(starts, weight * first // MILLION, weight))
    if starts.any() and first < MILLION:
        rest = np.where(starts, weight * (MILLION - first) // MILLION, 0)[starts]
        _add_until_open(found, pricing, state, decided, seated[starts], rest)
    blocks = np.where(opened, parts(pricing.unit_block, first), pricing.unit_block)
    found[BUDGET, LINES.index("hn_unit_block"), UNIT] = blocks[running].sum()
    found[BUDGET, LINES.index("empty_places"), :NO_KIND] = _empty_places(pricing, state, numbers)
    found[BUDGET, LINES.index("other"), NO_KIND] = parts(
        np.array([prepared.definition.money.other_spend_pence]), pricing.index["other"]
    )[0]
    return found


def _nothing_yet() -> Int64Array:
    return np.zeros((2, len(LINES), NO_KIND + 1), dtype=np.int64)


def _add_places(
    found: Int64Array, pricing: Pricing, state: State, rows: IntArray, pool: IntArray, weight: IntArray
) -> None:
    """Add what children cost in pools, each for its part (in a million) of the year."""
    stages, templates, kinds = STAGE_OF_AGE[state.age[rows]], state.row[rows], pricing.prepared.pools.kind[pool]
    for line in CHILD_LINES:
        pence = (pricing.child_line(line, stages, templates, pool) * weight + MILLION // 2) // MILLION
        for ledger in (BUDGET, MARGINAL):
            np.add.at(found[ledger, LINES.index(line)], kinds, pence)
    funding = pricing.place_funding[pool]
    np.add.at(found[BUDGET, LINES.index("place_funding")], kinds, (funding * weight + MILLION // 2) // MILLION)


def _add_until_open(
    found: Int64Array, pricing: Pricing, state: State, decided: Decided, rows: IntArray, rest: IntArray
) -> None:
    """Until their unit opens, its pupils cost what the best of their other options does."""
    prepared, options = pricing.prepared, decided.options
    case_of = {int(row): case for case, row in enumerate(options.due.tolist())}
    first = decided.problem.first_option
    elsewhere = np.full(rows.size, -1, dtype=np.int64)
    for at, row in enumerate(rows.tolist()):
        case = case_of[row]
        mine = np.arange(first[case], first[case + 1])
        mine = mine[~np.isin(options.pool[mine], prepared.units) & (options.pool[mine] < prepared.told_count)]
        if mine.size:
            terms = decided.problem.option_terms[:, mine]
            elsewhere[at] = options.pool[mine[np.lexsort(terms[::-1])[0]]]
    there = elsewhere >= 0
    _add_places(found, pricing, state, rows[there], elsewhere[there], rest[there])


def _empty_places(pricing: Pricing, state: State, numbers: PlaceNumbers) -> Int64Array:
    """int64[9], pence by kind, for commissioned places of the authority's own that stay empty.

    A group's number counts once, for all its pools.
    """
    prepared, year = pricing.prepared, pricing.year
    pools = prepared.pools
    used = np.bincount(state.pool[state.pool >= 0], minlength=pools.count)
    price = _empty_price(pricing)
    alone = (pools.group < 0) & (numbers.places[:, year] > 0)
    empty = np.maximum(numbers.places[:, year] - used, 0)
    paid = np.zeros(NO_KIND, dtype=np.int64)
    np.add.at(paid, pools.kind[alone], (empty * price)[alone])
    in_groups = of_groups(prepared, used)
    for group in np.flatnonzero(pools.group_parent < 0).tolist():
        member = np.flatnonzero(pools.group == group)
        if member.size:
            left = max(int(numbers.group_places[group, year] - in_groups[group]), 0)
            paid[pools.kind[member[0]]] += left * int(price[member[0]])
    for at, pool, places, share in numbers.early:
        if at == year:
            paid[pools.kind[pool]] += round(Fraction(int(price[pool]) * places) * share)
    return paid


def _empty_price(pricing: Pricing) -> IntArray:
    """int64[N], pence a year for an empty place."""
    prepared, money = pricing.prepared, pricing.prepared.definition.money
    pools = prepared.pools
    price = np.where(np.isin(pools.kind, BASES), money.empty_base_place_pence, 0)
    price = np.where(pools.kind == SPECIAL, money.empty_special_place_pence, price)
    return np.where(pools.in_borough, pricing.of("place_funding", price), 0)


@lru_cache(maxsize=4)
def income_of(prepared: Prepared) -> tuple[int, ...]:
    """Return each year's income, pence: the definition's, or the cost of the children on file where it says none."""
    money = prepared.definition.money
    first = money.income_pence if money.income_pence is not None else cost_on_file(prepared)
    return grown_income(first, Fraction(str(money.income_growth)), prepared.definition.years)


def cost_on_file(prepared: Prepared) -> int:
    """Return what the children on file cost in full in the places they hold, with other spend, in the first year."""
    pricing, state = prepared.pricing[0], prepared.on_file
    seated = np.flatnonzero(state.pool >= 0)
    found = _nothing_yet()
    _add_places(found, pricing, state, seated, state.pool[seated], np.full(seated.size, MILLION))
    held = np.bincount(state.pool[seated], minlength=prepared.pools.count) > 0
    blocks = int(prepared.pools.unit_block[held].sum())
    return int(found[BUDGET].sum()) + blocks + prepared.definition.money.other_spend_pence
