"""What later arrivals would lose by a place: shown beside a ranking, and weighed by the policy that says so."""

from __future__ import annotations

import pytest

from inborough.caseload.v1 import caseload_pb2, caseload_pb2_grpc
from inborough.placement.v1 import placement_pb2, placement_pb2_grpc
from tests.builders.identity import connect

SECONDS = 120
KEEPS = "keeps-places-for-later-arrivals"
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.servers)], indirect=True
)


@pytest.fixture(scope="session")
def case_id(neighbours: dict[str, str]) -> str:
    """A case with a decision due."""
    with connect("caseload", neighbours["caseload_address"]) as channel:
        request = caseload_pb2.ListCasesRequest(only_due=True, page_size=1)
        (case,) = caseload_pb2_grpc.CaseloadServiceStub(channel).ListCases(request, timeout=SECONDS).cases
        return case.case_id


def recommend(
    placement: placement_pb2_grpc.PlacementServiceStub, case_id: str, policy: str = ""
) -> placement_pb2.RecommendOptionsResponse:
    request = placement_pb2.RecommendOptionsRequest(case_id=case_id, top=5, policy=policy)
    return placement.RecommendOptions(request, timeout=SECONDS)


@ON_SQLITE
def test_they_are_shown_once_they_are_worked_out_and_change_no_recommendation(
    placement: placement_pb2_grpc.PlacementServiceStub, case_id: str
) -> None:
    before = recommend(placement, case_id)
    assert not before.HasField("later_arrivals")
    placement.RefreshStandingPlan(placement_pb2.RefreshStandingPlanRequest(), timeout=SECONDS)
    after = recommend(placement, case_id)
    shown = {pool.pool_id for pool in after.later_arrivals.pools}
    assert shown == {option.pool_id for option in after.recommendation.options if option.pool_id}
    assert after.recommendation.recommendation_id == before.recommendation.recommendation_id
    again = placement_pb2.GetRecommendationRequest(recommendation_id=before.recommendation.recommendation_id)
    assert placement.GetRecommendation(again, timeout=SECONDS).later_arrivals == after.later_arrivals


@ON_POSTGRESQL
def test_the_policy_that_keeps_places_weighs_them_the_same_each_time(
    on_sqlite: placement_pb2_grpc.PlacementServiceStub, placement: placement_pb2_grpc.PlacementServiceStub, case_id: str
) -> None:
    here, elsewhere = recommend(on_sqlite, case_id, KEEPS), recommend(placement, case_id, KEEPS)
    assert here.recommendation.policy.startswith(KEEPS)
    assert here.recommendation.facts_hash == elsewhere.recommendation.facts_hash
    assert list(here.recommendation.options) == list(elsewhere.recommendation.options)
    assert list(here.later_arrivals.pools) == list(elsewhere.later_arrivals.pools)


def test_a_plan_that_keeps_places_gives_up_nothing_that_comes_before(
    on_sqlite: placement_pb2_grpc.PlacementServiceStub,
) -> None:
    plans = [
        on_sqlite.ProposePlan(placement_pb2.ProposePlanRequest(policy=policy), timeout=SECONDS).plan
        for policy in ("", KEEPS)
    ]
    usual, keeping = (
        [plan.totals[term] for term in ("unplaced", "needs_judgement", "request_not_given")] for plan in plans
    )
    assert usual == keeping
    assert "later_arrivals_unsettled" in plans[1].totals
