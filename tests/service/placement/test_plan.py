"""Plans over the demonstration authority, through real services."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest

from inborough.common.v1 import common_pb2
from inborough.placement.v1 import facts_pb2, placement_pb2, placement_pb2_grpc
from services.placement.facts_wire import placement_facts
from services.placement.gather import Neighbours
from services.placement.model.judge import Judgement
from services.placement.model.objective import PricedOptions
from services.placement.model.solve import solve
from services.placement.model.solve_file import solve_file
from services.placement.operations.context import quotes_of
from services.placement.storage import repository
from shared.database import open_database, reading
from shared.days import from_wire
from shared.errors import InvalidInput, NeighbourDown, NotFound, WrongState
from tests.builders.placement import the_policy
from tests.builders.system import channel_to, load_demonstration, neighbours_of_placement, running, send

Stub = placement_pb2_grpc.PlacementServiceStub


def propose(placement: Stub, **fields: object) -> placement_pb2.PlacementPlan:
    return placement.ProposePlan(placement_pb2.ProposePlanRequest(**fields), timeout=60).plan  # type: ignore[arg-type]


def export(placement: Stub, plan_id: str) -> bytes:
    return placement.ExportProblem(placement_pb2.ExportProblemRequest(plan_id=plan_id), timeout=30).problem_json


def test_a_plan_decides_every_case_due_and_never_takes_a_place_that_is_not_free(placement: Stub) -> None:
    plan = propose(placement)
    problem = json.loads(export(placement, plan.plan_id))
    assert plan.status == "optimal"
    assert len(plan.assignment) + len(plan.unplaced) == plan.decisions_due == len(problem["cases"]) == 315
    taken = Counter(plan.assignment.values())
    places = {pool["id"]: pool["places"] for pool in problem["pools"]}
    assert all(count <= places[pool] for pool, count in taken.items())
    for group in problem["groups"]:
        assert sum(taken[pool] for pool in group["pools"]) <= group["places"]
    assert sum(kind.placed for kind in plan.by_kind) == len(plan.assignment) == plan.totals["placed"]
    assert all(case.reasons for case in plan.unplaced)


def test_more_pairs_than_one_call_prices_are_asked_for_by_several_and_give_the_same_plan(
    placement: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = propose(placement)
    monkeypatch.setattr(Neighbours, "pairs_a_call", 1000)
    cut = propose(placement)
    assert cut.options_open == whole.options_open > 5000
    assert dict(cut.assignment) == dict(whole.assignment)
    assert dict(cut.totals) == dict(whole.totals)
    assert dict(cut.practice_totals) == dict(whole.practice_totals)


def test_the_exported_problem_solved_offline_gives_the_plan_again(placement: Stub, tmp_path: Path) -> None:
    plan = propose(placement)
    path = tmp_path / "problem.json"
    path.write_bytes(export(placement, plan.plan_id))
    solved = solve_file(path)
    assert solved["assignment"] == dict(plan.assignment)
    assert solved["unplaced"] == [case.case_id for case in plan.unplaced]
    assert all(plan.totals[term] == total for term, total in solved["totals"].items())
    assert {pool: dict(price.terms) for pool, price in plan.shadow_prices.items()} == solved["shadow_prices"]


def test_the_plan_is_never_behind_greedy_or_practice_in_its_own_order(on_sqlite: Stub) -> None:
    for policy in ("", "suitable-then-least-cost", "suitable-then-least-travel"):
        plan = propose(on_sqlite, policy=policy)
        shipped = on_sqlite.ListPolicies(placement_pb2.ListPoliciesRequest(), timeout=5).policies
        terms = next(p.terms for p in shipped if p.name == (policy or p.name) and (policy or p.is_default))
        order = ["unplaced", *terms]
        best, greedy, practice = (
            [totals[term] for term in order] for totals in (plan.totals, plan.greedy_totals, plan.practice_totals)
        )
        assert best <= greedy
        assert best <= practice


def test_the_same_facts_give_the_same_plan_byte_for_byte(on_sqlite: Stub) -> None:
    first, second = propose(on_sqlite), propose(on_sqlite)
    for plan in (first, second):
        plan.ClearField("solve_seconds")
        plan.ClearField("as_of_time")
    assert first.SerializeToString(deterministic=True) == second.SerializeToString(deterministic=True)


def test_requests_not_given_say_why(on_sqlite: Stub) -> None:
    plan = propose(on_sqlite)
    codes = {request.why for request in plan.requests_not_given}
    assert codes <= {"no_pool", "ground_recorded", "refused_by_rule", "over_threshold", "full", "given_to_others"}
    assert {"given_to_others", "over_threshold"} <= codes
    assert all(request.reason.endswith(".") for request in plan.requests_not_given)


def test_plans_are_kept_and_listed_newest_first_page_by_page(placement: Stub) -> None:
    plans = [propose(placement, policy=policy) for policy in ("", "suitable-then-least-cost")]
    kept = placement.GetPlan(placement_pb2.GetPlanRequest(plan_id=plans[0].plan_id), timeout=5).plan
    assert kept == plans[0]
    page = placement.ListPlans(placement_pb2.ListPlansRequest(page_size=1), timeout=5)
    rest = placement.ListPlans(placement_pb2.ListPlansRequest(page_token=page.next_page_token), timeout=5)
    listed = [*page.plans, *rest.plans]
    assert {plan.plan_id for plan in listed} == {plan.plan_id for plan in plans}
    assert not any(plan.assignment for plan in listed)
    assert rest.next_page_token == ""


def test_a_day_without_decisions_gives_an_empty_plan(on_sqlite: Stub) -> None:
    plan = propose(on_sqlite, first_day=common_pb2.Date(year=2025, month=1, day=6))
    assert plan.decisions_due == 0
    assert plan.totals["unplaced"] == 0


@pytest.mark.parametrize("plan_id", ["plan_0000000000000000"])
def test_an_unknown_plan_is_not_found(on_sqlite: Stub, plan_id: str) -> None:
    with pytest.raises(NotFound, match="plan"):
        on_sqlite.GetPlan(placement_pb2.GetPlanRequest(plan_id=plan_id), timeout=5)
    with pytest.raises(NotFound, match="plan"):
        export(on_sqlite, plan_id)


@pytest.mark.parametrize(
    "fields", [{"page_size": 501}, {"page_size": -1}, {"page_token": "plan_1"}, {"page_token": "'; drop table plans"}]
)
def test_a_wrong_page_is_refused(on_sqlite: Stub, fields: dict[str, object]) -> None:
    with pytest.raises(InvalidInput, match="page_"):
        on_sqlite.ListPlans(placement_pb2.ListPlansRequest(**fields), timeout=5)  # type: ignore[arg-type]


def test_nothing_on_file_says_what_to_import_first(tmp_path: Path) -> None:
    with (
        neighbours_of_placement(tmp_path) as addresses,
        running("placement", tmp_path, **addresses) as server,
        channel_to(server, "placement") as channel,
    ):
        placement = Stub(channel)
        with pytest.raises(WrongState, match="inborough import due"):
            propose(placement)
        with pytest.raises(WrongState, match="inborough import gias"):
            propose(placement, first_day=common_pb2.Date(year=2024, month=9, day=2))
        answer = placement.RefreshStandingPlan(placement_pb2.RefreshStandingPlanRequest(), timeout=5)
        assert not answer.HasField("first_day")


def test_changed_facts_change_the_next_answer(tmp_path: Path) -> None:
    demonstration = tmp_path / "demonstration"
    with neighbours_of_placement(tmp_path) as addresses, running("placement", tmp_path, **addresses) as server:
        load_demonstration(addresses, demonstration, scale=150, due=30)
        with channel_to(server, "placement") as channel:
            placement = Stub(channel)
            before = propose(placement)
            case_id = min([*before.assignment, *(case.case_id for case in before.unplaced)])
            first = _best_cost(placement, case_id)
            _raise_transport(demonstration / "rates.csv")
            send(addresses, demonstration, "rates")
            assert _best_cost(placement, case_id) != first, "a new rate card reprices the standing plan"
            after = propose(placement)
    assert after.facts_hash != before.facts_hash
    assert after.plan_id != before.plan_id


def _best_cost(placement: Stub, case_id: str) -> list[int]:
    request = placement_pb2.RecommendOptionsRequest(case_id=case_id, top=50)
    options = placement.RecommendOptions(request, timeout=30).recommendation.options
    return [option.annual_budget_cost_pence for option in options]


def _raise_transport(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    dearer = [
        line.replace(",190,days,", ",210,days,").replace(",6000,gbp_per_year", ",7000,gbp_per_year") for line in lines
    ]
    assert dearer != lines
    path.write_text("\n".join(dearer) + "\n", encoding="utf-8")


@pytest.mark.parametrize("down", ["caseload", "provision", "cost"])
def test_a_neighbour_that_is_down_is_named_and_no_half_answer_is_given(
    down: str, neighbours: dict[str, str], tmp_path: Path
) -> None:
    addresses = {**neighbours, f"{down}_address": "127.0.0.1:1"}
    with (
        running("placement", tmp_path, **addresses) as server,
        channel_to(server, "placement") as channel,
        pytest.raises(NeighbourDown, match=down),
    ):
        propose(Stub(channel), first_day=common_pb2.Date(year=2024, month=9, day=2))


def test_the_kept_facts_give_the_plan_again_by_themselves(placement: Stub, database_url: str) -> None:
    plan = propose(placement)
    engine = open_database(database_url)
    with reading(engine) as connection:
        content = repository.find_facts(connection, plan.facts_hash)
    engine.dispose()
    assert content is not None
    assert hashlib.sha256(content).hexdigest() == plan.facts_hash
    kept = facts_pb2.GatheredFacts.FromString(content)
    facts = placement_facts(from_wire(kept.first_day, "first_day"), kept.cases, kept.pools, kept.groups)
    priced = PricedOptions(Judgement(facts), quotes_of(kept.quotes), the_policy())
    assigned = solve(priced.problem()).assigned_pool
    again = {
        case.case_id: facts.pools[pool].pool_id
        for case, pool in zip(facts.cases, assigned.tolist(), strict=True)
        if pool >= 0
    }
    assert again == dict(plan.assignment)
