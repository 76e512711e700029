"""Price every pair of a call: journeys, eligibility, lines, totals. A total is the sum of its ledger's lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.cost.carrying.added import Added, add_to_runs, on_no_run
from services.cost.carrying.ready import OWN_VEHICLE, ReadyRuns
from services.cost.domain.pricing import Amount, CostLine, Origin, Pricing
from services.cost.domain.words import KINDS
from services.cost.quotes.alternatives import list_alternatives
from services.cost.quotes.columns import Places, QuoteColumns
from services.cost.quotes.journeys import JudgedTravel, find_fares, judge_pairs
from services.cost.quotes.tables import LineTable, child_tables, place_tables, travel_tables
from services.cost.transport.fares import Fares
from services.cost.transport.travel import Journeys, Travel
from shared.errors import TooMuch, WrongState

FEW = 100
NO_SOURCE = 255
"""A pair to which a line does not apply."""
TOO_MANY_RATES = "The cost lines asked for cite more than 255 rates. Ask for fewer children at once."
ADDED_TO_A_RUN = "Transport: added to a run"
BUDGET, MARGINAL = "budget", "marginal"
_AMOUNTS: dict[str, Callable[[CostLine], Amount]] = {
    BUDGET: lambda line: line.budget,
    MARGINAL: lambda line: line.marginal,
}


@dataclass(frozen=True)
class Assumptions:
    """What the authority set: how journeys are found, and whether its policy pays for travel after Year 11."""

    travel: Travel
    post_16_travel_paid: bool


@dataclass(frozen=True, eq=False)
class LineColumn:
    """One line of one ledger for every pair: pence (int64) and the place of its origin (uint8; 255: not applicable)."""

    label: str
    ledger: str
    annual_pence: NDArray[np.int64]
    origin_at: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Quote:
    """Prices of every pair, column by column. `lines`, `alternatives` and `origins` are empty unless asked for.

    `alternatives`: what could be offered in place of transport where it is paid; in no total. `annual_transport_pence`:
    of the marginal total, what transport adds. `ride_minutes` is -1 where a child is on no run.
    """

    journeys: Journeys
    travel: JudgedTravel
    annual_budget_pence: NDArray[np.int64]
    annual_marginal_pence: NDArray[np.int64]
    annual_transport_pence: NDArray[np.int64]
    ride_minutes: NDArray[np.int64]
    run_plan_id: str = ""
    lines: Sequence[LineColumn] = ()
    origins: Sequence[Origin] = ()
    alternatives: Sequence[LineColumn] = ()


def quote_pairs(
    pricing: Pricing,
    fares: Fares,
    assumptions: Assumptions,
    columns: QuoteColumns,
    ready: ReadyRuns | None = None,
    *,
    include_lines: bool,
) -> Quote:
    """Price every pair: travel by the runs in force, `ready`, and by average fares where there are none.

    Raises WrongState naming the kinds for which the card has no price.
    """
    children, places, pairs = columns.children, columns.places, columns.pairs
    _check_all_priced(pricing, places)
    journeys = assumptions.travel.find_journeys(children.homes, places.settings, pairs.child_at, pairs.pool_at)
    paid = assumptions.post_16_travel_paid
    travel = judge_pairs(children, pairs, journeys.walking_metres, post_16_travel_paid=paid)
    positions = find_fares(fares, children, pairs.child_at, journeys.route_metres)
    added = add_to_runs(ready, columns, journeys, travel.paid) if ready else on_no_run(travel.paid.size)
    by_place = [*place_tables(pricing, places, pairs), *child_tables(pricing, children, places, pairs)]
    by_fare = travel_tables(fares, positions, travel.paid & ~added.carried)
    for_place, for_fare = (_totals(tables, pairs.child_at.size) for tables in (by_place, by_fare))
    budget, marginal = (place + fare + added.added_pence for place, fare in zip(for_place, for_fare, strict=True))
    totals = budget, marginal, for_fare[1] + added.added_pence
    run_plan_id = ready.run_plan_id if ready else ""
    if not include_lines:
        return Quote(journeys, travel, *totals, added.ride_minutes, run_plan_id)
    origins: dict[Origin, int] = {}
    lines = _lines([*by_place, *by_fare], (BUDGET, MARGINAL), origins)
    lines += _lines_of_runs(ready, added, origins) if ready else []
    alternatives = _lines(list_alternatives(fares, travel, journeys.route_metres), (BUDGET,), origins)
    shown = lines, list(origins), alternatives
    return Quote(journeys, travel, *totals, added.ride_minutes, run_plan_id, *shown)


def _lines_of_runs(ready: ReadyRuns, added: Added, origins: dict[Origin, int]) -> list[LineColumn]:
    """What the child adds to the runs, where it is on one: the same on both ledgers, as any transport is.

    A share of the run that it joins would count again what is paid for the children aboard already. The source says
    which run that is, by its number alone, as long as there are sources enough for all runs.
    """
    if not added.carried.any():
        return []
    runs = np.unique(added.run[added.carried]).tolist()
    told = runs if len(origins) + len(runs) <= NO_SOURCE else [None]
    at = np.full(added.run.size, NO_SOURCE, np.uint8)
    for run in told:
        where = added.carried if run is None else added.carried & (added.run == run)
        at[where] = origins.setdefault(_origin_of_run(ready, run), len(origins))
        if len(origins) > NO_SOURCE:
            raise TooMuch(TOO_MANY_RATES)
    return [LineColumn(ADDED_TO_A_RUN, ledger, added.added_pence, at) for ledger in (BUDGET, MARGINAL)]


def _origin_of_run(ready: ReadyRuns, run: int | None) -> Origin:
    """ "runs_…: on run 7; what all runs cost more with the child, 190 days"; None: one run or another."""
    on_it = "" if run is None else "on a vehicle of its own; " if run == OWN_VEHICLE else f"on run {run}; "
    words = f"{ready.run_plan_id}: {on_it}what all runs cost more with the child, {ready.terms.days} days"
    return Origin(ready.terms.basis, words)


def _check_all_priced(pricing: Pricing, places: Places) -> None:
    """An unpriced place would look like the cheapest of all, so it is refused."""
    asked = zip(places.kind, map(pricing.urn_that_matters, places.urn), strict=True)
    if unpriced := sorted({kind for kind, urn in set(asked) if not pricing.prices(kind, urn)}):
        card, kinds = pricing.heading, ", ".join(KINDS[kind] for kind in unpriced)
        raise WrongState(
            f"Rate card {card.name} v{card.version} has no price for places of kind: {kinds}. "
            f"Add rates for them to the file and import it again.",
            kinds=",".join(unpriced),
        )


def _totals(tables: Sequence[LineTable], count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    budget, marginal = np.zeros(count, np.int64), np.zeros(count, np.int64)
    for table in tables:
        in_budget, in_marginal = _pence(table, BUDGET), _pence(table, MARGINAL)
        if in_budget.any():
            column = in_budget[table.at]
            budget += column
            if in_marginal.any():
                marginal += column if np.array_equal(in_budget, in_marginal) else in_marginal[table.at]
    return budget, marginal


def _pence(table: LineTable, ledger: str) -> NDArray[np.int64]:
    amount = _AMOUNTS[ledger]
    return np.array([amount(line).annual_pence if line else 0 for line in table.entries], np.int64)


def _lines(tables: Sequence[LineTable], ledgers: Sequence[str], origins: dict[Origin, int]) -> list[LineColumn]:
    """A column for each line that applies to any pair; `origins` gets those that occur."""
    return [
        LineColumn(table.label, ledger, _pence(table, ledger)[table.at], origin_at)
        for table in tables
        for ledger in ledgers
        if (origin_at := _origins(table, ledger, origins)) is not None
    ]


def _origins(table: LineTable, ledger: str, origins: dict[Origin, int]) -> NDArray[np.uint8] | None:
    """The origin of this line for every pair, noting new ones in `origins`; None when it applies to no pair."""
    said = [(at, line) for at in _occurring(table) if (line := table.entries[at]) is not None]
    if not said:
        return None
    places = np.full(len(table.entries), NO_SOURCE, np.uint8)
    for at, line in said:
        places[at] = origins.setdefault(_AMOUNTS[ledger](line).origin, len(origins))
        if len(origins) > NO_SOURCE:
            raise TooMuch(TOO_MANY_RATES)
    return places[table.at]


def _occurring(table: LineTable) -> list[int]:
    """The entries that some pair takes, in order. Of few pairs plain Python finds them sooner."""
    if table.at.size <= FEW:
        return sorted(set(table.at.tolist()))
    return np.flatnonzero(np.bincount(table.at, minlength=len(table.entries))).tolist()
