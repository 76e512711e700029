"""Planning runs: kept whole, re-read byte by byte, sums that agree, and nothing kept of what was given up."""

from __future__ import annotations

from datetime import date

import grpc
import pytest

from inborough.cost.v1 import transport_pb2 as pb
from shared.days import to_wire
from shared.errors import InboroughError, InvalidInput, NotFound, WrongState
from tests.builders.cost import FIRST_DAY
from tests.builders.runs import ASH, BIRCH, FAR, destinations, fleet_file, plan_request, street, traveller, vehicle
from tests.service.cost.conftest import SECONDS
from tests.service.cost.runs.conftest import Transport, serving


def test_a_run_plan_is_kept_and_read_again_byte_by_byte(transport: Transport) -> None:
    planned = transport.plan(plan_request([*street(3), *street(2, FAR, prefix="f")]))
    assert planned.run_plan_id.startswith("runs_")
    again = transport.get(planned.run_plan_id)
    assert again.SerializeToString(deterministic=True) == planned.SerializeToString(deterministic=True)
    assert transport.get(first_day=to_wire(FIRST_DAY)) == planned
    assert transport.list_ids() == [planned.run_plan_id]


def test_every_sum_is_the_sum_of_its_parts(shared_transport: Transport) -> None:
    children = [*street(6), *street(3, BIRCH, prefix="b"), traveller("chair", BIRCH, wheelchair=True)]
    plan = shared_transport.plan(plan_request([*children, traveller("aid", FAR, passenger_assistant=True)]))
    assert all(run.annual_pence == sum(line.annual_pence for line in run.lines) for run in plan.runs)
    assert plan.annual_pence == sum(run.annual_pence for run in plan.runs)
    assert plan.annual_pence == sum(setting.annual_pence for setting in plan.destinations)
    assert plan.solo_annual_pence == sum(run.solo_annual_pence for run in plan.runs)
    assert plan.solo_annual_pence == sum(setting.solo_annual_pence for setting in plan.destinations)
    assert plan.carried == sum(setting.carried for setting in plan.destinations) == 11
    assert plan.run_count == len(plan.runs) == max(run.number for run in plan.runs)
    aboard = [ride.case_id for run in plan.runs for stop in run.stops if not stop.urn for ride in stop.rides]
    assert sorted(aboard) == sorted(child.case_id for child in [*children, traveller("aid")])


