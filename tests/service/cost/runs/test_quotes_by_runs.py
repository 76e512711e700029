"""Quotes with a run plan in force: what a child adds to the runs there are, in place of an average fare."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inborough.cost.v1 import cost_pb2
from inborough.cost.v1 import transport_pb2 as pb
from tests.builders.cost import child, pool, request
from tests.builders.runs import (
    ASH,
    BIRCH,
    FAR,
    bell_file,
    fleet_file,
    fleet_rows,
    place,
    plan_request,
    price_request,
    street,
    traveller,
)
from tests.service.cost.runs.conftest import Transport, equip, serving

ABOARD = [*street(5), *street(2, BIRCH, prefix="b", east=6_000), traveller("far", FAR)]
POOLS = [pool(urn=ASH), pool(urn=BIRCH, location=place(1_000, 0)), pool(urn=FAR, location=place(0, 30_000))]
ELSEWHERE = pool(urn=100_009, location=place(20_000, 20_000))
NEWCOMER = child(metres_away=7_500, case_id="case_new")
RUN_LINE = "Transport: added to a run"
NO_SOURCE = 255


def pence(packed: bytes) -> list[int]:
    found: list[int] = np.frombuffer(packed, "<i8").tolist()
    return found


def line(found: cost_pb2.QuoteOptionsResponse, label: str, ledger: cost_pb2.Ledger.ValueType) -> list[int]:
    (column,) = [one for one in found.lines if (one.label, one.ledger) == (label, ledger)]
    return pence(column.annual_pence)


def said_of_runs(found: cost_pb2.QuoteOptionsResponse) -> list[str]:
    """How the line of runs says, pair by pair, on which the child would be; "" for a pair that is on none."""
    (column,) = [one for one in found.lines if (one.label, one.ledger) == (RUN_LINE, cost_pb2.LEDGER_MARGINAL)]
    sources = (found.sources[at].source if at != NO_SOURCE else "" for at in column.source_index)
    return [source.partition(": ")[2].partition("; ")[0] for source in sources]


def number_of_run_to(urn: int, plan: pb.RunPlan) -> int:
    """Of the run that stops at a setting."""
    (number,) = (run.number for run in plan.runs if urn in {stop.urn for stop in run.stops})
    return number


def as_quoted(one: pb.Traveller) -> cost_pb2.QuoteCase:
    """A child who travels, as a quote names it."""
    facts = {name: getattr(one, name) for name in ("wheelchair", "passenger_assistant", "solo")}
    return child(case_id=one.case_id, home=one.home, **facts)


def test_lines_sum_to_totals_on_both_ledgers(transport: Transport) -> None:
    transport.plan(plan_request(ABOARD))
    cases = [NEWCOMER, child(metres_away=100, case_id="case_near"), as_quoted(ABOARD[0]), child(case_id="case_unknown")]
    found = transport.quote(request(cases, [*POOLS, ELSEWHERE]))
    totals = {
        cost_pb2.LEDGER_BUDGET: found.annual_budget_cost_pence,
        cost_pb2.LEDGER_MARGINAL: found.annual_marginal_cost_pence,
    }
    for ledger, total in totals.items():
        lines: list[NDArray[np.int64]] = [
            np.frombuffer(one.annual_pence, "<i8") for one in found.lines if one.ledger == ledger
        ]
        assert np.sum(lines, axis=0).tolist() == pence(total)


def test_a_child_adds_to_the_runs_what_they_grow_by_when_it_really_joins(transport: Transport) -> None:
    """PriceRuns plans the same runs again and puts the child where it costs least."""
    plan = transport.plan(plan_request(ABOARD))
    found = transport.quote(request([NEWCOMER], POOLS))
    joining = traveller("new", urn=0, east=7_500)
    priced = transport.price(price_request([*ABOARD, joining], [(len(ABOARD), urn) for urn in (ASH, BIRCH, FAR)]))
    assert found.run_plan_id == plan.run_plan_id
    assert line(found, RUN_LINE, cost_pb2.LEDGER_MARGINAL) == pence(priced.added_annual_pence)
    assert pence(found.annual_transport_pence) == pence(priced.added_annual_pence)
    assert RUN_LINE in {one.label for one in found.lines}
    assert "Transport" not in {one.label for one in found.lines}


def test_both_ledgers_have_what_the_child_adds_and_no_share_of_what_is_paid_already(transport: Transport) -> None:
    """A fourth child takes the taxi's last seat: next to nothing more, and much less than a quarter of it."""
    plan = transport.plan(plan_request(street(3)))
    found = transport.quote(request([child(home=place(8_000, 300), case_id="case_new")], POOLS[:1]))
    (added,) = line(found, RUN_LINE, cost_pb2.LEDGER_MARGINAL)
    assert line(found, RUN_LINE, cost_pb2.LEDGER_BUDGET) == [added]
    assert 0 < added < plan.annual_pence // 4
    (ride,) = np.frombuffer(found.ride_minutes, "<i4").tolist()
    assert 0 < ride <= 75
    sources = [one.source for one in found.sources]
    assert f"{plan.run_plan_id}: on run 1; what all runs cost more with the child, 190 days" in sources


