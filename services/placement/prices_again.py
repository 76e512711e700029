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
from services.placement.joined_quotes import COLUMNS, NOTHING, POINTING, join_quotes
from services.placement.model.facts import PoolFacts
from services.placement.model.judge import BoolArray, Int64Array, OpenOptions


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
    return _joined(before.quoted, answer, rows_before, asked)


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
    asked: Int64Array,
) -> cost_pb2.QuoteOptionsResponse:
    """Prices taken over where they stand, and the answer's for the options asked for."""
    joined, at = join_quotes([before, answer]), rows_before.copy()
    at[asked] = len(before.eligibility_index) + np.arange(asked.size)
    for name, dtype in {**COLUMNS, **dict.fromkeys(POINTING, "u1")}.items():
        setattr(joined, name, np.frombuffer(getattr(joined, name), dtype)[at].tobytes())
    return in_one_order(joined)


def _put(quoted: Any, column: str, pointed: str, index: Any, things: Sequence[Any]) -> None:
    setattr(quoted, column, index.tobytes())
    quoted.ClearField(pointed)
    getattr(quoted, pointed).extend(things)
