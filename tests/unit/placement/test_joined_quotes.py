"""A question of more pairs than one call prices is cut between cases, and its answers are joined as if it were one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from inborough.cost.v1 import cost_pb2
from services.placement.joined_quotes import ask_by_parts, cut_by_cases, join_quotes
from shared.errors import ChangedMeanwhile

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


def a_request(**fields: Any) -> cost_pb2.QuoteOptionsRequest:
    """Cases 0 to 4 over the pairs of CASES, each with a pool and a flag of its own."""
    return cost_pb2.QuoteOptionsRequest(
        cases=[cost_pb2.QuoteCase(case_id=f"case_{at}") for at in range(5)],
        case_index=CASES.astype("<i4").tobytes(),
        pool_index=np.arange(10, dtype="<i4").tobytes(),
        pair_flags=bytes(range(10)),
        **fields,
    )


class Answering:
    """Answers each pair with ten times its pool, at the revision given for each call in turn."""

    def __init__(self, *revisions: str) -> None:
        self.asked: list[cost_pb2.QuoteOptionsRequest] = []
        self._revisions = iter(revisions)

    def __call__(self, request: cost_pb2.QuoteOptionsRequest) -> cost_pb2.QuoteOptionsResponse:
        self.asked.append(request)
        metres = 10 * np.frombuffer(request.pool_index, "<i4")
        return cost_pb2.QuoteOptionsResponse(revision=next(self._revisions), distance_metres=metres.tobytes())


def test_each_part_has_its_own_cases_pairs_and_flags() -> None:
    ask = Answering("rev_1", "rev_1")
    answer = ask_by_parts(ask, a_request(), 6)
    first, second = ask.asked
    assert [case.case_id for case in first.cases] == ["case_0", "case_1", "case_3"]
    assert np.frombuffer(first.case_index, "<i4").tolist() == [0, 0, 0, 1, 1, 2]
    assert [case.case_id for case in second.cases] == ["case_4"]
    assert np.frombuffer(second.pool_index, "<i4").tolist() == list(second.pair_flags) == [6, 7, 8, 9]
    assert np.frombuffer(answer.distance_metres, "<i4").tolist() == list(range(0, 100, 10))


@pytest.mark.parametrize(("most", "fields"), [(10, {}), (2, {"include_lines": True})])
def test_a_question_that_fits_or_has_lines_is_asked_as_it_is(most: int, fields: dict[str, bool]) -> None:
    ask, request = Answering("rev_1"), a_request(**fields)
    ask_by_parts(ask, request, most)
    assert ask.asked == [request]


def test_parts_of_two_revisions_are_asked_for_again_and_at_last_are_no_answer() -> None:
    again = Answering("rev_1", "rev_2", "rev_2", "rev_2")
    assert ask_by_parts(again, a_request(), 6).revision == "rev_2"
    with pytest.raises(ChangedMeanwhile, match="Prices are being changed"):
        ask_by_parts(Answering(*"123456"), a_request(), 6)
