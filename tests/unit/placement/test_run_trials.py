"""What cost is asked about a trial, and how its answers are read."""

from __future__ import annotations

import numpy as np
import pytest

from inborough.common.v1 import common_pb2
from inborough.cost.v1 import transport_pb2
from services.placement.run_trials import RunTrials, Travelling
from shared.errors import ChangedMeanwhile

# Case 0 may go to 101 (two pools) or 102, case 1 to 102.
OPTION_CASE, OPTION_URN = np.array([0, 0, 0, 1], np.int32), np.array([101, 101, 102, 102], np.int32)


def travelling() -> Travelling:
    """One child who stays at 103, and two who are due."""
    return Travelling(
        first_day=common_pb2.Date(year=2024, month=9, day=2),
        settled=[transport_pb2.Traveller(case_id="case_s", urn=103)],
        due=[transport_pb2.Traveller(case_id="case_a"), transport_pb2.Traveller(case_id="case_b")],
        destinations=[transport_pb2.Destination(urn=urn) for urn in (101, 102, 103)],
        option_case=OPTION_CASE,
        option_urn=OPTION_URN,
    )


class Cost:
    """Answers with numbers that say what they are of: the n-th traveller saves n00, the n-th candidate adds n0."""

    def __init__(self) -> None:
        self.asked: list[transport_pb2.PriceRunsRequest] = []
        self.revision = "rev_1"

    def __call__(self, request: transport_pb2.PriceRunsRequest) -> transport_pb2.PriceRunsResponse:
        self.asked.append(request)
        travellers, candidates = len(request.travellers), len(request.candidate_traveller) // 4
        return transport_pb2.PriceRunsResponse(
            revision=self.revision,
            annual_pence=1000,
            saved_annual_pence=packed(range(0, travellers * 100, 100)),
            added_annual_pence=packed(range(0, candidates * 10, 10)),
            least_annual_pence=packed(range(candidates)),
            least_travelling_annual_pence=packed(range(7, 7 + travellers)),
        )


def packed(numbers: range) -> bytes:
    return np.array(numbers, "<i8").tobytes()


def going(request: transport_pb2.PriceRunsRequest) -> list[tuple[str, int]]:
    return [(child.case_id, child.urn) for child in request.travellers]


def test_children_go_where_the_plan_sends_them_and_those_who_stay_stay() -> None:
    cost = Cost()
    prices = RunTrials(travelling(), cost).price(np.array([2, -1]))
    assert going(cost.asked[0]) == [("case_s", 103), ("case_a", 102), ("case_b", 0)]
    assert not cost.asked[0].candidate_traveller
    assert (prices.total, prices.saved.tolist()) == (1000, [100, 200])


def test_each_child_is_asked_about_once_for_each_setting_and_every_pool_there_has_the_answer() -> None:
    cost = Cost()
    added = RunTrials(travelling(), cost).added(np.array([2, 3]))
    asked = cost.asked[0]
    assert np.frombuffer(asked.candidate_traveller, "<i4").tolist() == [1, 1, 2]
    assert np.frombuffer(asked.candidate_destination, "<i4").tolist() == [0, 1, 1]
    assert added.tolist() == [0, 0, 10, 20]


def test_the_least_is_read_of_options_and_of_those_who_stay() -> None:
    least, of_others = RunTrials(travelling(), Cost()).least(np.array([2, 3]))
    assert (least.tolist(), of_others) == ([0, 0, 1, 2], 7)


def test_what_is_known_of_a_plan_is_not_asked_again() -> None:
    cost = Cost()
    trials, chosen = RunTrials(travelling(), cost), np.array([2, 3])
    trials.least(chosen)
    trials.added(chosen)
    trials.price(chosen)
    assert len(cost.asked) == 1
    trials.price(np.array([0, 3]))
    assert len(cost.asked) == 2


def test_children_sent_together_are_there_besides_and_read_apart() -> None:
    cost = Cost()
    found = RunTrials(travelling(), cost).together(np.array([-1, -1]), np.array([2, 3]))
    assert going(cost.asked[0])[3:] == [("case_a_beside", 102), ("case_b_beside", 102)]
    assert found.tolist() == [300, 400]


def test_a_child_with_two_pools_at_a_setting_is_there_once() -> None:
    cost = Cost()
    found = RunTrials(travelling(), cost).together(np.array([-1, 3]), np.array([0, 1]))
    assert going(cost.asked[0])[3:] == [("case_a_beside", 101)]
    assert found.tolist() == [300, 300]


def test_prices_that_change_during_a_search_end_it() -> None:
    cost = Cost()
    trials = RunTrials(travelling(), cost)
    trials.price(np.array([2, 3]))
    assert trials.revision == "rev_1"
    cost.revision = "rev_2"
    with pytest.raises(ChangedMeanwhile, match="Plan again"):
        trials.price(np.array([0, 3]))


def test_with_nobody_due_there_is_nothing_to_ask_about() -> None:
    nobody = Travelling(common_pb2.Date(year=2024, month=9, day=2), [], [], [], OPTION_CASE[:0], OPTION_URN[:0])
    cost, none = Cost(), np.array([], np.int64)
    trials = RunTrials(nobody, cost)
    assert (trials.price(none).total, trials.added(none).size, trials.least(none)[1]) == (1000, 0, 0)
