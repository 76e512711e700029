"""`inborough cases`, `pools`, `policies` and `health`."""

from __future__ import annotations

import json
from collections.abc import Callable

from inborough.caseload.v1 import caseload_pb2
from inborough.placement.v1 import placement_pb2
from inborough.provision.v1 import provision_pb2
from shared.errors import NeighbourDown
from tests.builders.cli import CASE_ID, FIRST_DAY, a_case, a_policy, a_pool
from tests.service.cli.conftest import Ran, StandIns

Inborough = Callable[..., Ran]


def test_cases_due_are_a_table_that_says_how_to_see_more(services: StandIns, inborough: Inborough) -> None:
    page = caseload_pb2.ListCasesResponse(cases=[a_case()], total=315, next_page_token="t2")
    services.answer("ListCases", page)
    ran = inborough("cases", "--due", "--page-size", "1")
    assert ran.status == 0
    for words in (CASE_ID, "SEMH ASD", "2 Sep 2024", "15 Feb 2024", "1 of 315 decisions due", "More: --page-size 500"):
        assert words in " ".join(ran.out.split())
    assert json.loads(inborough("cases", "--due", "--page-size", "1", "--json").out)["next_page_token"] == "t2"
    assert (services.asked["ListCases"].only_due, services.asked["ListCases"].page_size) == (True, 1)
    assert max(map(len, ran.out.splitlines())) <= 80


def test_a_case_id_is_never_folded(services: StandIns, inborough: Inborough) -> None:
    review = caseload_pb2.DUE_REASON_REVIEW_CHANGE
    due = caseload_pb2.DecisionDue(reason=review, first_day=FIRST_DAY, deadline=FIRST_DAY)
    needs = [caseload_pb2.Need(rank=rank, code=code) for rank, code in ((1, "SEMH"), (2, "SLCN"), (3, "PMLD"))]
    services.answer("ListCases", caseload_pb2.ListCasesResponse(cases=[a_case(needs=needs, decision_due=due)], total=1))
    ran = inborough("cases", "--due")
    assert CASE_ID in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


def test_a_case_without_a_decision_due_says_so(services: StandIns, inborough: Inborough) -> None:
    services.answer("ListCases", caseload_pb2.ListCasesResponse(cases=[a_case(decision_due=None)], total=1))
    assert "not due" in inborough("cases").out
    assert json.loads(inborough("cases", "--json").out)["cases"][0]["decision_due"] is None


def test_cases_as_json_give_ids_reasons_and_iso_days(services: StandIns, inborough: Inborough) -> None:
    services.answer("ListCases", caseload_pb2.ListCasesResponse(cases=[a_case()], total=1))
    case = json.loads(inborough("cases", "--json").out)["cases"][0]
    assert case["case_id"] == CASE_ID
    assert case["needs"] == ["SEMH", "ASD"]
    due = {"reason": "phase_transfer", "first_day": "2024-09-02", "deadline": "2024-02-15", "advised_kinds": []}
    assert case["decision_due"] == due


def test_an_empty_caseload_says_how_to_fill_it(services: StandIns, inborough: Inborough) -> None:
    services.answer("ListCases", caseload_pb2.ListCasesResponse())
    assert "inborough import sen2" in inborough("cases").out


def test_pools_are_shown_for_the_busiest_first_day(services: StandIns, inborough: Inborough) -> None:
    days = [caseload_pb2.FirstDay(first_day=FIRST_DAY, decisions_due=300), caseload_pb2.FirstDay(decisions_due=2)]
    services.answer("ListFirstDays", caseload_pb2.ListFirstDaysResponse(first_days=days))
    open_ended = a_pool(pool_id="pool_M", kind="mainstream", needs=[], places_commissioned=None, places_free=None)
    services.answer("ListPlacePools", provision_pb2.ListPlacePoolsResponse(pools=[a_pool(), open_ended]))
    ran = inborough("pools")
    assert "Places on 2 September 2024" in ran.out
    assert "own decision is due counts as held here" in " ".join(ran.out.split())
    assert " ".join(ran.out.split()).count(" 16 13 3 ") == 1
    assert ran.out.count("R to Y6") == 2
    assert "pool_M" in ran.out, "a scenario names a pool by its id"
    assert "2 place pools, 3 places free where numbers are fixed." in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80
    second = json.loads(inborough("pools", "--json").out)["pools"][1]
    assert (second["places_free"], second["needs"]) == (None, [])


def test_pools_name_the_service_behind_them_that_is_down(services: StandIns, inborough: Inborough) -> None:
    services.answer("ListPlacePools", NeighbourDown("caseload"))
    ran = inborough("pools", "--first-day", "2024-09-02")
    assert ran.status == 3
    assert "The caseload service does not answer." in ran.err


def test_policies_say_what_they_weigh_in_order(services: StandIns, inborough: Inborough) -> None:
    services.answer("ListPolicies", placement_pb2.ListPoliciesResponse(policies=[a_policy()]))
    out = inborough("policies").out
    assert "suitable-then-near/1 (the default)" in out
    assert out.index("1. Children without a place") < out.index("2. Children in INMSS or out of borough")
    assert "£10,000" in out
    assert json.loads(inborough("policies", "--json").out)["policies"][0]["is_default"] is True


def test_health_is_good_when_every_service_answers(services: StandIns, inborough: Inborough) -> None:
    ran = inborough("health")
    assert ran.status == 0
    assert ran.out.count(" serving") == 5
    assert json.loads(inborough("health", "--json").out)["serving"] is True


def test_health_names_what_does_not_answer(no_services: None, inborough: Inborough) -> None:
    ran = inborough("health")
    assert ran.status == 3
    assert ran.out.count("does not answer") == 5
    assert "inborough up" in ran.err
