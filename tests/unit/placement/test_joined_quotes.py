"""A question of more pairs than one call prices is cut between cases, and its answers are joined as if it were one."""

from __future__ import annotations

import numpy as np
import pytest

from inborough.cost.v1 import cost_pb2
from services.placement.joined_quotes import cut_by_cases, join_quotes

CASES = np.array([0, 0, 0, 1, 1, 3, 4, 4, 4, 4], np.int32)


@pytest.mark.parametrize(
    ("most", "runs"),
    [
        (10, [(0, 10)]),
        (9, [(0, 6), (6, 10)]),
        (5, [(0, 5), (5, 10)]),
        (4, [(0, 3), (3, 6), (6, 10)]),
        (1, [(0, 3), (3, 5), (5, 6), (6, 10)]),  # a case is never cut
    ],
)
def test_runs_are_as_long_as_may_be_and_cut_no_case(most: int, runs: list[tuple[int, int]]) -> None:
    assert [(run.start, run.stop) for run in cut_by_cases(CASES, most)] == runs


def test_no_pairs_are_one_empty_run() -> None:
    assert cut_by_cases(CASES[:0], 5) == [slice(0, 0)]


def test_what_answers_point_at_is_told_once_and_pointed_at_anew() -> None:
    walks, bus = (cost_pb2.TravelEligibility(code=code) for code in ("within_distance", "beyond_distance"))
    straight = cost_pb2.TravelSource(method="straight line")
    first = cost_pb2.QuoteOptionsResponse(
        revision="rev_1",
        distance_metres=np.array([5, 6], "<i4").tobytes(),
        eligibilities=[walks],
        eligibility_index=bytes([0, 0]),
        travel_sources=[straight],
        travel_source_index=bytes([0, 255]),
    )
    second = cost_pb2.QuoteOptionsResponse(
        revision="rev_1",
        distance_metres=np.array([7], "<i4").tobytes(),
        eligibilities=[bus, walks],
        eligibility_index=bytes([1]),
        travel_source_index=bytes([255]),
    )
    joined = join_quotes([first, second])
    assert joined.revision == "rev_1"
    assert np.frombuffer(joined.distance_metres, "<i4").tolist() == [5, 6, 7]
    assert [found.code for found in joined.eligibilities] == ["within_distance", "beyond_distance"]
    assert list(joined.eligibility_index) == [0, 0, 0]
    assert list(joined.travel_source_index) == [0, 255, 255]
    assert list(joined.travel_sources) == [straight]
