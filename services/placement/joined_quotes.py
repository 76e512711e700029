"""A question of more pairs than cost prices in one call, cut by cases, and its answers put together again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from inborough.cost.v1 import cost_pb2
from services.placement.model.judge import Int32Array
from shared.errors import ChangedMeanwhile

ATTEMPTS = 3
PAIRS_A_CALL = 5_000_000
"""The most that cost prices in one call (cost.proto)."""

COLUMNS = {
    "distance_metres": "<i4",
    "travel_minutes": "<i4",
    "annual_budget_cost_pence": "<i8",
    "annual_marginal_cost_pence": "<i8",
    "annual_transport_pence": "<i8",
}
"""Columns of numbers, one a pair."""
POINTING = {"eligibility_index": "eligibilities", "travel_source_index": "travel_sources"}
"""Columns of one byte a pair that point into a list of the same answer."""
NOTHING = 255


def ask_by_parts(
    ask: Callable[[cost_pb2.QuoteOptionsRequest], cost_pb2.QuoteOptionsResponse],
    request: cost_pb2.QuoteOptionsRequest,
    most: int = PAIRS_A_CALL,
) -> cost_pb2.QuoteOptionsResponse:
    """The answer to a request, asked for by several when it has more pairs than `most` and no lines.

    All parts are answered at one revision. Pairs must be ordered by case. Raises ChangedMeanwhile when prices never
    hold still, and what `ask` raises.
    """
    runs = cut_by_cases(np.frombuffer(request.case_index, "<i4"), most)
    if request.include_lines or len(runs) == 1:
        return ask(request)
    for _ in range(ATTEMPTS):
        answers = [ask(_part(request, run)) for run in runs]
        if len({answer.revision for answer in answers}) == 1:
            return join_quotes(answers)
    raise ChangedMeanwhile("Prices are being changed faster than they can be read. Try again when that is done.")


def _part(request: cost_pb2.QuoteOptionsRequest, run: slice) -> cost_pb2.QuoteOptionsRequest:
    """The pairs of one run with their cases alone."""
    rows, index = np.unique(np.frombuffer(request.case_index, "<i4")[run], return_inverse=True)
    return cost_pb2.QuoteOptionsRequest(
        first_day=request.first_day,
        cases=[request.cases[row] for row in rows.tolist()],
        pools=request.pools,
        case_index=index.astype("<i4").tobytes(),
        pool_index=request.pool_index[4 * run.start : 4 * run.stop],
        pair_flags=request.pair_flags[run],
    )


def cut_by_cases(case_index: Int32Array, most: int = PAIRS_A_CALL) -> list[slice]:
    """Runs of pairs, at most `most` in each, whose cases no other run has; one run where all fit.

    Which pair pays for travel depends on the other pairs of its case, so a case is never cut: one with more pairs makes
    a longer run. Pairs must be ordered by case.
    """
    if case_index.size <= most:
        return [slice(0, case_index.size)]
    ends = np.append(np.flatnonzero(np.diff(case_index)) + 1, case_index.size)
    runs, begin = [], 0
    while begin < case_index.size:
        fits = int(np.searchsorted(ends, begin + most, side="right")) - 1
        end = int(ends[fits]) if fits >= 0 and ends[fits] > begin else int(ends[ends > begin][0])
        runs.append(slice(begin, end))
        begin = end
    return runs


def join_quotes(answers: Sequence[cost_pb2.QuoteOptionsResponse]) -> cost_pb2.QuoteOptionsResponse:
    """One answer over the pairs of all, in their order. All are of one revision, and without lines."""
    first = answers[0]
    joined = cost_pb2.QuoteOptionsResponse(
        rate_card_id=first.rate_card_id,
        revision=first.revision,
        travel_method=first.travel_method,
        run_plan_id=first.run_plan_id,
    )
    for name in COLUMNS:
        setattr(joined, name, b"".join(getattr(answer, name) for answer in answers))
    for column, pointed in POINTING.items():
        _join_pointing(joined, answers, column, pointed)
    return joined


def _join_pointing(
    joined: cost_pb2.QuoteOptionsResponse,
    answers: Sequence[cost_pb2.QuoteOptionsResponse],
    column: str,
    pointed: str,
) -> None:
    """One list of what the answers' lists have, each thing once, and their columns pointing into it.

    The lists hold what cost's few rules and providers say: tens of things, of 255 that a byte can tell apart.
    """
    places: dict[bytes, int] = {}
    packed = []
    for answer in answers:
        moved = np.full(NOTHING + 1, NOTHING, np.uint8)
        for at, thing in enumerate(getattr(answer, pointed)):
            key = thing.SerializeToString(deterministic=True)
            if key not in places:
                places[key] = len(places)
                _list_of(joined, pointed).append(thing)
            moved[at] = places[key]
        packed.append(moved[np.frombuffer(getattr(answer, column), np.uint8)].tobytes())
    setattr(joined, column, b"".join(packed))


def _list_of(answer: cost_pb2.QuoteOptionsResponse, name: str) -> Any:
    return getattr(answer, name)
