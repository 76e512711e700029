"""Gathered facts without one of their children: its record, and the columns of its pairs with pools."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inborough.cost.v1 import cost_pb2
from inborough.placement.v1 import facts_pb2

BYTES_A_PAIR = {
    "distance_metres": 4,
    "travel_minutes": 4,
    "annual_budget_cost_pence": 8,
    "annual_marginal_cost_pence": 8,
    "eligibility_index": 1,
    "annual_transport_pence": 8,
    "travel_source_index": 1,
    "walking_metres": 4,
    "ride_minutes": 4,
}
ERASED = "erased"
BYTES_A_LINE = {"annual_pence": 8, "source_index": 1}


def facts_without(content: bytes, case_id: str) -> bytes:
    """The serialised GatheredFacts without a case. A place that it held or was offered counts still, of nobody."""
    facts = facts_pb2.GatheredFacts.FromString(content)
    for pool in facts.pools:
        for who in (pool.held_by, pool.offered_to):
            who[:] = [ERASED if each == case_id else each for each in who]
    at = next((at for at, case in enumerate(facts.cases) if case.case_id == case_id), None)
    if at is not None:
        _take_out(facts, at)
    return facts.SerializeToString(deterministic=True)


def _take_out(facts: facts_pb2.GatheredFacts, at: int) -> None:
    of_case = np.frombuffer(facts.case_index, "<i4")
    stays = of_case != at
    del facts.cases[at]
    facts.case_index = (of_case - (of_case > at))[stays].astype("<i4").tobytes()
    facts.pool_index = np.frombuffer(facts.pool_index, "<i4")[stays].tobytes()
    _keep_pairs(facts.quotes, stays)


def _keep_pairs(quotes: cost_pb2.QuoteOptionsResponse, stays: NDArray[np.bool_]) -> None:
    for name, width in BYTES_A_PAIR.items():
        setattr(quotes, name, _some(getattr(quotes, name), width, stays))
    for line in (*quotes.lines, *quotes.alternatives):
        for name, width in BYTES_A_LINE.items():
            setattr(line, name, _some(getattr(line, name), width, stays))


def _some(column: bytes, width: int, stays: NDArray[np.bool_]) -> bytes:
    """The pairs of a column that stay; an empty column was not asked for."""
    return np.frombuffer(column, f"V{width}")[stays].tobytes() if column else b""
