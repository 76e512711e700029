"""Prices of open options once some of them changed: taken over where nothing that cost is told has, else asked for.

A pair's price is of its case, its pool and the day alone, since no pair of a standing plan is held against a nearer
one: so prices of one revision stand for as long as case and pool say to cost what they said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from inborough.caseload.v1 import caseload_pb2
from inborough.cost.v1 import cost_pb2
from inborough.provision.v1 import provision_pb2
from services.placement import facts_wire
from services.placement.gather import Gathered, Neighbours
from services.placement.joined_quotes import NOTHING, POINTING
from services.placement.model.facts import PoolFacts
from services.placement.model.judge import BoolArray, Int64Array, OpenOptions

NUMBERS = {
    "distance_metres": "<i4",
    "travel_minutes": "<i4",
    "annual_budget_cost_pence": "<i8",
    "annual_marginal_cost_pence": "<i8",
    "annual_transport_pence": "<i8",
}


@dataclass(frozen=True, eq=False)
class PricedBefore:
    """Prices of the open options of facts gathered before."""

    gathered: Gathered
    quoted: cost_pb2.QuoteOptionsResponse


def quote_all(neighbours: Neighbours, gathered: Gathered, options: OpenOptions) -> cost_pb2.QuoteOptionsResponse:
    """Ask for every price. Raises WrongState when no rate card is in force."""
    everywhere = range(len(gathered.pools))
    return in_one_order(neighbours.quote(gathered, gathered.cases, everywhere, options.case, options.pool))


def quote_again(
    neighbours: Neighbours,
    gathered: Gathered,
    options: OpenOptions,
    before: PricedBefore,
    rows_before: Int64Array,
    revision: Callable[[], str],
) -> cost_pb2.QuoteOptionsResponse:
    """Every price, most of them taken over; `rows_before` is the row that each option had, -1 for none.

    `revision` says that of prices as they stand, where none is asked for. All are asked for when prices have another
    revision meanwhile. Raises WrongState when no rate card is in force.
    """
    same_cases, same_pools = _same_cases(gathered, before.gathered), _same_pools(gathered, before.gathered)
    stands = (rows_before >= 0) & same_cases[options.case] & same_pools[options.pool]
    asked = np.flatnonzero(~stands)
    pools = np.union1d(np.flatnonzero(~same_pools), options.pool[asked]).astype(np.int32)
    if not pools.size:
        answer = cost_pb2.QuoteOptionsResponse(revision=revision())
    else:
        rows, case_index = np.unique(options.case[asked], return_inverse=True)
        cases = [gathered.cases[row] for row in rows.tolist()]
        pool_index = np.searchsorted(pools, options.pool[asked]).astype(np.int32)
        answer = neighbours.quote(gathered, cases, pools.tolist(), case_index.astype(np.int32), pool_index)
    if answer.revision != before.quoted.revision:
        return quote_all(neighbours, gathered, options)
    return _joined(before.quoted, answer, rows_before, stands, asked)


def in_one_order(quoted: cost_pb2.QuoteOptionsResponse) -> cost_pb2.QuoteOptionsResponse:
    """The same prices with each list that columns point into in order of what it says, and nothing in it unused.

    So prices that say the same are the same bytes, however they were asked for.
    """
    for column, pointed in POINTING.items():
        index, things = np.frombuffer(getattr(quoted, column), np.uint8), getattr(quoted, pointed)
        said = {at: thing.SerializeToString(deterministic=True) for at, thing in enumerate(things)}
        used = np.flatnonzero(np.bincount(index, minlength=NOTHING + 1)[: len(said)]).tolist()
        places = {words: place for place, words in enumerate(sorted({said[at] for at in used}))}
        moved = np.full(NOTHING + 1, NOTHING, np.uint8)
        moved[used] = [places[said[at]] for at in used]
        by_words = {words: things[at] for at, words in said.items()}
        _put(quoted, column, pointed, moved[index], [by_words[words] for words in places])
    return quoted


def _same_cases(gathered: Gathered, before: Gathered) -> BoolArray:
    """bool[K], whether each case says to cost what it said."""
    known, rows = {id(case) for case in before.cases}, before.facts.case_rows

    def says_the_same(case: caseload_pb2.Case) -> bool:
        row = rows.get(case.case_id)
        return row is not None and facts_wire.quote_case(before.cases[row]) == facts_wire.quote_case(case)

    same = [id(case) in known or says_the_same(case) for case in gathered.cases]
    return np.array(same, dtype=np.bool_)


def _same_pools(gathered: Gathered, before: Gathered) -> BoolArray:
    """bool[P], whether each pool says to cost what it said."""
    known = {id(facts) for facts in before.facts.pools}
    rows = {facts.pool_id: row for row, facts in enumerate(before.facts.pools)}

    def says_the_same(pool: provision_pb2.PlacePool, facts: PoolFacts) -> bool:
        row = rows.get(pool.pool_id)
        if row is None:
            return False
        was = facts_wire.quote_pool(before.pools[row], before.facts.pools[row])
        return bool(was == facts_wire.quote_pool(pool, facts))

    both = zip(gathered.pools, gathered.facts.pools, strict=True)
    return np.array([id(facts) in known or says_the_same(pool, facts) for pool, facts in both], dtype=np.bool_)


def _joined(
    before: cost_pb2.QuoteOptionsResponse,
    answer: cost_pb2.QuoteOptionsResponse,
    rows_before: Int64Array,
    stands: BoolArray,
    asked: Int64Array,
) -> cost_pb2.QuoteOptionsResponse:
    """Prices taken over where they stand, and the answer's for the options asked for."""
    stays, taken = np.flatnonzero(stands), rows_before[stands]

    def column(name: str, dtype: str, was: Any, new: Any) -> Any:
        joined = np.empty(rows_before.size, dtype)
        joined[stays], joined[asked] = was[taken], new
        return joined

    joined = cost_pb2.QuoteOptionsResponse(
        rate_card_id=before.rate_card_id,
        revision=before.revision,
        travel_method=before.travel_method,
        run_plan_id=before.run_plan_id,
    )
    for name, dtype in NUMBERS.items():
        was, new = (np.frombuffer(getattr(said, name), dtype) for said in (before, answer))
        setattr(joined, name, column(name, dtype, was, new).tobytes())
    for name, pointed in POINTING.items():
        was, new = (np.frombuffer(getattr(said, name), np.uint8) for said in (before, answer))
        things = [*getattr(before, pointed), *getattr(answer, pointed)]
        shifted = np.where(new == NOTHING, NOTHING, new + len(getattr(before, pointed))).astype(np.uint8)
        _put(joined, name, pointed, column(name, "u1", was, shifted), things)
    return in_one_order(joined)


def _put(quoted: Any, column: str, pointed: str, index: Any, things: Sequence[Any]) -> None:
    setattr(quoted, column, index.tobytes())
    quoted.ClearField(pointed)
    getattr(quoted, pointed).extend(things)