def test_the_source_says_on_which_run_a_child_would_be_or_that_a_vehicle_is_its_own(transport: Transport) -> None:
    aboard = [*street(3), traveller("far", FAR, east=8_000, north=30_000)]
    plan = transport.plan(plan_request(aboard))
    at_ash = child(home=place(8_000, 300), case_id="case_new")
    found = transport.quote(request([at_ash, as_quoted(aboard[0]), as_quoted(aboard[-1])], [*POOLS, ELSEWHERE]))
    alone, ash = "on a vehicle of its own", f"on run {number_of_run_to(ASH, plan)}"
    newcomer, aboard_ash, far_alone = (said_of_runs(found)[at : at + 4] for at in (0, 4, 8))
    assert (newcomer[0], aboard_ash[0]) == (ash, ash)
    assert {newcomer[3], aboard_ash[3], far_alone[2], far_alone[3]} == {alone}
    assert not any(one.case_id in source.source for one in aboard for source in found.sources)


def test_a_child_who_rides_there_already_is_taken_out_first(transport: Transport) -> None:
    transport.plan(plan_request(ABOARD))
    found = transport.quote(request([as_quoted(ABOARD[0])], POOLS[:1]))
    priced = transport.price(price_request(ABOARD, [(0, ASH)]))
    assert pence(found.annual_transport_pence) == pence(priced.added_annual_pence)
    assert pence(found.annual_transport_pence)[0] <= pence(priced.saved_annual_pence)[0]


def test_a_child_who_is_owed_no_travel_is_on_no_run(transport: Transport) -> None:
    transport.plan(plan_request(ABOARD))
    found = transport.quote(request([child(metres_away=100)], POOLS[:1]))
    assert pence(found.annual_transport_pence) == [0]
    assert np.frombuffer(found.ride_minutes, "<i4").tolist() == [-1]
    assert RUN_LINE not in {one.label for one in found.lines}


def test_a_child_for_whom_no_vehicle_has_a_place_is_priced_by_fares(transport: Transport) -> None:
    transport.import_fleet(fleet_file(fleet_rows()[:2]))
    transport.plan(plan_request(ABOARD))
    found = transport.quote(request([child(metres_away=7_500, wheelchair=True)], [*POOLS[:1], ELSEWHERE]))
    assert RUN_LINE not in {one.label for one in found.lines}
    by_fare = line(found, "Transport", cost_pb2.LEDGER_MARGINAL)
    supplement = line(found, "Wheelchair-accessible vehicle", cost_pb2.LEDGER_MARGINAL)
    assert pence(found.annual_transport_pence) == [fare + more for fare, more in zip(by_fare, supplement, strict=True)]


def test_where_no_run_goes_yet_a_child_has_a_run_of_its_own(transport: Transport) -> None:
    transport.plan(plan_request(ABOARD))
    found = transport.quote(request([NEWCOMER], [ELSEWHERE]))
    metres = int(np.frombuffer(found.distance_metres, "<i4")[0])
    alone = 190 * (5_000 + (2 * metres * 50 + 500) // 1000)
    assert pence(found.annual_transport_pence) == [alone]
    assert line(found, RUN_LINE, cost_pb2.LEDGER_BUDGET) == [alone]


def test_a_child_kept_apart_from_one_aboard_does_not_join_that_run(transport: Transport) -> None:
    transport.plan(plan_request([traveller("s0", apart_from=["case_new"])]))
    stranger, enemy = (child(home=place(8_000, 100), case_id=name) for name in ("case_other", "case_new"))
    found = transport.quote(request([stranger, enemy], POOLS[:1]))
    joins, alone = pence(found.annual_transport_pence)
    assert joins < alone


def test_without_a_run_plan_in_force_average_fares_stand(transport: Transport) -> None:
    before = transport.quote(request([NEWCOMER], POOLS))
    transport.plan(plan_request(ABOARD, first_day=date(2024, 9, 3)))
    after = transport.quote(request([NEWCOMER], POOLS))
    assert (before.run_plan_id, after.run_plan_id) == ("", "")
    assert before.revision != after.revision
    after.revision = before.revision
    assert after.SerializeToString(deterministic=True) == before.SerializeToString(deterministic=True)


def test_a_quote_is_the_same_after_a_restart_and_whoever_was_asked_about_before(tmp_path: Path) -> None:
    url, asked = f"sqlite:///{tmp_path / 'runs.db'}", request([NEWCOMER, as_quoted(ABOARD[6])], [*POOLS, ELSEWHERE])
    with serving(url) as service:
        equip(service)
        service.plan(plan_request(ABOARD))
        service.quote(request([child(metres_away=6_000 + at, case_id=f"case_{at}") for at in range(30)], POOLS))
        first, again = service.quote(asked), service.quote(asked)
    with serving(url) as service:
        later = service.quote(asked)
    assert first == again == later


def test_the_revision_changes_with_fleet_bells_and_run_plan(transport: Transport) -> None:
    revisions = [transport.quote(request()).revision]
    transport.import_fleet(fleet_file([{**row, "seats": "7"} for row in fleet_rows()]))
    revisions.append(transport.quote(request()).revision)
    transport.import_bells(bell_file([{"urn": str(ASH), "bell_time": "09:00"}]))
    revisions.append(transport.quote(request()).revision)
    transport.plan(plan_request(ABOARD))
    revisions.append(transport.quote(request()).revision)
    assert len(set(revisions)) == 4
    transport.import_bells(bell_file([{"urn": str(ASH), "bell_time": "09:00"}]))
    assert transport.quote(request()).revision == revisions[-1]