def test_neighbours_share_a_run_which_costs_less_than_taxis(shared_transport: Transport) -> None:
    plan = shared_transport.plan(plan_request(street(4)))
    (run,) = plan.runs
    assert (run.vehicle_type, run.assistant, run.minutes <= 75) == ("taxi", False, True)
    assert [line.label for line in run.lines] == ["Vehicle and driver", "Kilometres with children aboard"]
    assert run.lines[0].annual_pence == 190 * 5_000
    assert run.lines[0].source.source == "test v1: taxi, a day, 190 days"
    assert run.lines[1].annual_pence == 190 * ((2 * run.distance_metres * 50 + 500) // 1000)
    assert plan.annual_pence < plan.average_annual_pence < plan.solo_annual_pence
    assert (run.stops[-1].urn, run.stops[-1].at_minutes) == (ASH, 8 * 60 + 40)


def test_an_assistant_is_paid_by_the_rate_card(shared_transport: Transport) -> None:
    (run,) = shared_transport.plan(plan_request([traveller("aid", passenger_assistant=True)])).runs
    assert run.lines[-1].label == "Passenger assistant"
    assert run.lines[-1].annual_pence == 190 * 1_800
    assert run.lines[-1].source.source == "test v1: passenger assistant, 190 days"


def test_who_is_not_carried_is_named_with_the_reason(shared_transport: Transport) -> None:
    children = [
        traveller("near", east=200),
        traveller("homeless", home=None),
        traveller("nowhere", urn=0),
        traveller("far"),
    ]
    plan = shared_transport.plan(plan_request(children))
    said = {child.case_id: (child.urn, child.eligibility.code) for child in plan.not_carried}
    assert said == {
        "case_near": (ASH, "within_distance"),
        "case_homeless": (ASH, "not_known"),
        "case_nowhere": (0, "not_known"),
    }
    assert plan.carried == 1


def test_a_child_for_whom_no_vehicle_has_a_place_is_not_carried_though_travel_is_owed(bare: Transport) -> None:
    bare.import_card()
    bare.import_fleet(fleet_file([vehicle("taxi", 4, 50, "0.50")]))
    plan = bare.plan(plan_request([traveller("chair", wheelchair=True), traveller("other")]))
    (left,) = plan.not_carried
    assert (left.case_id, left.eligibility.travel_paid, left.eligibility.needs_judgement) == ("case_chair", True, True)
    assert "no vehicle type of the fleet" in left.eligibility.reason


def test_children_who_cannot_share_never_do(shared_transport: Transport) -> None:
    children = [traveller("a", apart_from=["case_b"]), traveller("b"), traveller("alone", solo=True)]
    plan = shared_transport.plan(plan_request(children))
    assert len(plan.runs) == 3


def test_the_same_request_in_another_order_gives_the_same_runs(shared_transport: Transport) -> None:
    children = [*street(5), *street(5, BIRCH, prefix="b", east=6_000)]
    one = shared_transport.plan(plan_request(children))
    other = shared_transport.plan(plan_request(children[::-1], destinations()[::-1]))
    assert one.runs == other.runs


def test_progress_counts_groups_up_to_all_of_them(shared_transport: Transport) -> None:
    answers = list(shared_transport.runs.PlanRuns(plan_request([*street(2), *street(2, FAR, prefix="f")]), timeout=30))
    progress = [(one.progress.done, one.progress.total) for one in answers[:-1]]
    assert progress == [(0, 2), (1, 2), (2, 2)]


def test_nobody_to_carry_is_a_plan_without_runs(shared_transport: Transport) -> None:
    plan = shared_transport.plan(plan_request([]))
    assert (plan.run_count, plan.carried, plan.annual_pence) == (0, 0, 0)


def test_a_call_that_is_ended_keeps_nothing(transport: Transport) -> None:
    answers = transport.runs.PlanRuns(plan_request([*street(60), *street(60, FAR, prefix="f")]), timeout=SECONDS)
    assert next(answers).progress.done == 0
    answers.cancel()
    with pytest.raises(InboroughError):
        list(answers)
    later = transport.plan(plan_request(street(1)))
    assert transport.list_ids() == [later.run_plan_id]


def test_the_plan_in_force_is_the_newest_of_the_academic_year_up_to_the_day(transport: Transport) -> None:
    before = transport.plan(plan_request(street(1), first_day=date(2024, 9, 2)))
    after = transport.plan(plan_request(street(2), first_day=date(2025, 1, 6)))
    assert transport.get(first_day=to_wire(date(2024, 12, 1))) == before
    assert transport.get(first_day=to_wire(date(2025, 7, 1))) == after
    for day in (date(2024, 8, 31), date(2025, 9, 1)):
        with pytest.raises(NotFound, match="run plan in force on"):
            transport.get(first_day=to_wire(day))


def test_pages_of_run_plans_go_from_the_newest_to_the_oldest(transport: Transport) -> None:
    made = [transport.plan(plan_request(street(count))).run_plan_id for count in (1, 2, 3)]
    first = transport.runs.ListRunPlans(pb.ListRunPlansRequest(page_size=2), timeout=SECONDS)
    asked = pb.ListRunPlansRequest(page_size=2, page_token=first.next_page_token)
    second = transport.runs.ListRunPlans(asked, timeout=SECONDS)
    assert [plan.run_plan_id for plan in (*first.run_plans, *second.run_plans)] == made[::-1]
    assert second.next_page_token == ""
    with pytest.raises(InvalidInput, match="page_token"):
        transport.runs.ListRunPlans(pb.ListRunPlansRequest(page_token="runs_x"), timeout=SECONDS)
    with pytest.raises(InvalidInput, match="page_size"):
        transport.runs.ListRunPlans(pb.ListRunPlansRequest(page_size=501), timeout=SECONDS)


def test_without_a_card_or_a_fleet_it_says_what_to_import(bare: Transport) -> None:
    with pytest.raises(WrongState, match=r"No fleet is in force.*inborough import fleet"):
        bare.plan(plan_request(street(1)))
    bare.import_fleet(fleet_file())
    with pytest.raises(WrongState, match="No rate card is in force"):
        bare.plan(plan_request(street(1)))


def test_keeping_and_seeing_are_recorded_with_the_children_it_names(transport: Transport) -> None:
    plan = transport.plan(plan_request([*street(2), traveller("near", east=200)]))
    (kept,) = transport.list_events("run_plan_kept")
    assert list(kept.case_ids) == ["case_s0", "case_s1"]
    assert dict(kept.facts)["run_plan_id"] == plan.run_plan_id
    assert transport.list_events("run_plan_viewed") == []


def test_a_persons_view_is_recorded_with_the_children_it_showed(transport: Transport, database_url: str) -> None:
    plan = transport.plan(plan_request(street(2)))
    with serving(database_url, "caseworker") as seen_by_a_person:
        assert seen_by_a_person.get(plan.run_plan_id) == plan
    (viewed,) = transport.list_events("run_plan_viewed")
    assert (viewed.actor, list(viewed.case_ids)) == ("user_caseworker", ["case_s0", "case_s1"])
    assert dict(viewed.facts) == {"run_plan_id": plan.run_plan_id}


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        (r"travellers\[1\].case_id", plan_request([traveller("a"), traveller("a")])),
        (r"destinations\[1\].urn", plan_request([], [*destinations(ASH), *destinations(ASH)])),
        (r"travellers\[0\].urn", plan_request([traveller("a", 100_009)])),
        (r"travellers.home\[0\]", plan_request([traveller("a", east=900_000)])),
        (r"travellers\[0\].case_id", plan_request([pb.Traveller(urn=ASH)])),
        (r"travellers\[0\].age_years", plan_request([traveller("a", age_years=100)])),
        ("first_day", pb.PlanRunsRequest()),
    ],
)
def test_a_request_that_breaks_a_rule_is_refused_naming_the_field(
    shared_transport: Transport, field: str, asked: pb.PlanRunsRequest
) -> None:
    with pytest.raises(InvalidInput, match=f"^{field}: "):
        shared_transport.plan(asked)


def test_more_children_to_one_setting_than_a_call_may_carry_are_refused(shared_transport: Transport) -> None:
    with pytest.raises(InboroughError, match="at most 400 children") as caught:
        shared_transport.plan(plan_request(street(401)))
    assert caught.value.code is grpc.StatusCode.RESOURCE_EXHAUSTED
