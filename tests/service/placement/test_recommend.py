"""Recommendations over the demonstration authority, through real services."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from inborough.caseload.v1 import caseload_pb2, caseload_pb2_grpc
from inborough.common.v1 import common_pb2
from inborough.cost.v1 import cost_pb2
from inborough.placement.v1 import placement_pb2, placement_pb2_grpc
from services.placement.model.problem import PlacementProblem
from services.placement.model.problem_file import read_problem
from services.placement.model.solve import solve
from shared.errors import InvalidInput, NotFound, WrongState
from tests.builders.identity import connect

Stub = placement_pb2_grpc.PlacementServiceStub


@pytest.fixture(scope="module")
def due(neighbours: dict[str, str]) -> list[caseload_pb2.Case]:
    with connect("caseload", neighbours["caseload_address"]) as channel:
        request = caseload_pb2.ListCasesRequest(only_due=True, page_size=500)
        return list(caseload_pb2_grpc.CaseloadServiceStub(channel).ListCases(request, timeout=10).cases)


def recommend(placement: Stub, case_id: str, **fields: object) -> placement_pb2.Recommendation:
    request = placement_pb2.RecommendOptionsRequest(case_id=case_id, **fields)  # type: ignore[arg-type]
    return placement.RecommendOptions(request, timeout=30).recommendation


def test_options_are_ranked_priced_line_by_line_and_none_fails_a_rule(
    on_sqlite: Stub, due: list[caseload_pb2.Case]
) -> None:
    for case in due[::10]:
        found = recommend(on_sqlite, case.case_id)
        ranks = [option.rank for option in found.options if option.rank]
        assert ranks == sorted(set(ranks))
        assert ranks[:5] == list(range(1, len(ranks[:5]) + 1))
        for option in found.options:
            sums: dict[int, int] = defaultdict(int)
            for line in option.cost_lines:
                sums[line.ledger] += line.annual_pence
            if option.pool_id:
                assert sums[cost_pb2.LEDGER_BUDGET] == option.annual_budget_cost_pence
                assert sums[cost_pb2.LEDGER_MARGINAL] == option.annual_marginal_cost_pence
            barred = {"request_fails_a_rule", "request_without_pool"} & set(option.flags)
            assert bool(barred) == (option.rank == 0)
            assert option.HasField("knock_on") == (option.no_knock_on == "")
            failing = [verdict for verdict in option.verdicts if verdict.outcome == common_pb2.OUTCOME_FAILS]
            assert bool(failing) == ("request_fails_a_rule" in barred)
        for refused in found.refused:
            assert any(verdict.outcome == common_pb2.OUTCOME_FAILS for verdict in refused.verdicts)


def test_every_pool_is_an_option_or_refused_or_counted_as_not_shown(
    on_sqlite: Stub, due: list[caseload_pb2.Case]
) -> None:
    for case in due[::20]:
        found = recommend(on_sqlite, case.case_id, top=3)
        pools = {option.pool_id for option in found.options if option.pool_id}
        refused = {option.pool_id for option in found.refused}
        assert not pools & refused
        assert len(pools) + len(refused) + found.options_not_shown == 141


def test_a_familys_request_is_always_among_the_options_with_what_the_law_asks(
    on_sqlite: Stub, due: list[caseload_pb2.Case]
) -> None:
    asked = full = 0
    for case in due:
        urns = {p.urn for p in case.preferences if p.legal_class == caseload_pb2.LEGAL_CLASS_S38_3}
        assert {p.urn for p in case.preferences} <= {o.urn for o in recommend(on_sqlite, case.case_id, top=1).options}
        if not urns:
            continue
        options = recommend(on_sqlite, case.case_id, top=1).options
        shown = {option.urn: option for option in options}
        assert urns <= set(shown)
        for urn in urns:
            asked += 1
            assert "s.39(4)" in shown[urn].legal_note or "has recorded a ground" in shown[urn].legal_note
            assert shown[urn].requested
            if (
                shown[urn].HasField("places_free")
                and shown[urn].places_free == 0
                and "recorded" not in shown[urn].legal_note
            ):
                full += 1
                assert "full is not itself a ground" in shown[urn].legal_note
    assert asked > 100
    assert full > 5


def test_a_requested_option_keeps_its_true_rank_however_few_are_shown(
    on_sqlite: Stub, due: list[caseload_pb2.Case]
) -> None:
    beyond = 0
    for case in due:
        if case.preferences:
            few, many = (recommend(on_sqlite, case.case_id, top=top).options for top in (1, 50))
            ranks = {option.pool_id: option.rank for option in many if option.pool_id}
            assert all(ranks.get(option.pool_id, option.rank) == option.rank for option in few)
            beyond += any(option.rank > 1 for option in few)
    assert beyond > 10


def test_the_plan_gives_each_case_an_option_level_with_its_first(on_sqlite: Stub, due: list[caseload_pb2.Case]) -> None:
    plan = on_sqlite.ProposePlan(placement_pb2.ProposePlanRequest(), timeout=60).plan
    for case in due[::3]:
        if case.case_id in plan.assignment:
            first = recommend(on_sqlite, case.case_id, top=1).options[0]
            assert first.pool_id == plan.assignment[case.case_id]


def the_problem(placement: Stub) -> PlacementProblem:
    plan = placement.ProposePlan(placement_pb2.ProposePlanRequest(), timeout=60).plan
    exported = placement.ExportProblem(placement_pb2.ExportProblemRequest(plan_id=plan.plan_id), timeout=30)
    return read_problem(exported.problem_json.decode())


def best_without(problem: PlacementProblem, case: int, pool: int | None) -> list[int]:
    """Optimal totals of the other cases when this one is absent, and with `pool` one place fewer when given."""
    kept = problem.option_case != case
    places = problem.pool_places.copy()
    group_places = problem.groups.places.copy()
    if pool is not None:
        places[pool] -= 1
        group = int(problem.groups.pool_parent[pool])
        while group >= 0:
            group_places[group] -= 1
            group = int(problem.groups.parent[group])
    groups = type(problem.groups)(problem.groups.ids, group_places, problem.groups.parent, problem.groups.pool_parent)
    left = PlacementProblem(
        problem.pool_ids,
        places,
        problem.case_ids,
        problem.terms,
        problem.option_case[kept],
        problem.option_pool[kept],
        problem.option_terms[:, kept],
        groups,
    )
    return [int(total) for total in solve(left).totals]


def test_knock_on_costs_equal_solving_the_others_again(on_sqlite: Stub, due: list[caseload_pb2.Case]) -> None:
    problem = the_problem(on_sqlite)
    rows = {case_id: row for row, case_id in enumerate(problem.case_ids)}
    pools = {pool_id: row for row, pool_id in enumerate(problem.pool_ids)}
    checked = affecting = 0
    for case in due[::25]:
        alone = best_without(problem, rows[case.case_id], None)
        for option in recommend(on_sqlite, case.case_id, top=4).options:
            if not option.HasField("knock_on"):
                continue
            taken = best_without(problem, rows[case.case_id], pools[option.pool_id])
            change = np.array(taken) - np.array(alone)
            expected = {name: int(c) for name, c in zip(problem.tiers, change, strict=True)}
            assert dict(option.knock_on.terms) == expected
            checked += 1
            affecting += any(expected.values())
    assert checked > 20
    assert affecting > 3, "the demonstration is scarce enough for some places to matter to others"


def test_a_recommendation_is_kept_as_it_was_given(placement: Stub, due: list[caseload_pb2.Case]) -> None:
    given = recommend(placement, due[0].case_id)
    request = placement_pb2.GetRecommendationRequest(recommendation_id=given.recommendation_id)
    assert placement.GetRecommendation(request, timeout=5).recommendation == given


def test_a_case_with_no_decision_due_is_ranked_beside_the_plan_when_a_day_is_given(
    on_sqlite: Stub, neighbours: dict[str, str], due: list[caseload_pb2.Case]
) -> None:
    with connect("caseload", neighbours["caseload_address"]) as channel:
        everyone = caseload_pb2_grpc.CaseloadServiceStub(channel).ListCases(
            caseload_pb2.ListCasesRequest(page_size=500), timeout=10
        )
    due_ids = {case.case_id for case in due}
    other = next(
        case
        for case in everyone.cases
        if case.case_id not in due_ids and case.stage == caseload_pb2.CASE_STAGE_OPEN_PLAN and case.year_group < 9
    )
    with pytest.raises(WrongState, match="No decision is due"):
        recommend(on_sqlite, other.case_id)
    found = recommend(on_sqlite, other.case_id, first_day=common_pb2.Date(year=2024, month=9, day=2))
    assert found.options
    assert all(option.HasField("knock_on") for option in found.options if not option.flags)


def test_a_ceased_plan_has_nothing_to_recommend(on_sqlite: Stub, neighbours: dict[str, str]) -> None:
    with connect("caseload", neighbours["caseload_address"]) as channel:
        stub, token, ceased = caseload_pb2_grpc.CaseloadServiceStub(channel), "", None
        while ceased is None:
            page = stub.ListCases(caseload_pb2.ListCasesRequest(page_size=500, page_token=token), timeout=10)
            ceased = next((c for c in page.cases if c.stage == caseload_pb2.CASE_STAGE_CEASED), None)
            token = page.next_page_token
    with pytest.raises(WrongState, match="ceased"):
        recommend(on_sqlite, ceased.case_id, first_day=common_pb2.Date(year=2024, month=9, day=2))


def test_a_policy_changes_the_order_and_is_named(on_sqlite: Stub, due: list[caseload_pb2.Case]) -> None:
    found = recommend(on_sqlite, due[3].case_id, policy="suitable-then-least-travel")
    assert found.policy == "suitable-then-least-travel/1"


@pytest.mark.parametrize(
    ("fields", "error", "says"),
    [
        ({"case_id": "case_0000000000000000"}, NotFound, "case"),
        ({"case_id": "Smith"}, InvalidInput, "case_id"),
        ({"case_id": ""}, InvalidInput, "case_id"),
        ({"top": 51}, InvalidInput, "top"),
        ({"top": -1}, InvalidInput, "top"),
        ({"policy": "cheapest-first"}, NotFound, "policy"),
        ({"first_day": common_pb2.Date(year=2024, month=13, day=1)}, InvalidInput, "first_day"),
    ],
)
def test_a_wrong_request_is_refused_saying_what_to_mend(
    on_sqlite: Stub, due: list[caseload_pb2.Case], fields: dict[str, object], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        recommend(on_sqlite, **{"case_id": due[0].case_id, **fields})  # type: ignore[arg-type]


def test_an_unknown_recommendation_is_not_found(on_sqlite: Stub) -> None:
    with pytest.raises(NotFound):
        on_sqlite.GetRecommendation(
            placement_pb2.GetRecommendationRequest(recommendation_id="rec_0000000000000000"), timeout=5
        )


def test_travel_may_be_left_to_a_family_exactly_where_it_asked_and_a_nearer_place_would_do(
    on_sqlite: Stub, due: list[caseload_pb2.Case]
) -> None:
    chosen, owed = 0, {"beyond_distance", "special_needs", "parental_choice"}
    for case in (case for case in due if case.preferences):
        for option in recommend(on_sqlite, case.case_id).options:
            travel, nearer = option.travel_eligibility, "nearer_suitable_setting" in option.flags
            if option.rank and travel.code in owed:
                assert (travel.code == "parental_choice") == (option.requested and nearer)
            left = [line for line in option.travel_alternatives if line.label == "Travel left to the family"]
            assert [line.annual_pence for line in left] == [0] * (travel.code == "parental_choice")
            chosen += travel.code == "parental_choice"
    assert chosen


def test_alternatives_to_transport_are_budget_lines_where_travel_is_paid_and_in_no_total(
    on_sqlite: Stub, due: list[caseload_pb2.Case]
) -> None:
    options = [option for case in due[::10] for option in recommend(on_sqlite, case.case_id).options if option.pool_id]
    offered = [option for option in options if option.travel_alternatives]
    assert offered
    for option in options:
        labels = {line.label for line in option.travel_alternatives} - {"Travel left to the family"}
        paid = {"Personal travel budget", "Mileage paid to the family"}
        assert labels == (paid if option.travel_eligibility.travel_paid else set())
        assert all(line.ledger == cost_pb2.LEDGER_BUDGET for line in option.travel_alternatives)
