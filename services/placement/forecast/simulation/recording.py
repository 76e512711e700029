"""Put the years of a replicate together as its outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from services.placement.forecast.money.trajectory import deficits
from services.placement.forecast.rates.rates import NEEDS
from services.placement.forecast.simulation.categories import ELSEWHERE, KINDS, PHASE_OF_AGE, PHASES, REASONS, UNMET
from services.placement.forecast.simulation.categories import PLACE_KINDS as PLACES
from services.placement.forecast.simulation.options import RATHER_THAN
from services.placement.forecast.simulation.outcome import LINES, OPPORTUNITIES, Int32Array, Int64Array, Outcome
from services.placement.forecast.simulation.prepare import Prepared
from services.placement.forecast.simulation.probing import value_of_probes
from services.placement.forecast.simulation.spending import BUDGET, income_of, spend_of
from services.placement.forecast.simulation.state import State, count_by_need
from services.placement.forecast.simulation.world import ELSEWHERE_ROW, BoolArray

if TYPE_CHECKING:
    from services.placement.forecast.simulation.simulate import Year

KINDS_OF_OPPORTUNITY = {name: kinds for _, choices in RATHER_THAN.values() for name, kinds in choices}


def outcome_of(prepared: Prepared, replicate: int, years: Sequence[Year]) -> Outcome:
    """Return the outcome of a replicate's years."""
    told = prepared.told_count
    spend = np.stack(
        [spend_of(one.pricing, one.after, one.decided, one.numbers, one.running, one.opened) for one in years]
    )
    totals = [int(total) for total in spend[:, BUDGET].sum(axis=(1, 2))]
    income = income_of(prepared)
    price = [one.decided.saved_by_one_more_place() for one in years]
    values = [
        value_of_probes(prepared, one.decided, saved, one.pricing) for one, saved in zip(years, price, strict=True)
    ]
    places = np.stack([_places(prepared, one)[:told] for one in years])
    used = np.stack([_used(prepared, one.after)[:told] for one in years])
    return Outcome(
        replicate=replicate,
        children=np.stack([count_children(prepared, one.after) for one in years]),
        flows=np.array([_flows(one) for one in years], dtype=np.int64),
        new_plans=np.stack([count_by_need(one.new.need, one.new.age) for one in years]),
        ceased=np.stack([one.left.ceased for one in years]),
        due=np.stack([_by_reason(one, np.ones(one.decided.pool.size, np.bool_)) for one in years]),
        unplaced=np.stack([_by_reason(one, one.decided.pool < 0) for one in years]),
        due_by_need=np.stack([_due_by_need(one) for one in years]),
        out_of_borough=np.stack([_out_of_borough(prepared, one.after) for one in years]),
        unsettled=np.stack([_unsettled(one) for one in years]),
        requests=np.array([(one.decided.live.sum(), one.decided.given.sum()) for one in years], dtype=np.int32),
        places=places.astype(np.int32),
        used=used.astype(np.int32),
        over_held=np.where(places < 0, 0, np.maximum(used - places, 0)).astype(np.int32),
        spend=spend.sum(axis=3),
        spend_by_kind=np.delete(spend[:, BUDGET], LINES.index("transport"), axis=1).sum(axis=1),
        income=np.array(income, dtype=np.int64),
        deficit=np.array(deficits(prepared.definition.money.opening_deficit_pence, totals, income), dtype=np.int64),
        price=np.stack(price),
        value=np.stack(values),
        opportunities=np.stack([_opportunities(prepared, one) for one in years]),
    )


def count_children(prepared: Prepared, state: State) -> Int32Array:
    """Return int32[14, 6, A, 11], every child once, by need, phase, area and kind of placement."""
    kinds = np.append(prepared.pools.kind, -1)
    kind = np.where(state.pool >= 0, kinds[state.pool], np.where(state.pool == ELSEWHERE_ROW, ELSEWHERE, UNMET))
    shape = (len(NEEDS), len(PHASES), len(prepared.world.areas), len(KINDS))
    place = (state.need * len(PHASES) + PHASE_OF_AGE[state.age]) * len(prepared.world.areas) + state.area
    cell = place * len(KINDS) + kind
    return np.bincount(cell, minlength=int(np.prod(shape))).reshape(shape).astype(np.int32)


def _flows(year: Year) -> tuple[int, ...]:
    return year.start, year.new.count, int(year.left.ceased.sum()), year.left.aged_out, year.after.count


def _by_reason(year: Year, which: BoolArray) -> Int32Array:
    reasons = year.before.due[year.decided.options.due[which]]
    return np.bincount(reasons, minlength=len(REASONS)).astype(np.int32)


def _due_by_need(year: Year) -> Int32Array:
    due = year.decided.options.due
    return count_by_need(year.before.need[due], year.before.age[due])


def _unsettled(year: Year) -> Int32Array:
    chosen, options = year.decided.solution.chosen, year.decided.options
    rows = chosen[chosen >= 0]
    children = options.due[options.case[rows[options.unsettled[rows]]]]
    return count_by_need(year.before.need[children], year.before.age[children])


def _out_of_borough(prepared: Prepared, state: State) -> Int32Array:
    away = np.flatnonzero(state.pool >= 0)
    away = away[~prepared.pools.in_borough[state.pool[away]]]
    return count_by_need(state.need[away], state.age[away])


def _used(prepared: Prepared, state: State) -> Int64Array:
    return np.bincount(state.pool[state.pool >= 0], minlength=prepared.pools.count)


def _places(prepared: Prepared, year: Year) -> Int64Array:
    """Places on 1 September; none in a High Needs unit that did not open."""
    places = year.numbers.places[:, year.index].copy()
    shut = prepared.units[~year.running[prepared.units]]
    places[shut] = 0
    return places


def _opportunities(prepared: Prepared, year: Year) -> Int32Array:
    found = np.zeros((len(OPPORTUNITIES), 2), dtype=np.int32)
    found[0] = year.not_needed
    kind = prepared.pools.kind
    for at, name in enumerate(OPPORTUNITIES[1:] if prepared.may_open_more else (), 1):
        might = year.decided.options.opportunity == at
        pool = year.decided.pool[might]
        kinds = [PLACES.index(one) for one in KINDS_OF_OPPORTUNITY[name]]
        found[at] = might.sum(), np.isin(kind[pool[pool >= 0]], kinds).sum()
    return found
