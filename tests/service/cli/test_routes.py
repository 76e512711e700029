"""`inborough routes` and `inborough transport-quote`."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from inborough.cost.v1 import cost_pb2, transport_pb2
from inborough.placement.v1 import placement_pb2, travel_pb2
from inborough.provision.v1 import provision_pb2
from shared.errors import NotFound, WrongState
from tests.builders.cli import CASE_ID, FIRST_DAY
from tests.builders.run_plans import ASTMOOR, HOMES, NAMES, RUN_PLAN_ID, a_run_plan, case_id, totals
from tests.service.cli.conftest import Ran, StandIns

Inborough = Callable[..., Ran]


@pytest.fixture
def kept(services: StandIns) -> StandIns:
    """A run plan is kept, and making one gives the same."""
    progress = travel_pb2.PlanSchoolRunsResponse(progress=transport_pb2.RunsProgress(done=1, total=3))
    made = travel_pb2.PlanSchoolRunsResponse(run_plan=transport_pb2.RunPlan(**totals()))
    services.answer("PlanSchoolRuns", [progress, made])
    services.answer("GetRunPlan", transport_pb2.GetRunPlanResponse(run_plan=a_run_plan()))
    services.answer("ListRunPlans", transport_pb2.ListRunPlansResponse(run_plans=[a_run_plan()]))
    settings = [provision_pb2.Setting(urn=urn, name=name) for urn, name in NAMES.items()]
    services.answer("ListSettings", provision_pb2.ListSettingsResponse(settings=settings))
    return services


def on_one_line(text: str) -> str:
    return " ".join(text.split())


def test_runs_are_planned_with_progress_and_their_totals_shown(kept: StandIns, inborough: Inborough) -> None:
    ran = inborough("routes", "--first-day", "2024-09-02")
    assert (ran.status, kept.asked["PlanSchoolRuns"].first_day) == (0, FIRST_DAY)
    assert "1 of 3 groups of settings" in ran.err
    said = on_one_line(ran.out)
    assert "Children carried 4" in said
    assert "A year for each child £10,000" in said
    assert "Against a taxi each (rate card) £20,000 less (33%)" in said
    assert "Against average fares (rate card) £2,000 more (5%)" in said
    assert f"inborough routes --show {RUN_PLAN_ID}" in said


@pytest.mark.parametrize(
    ("role", "makes", "lists"),
    [
        ("caseworker", f"Next: inborough routes --show {RUN_PLAN_ID}", f"Next: inborough routes --show {RUN_PLAN_ID}"),
        ("planner", "Next: inborough plan --with-runs", "Next: inborough plan --with-runs"),
        ("administrator", "Next: inborough routes --list", ""),
    ],
)
def test_what_comes_next_is_what_the_role_may_do(
    kept: StandIns, inborough: Inborough, role: str, makes: str, lists: str
) -> None:
    for arguments, expected in ((("routes",), makes), (("routes", "--list"), lists)):
        said = on_one_line(inborough("--as", role, *arguments).out)
        assert said[said.find("Next:") :] == expected if expected else "Next:" not in said


def test_without_a_day_the_service_chooses_one(kept: StandIns, inborough: Inborough) -> None:
    assert inborough("routes").status == 0
    assert not kept.asked["PlanSchoolRuns"].HasField("first_day")


def test_what_stands_in_the_way_is_said(services: StandIns, inborough: Inborough) -> None:
    services.answer("PlanSchoolRuns", WrongState("No fleet is in force on 2 September 2024. Import one."))
    ran = inborough("routes")
    assert ran.status == 1
    assert "No fleet is in force" in ran.err


def test_run_plans_are_listed(kept: StandIns, inborough: Inborough) -> None:
    ran = inborough("routes", "--list")
    assert (ran.status, RUN_PLAN_ID in ran.out) == (0, True)
    kept.answer("ListRunPlans", transport_pb2.ListRunPlansResponse())
    assert "No run plan is kept yet" in inborough("routes", "--list").out


def test_a_run_plan_is_shown_with_its_runs_settings_and_who_is_not_carried(
    kept: StandIns, inborough: Inborough
) -> None:
    ran = inborough("routes", "--show", RUN_PLAN_ID)
    assert (ran.status, kept.asked["GetRunPlan"].run_plan_id) == (0, RUN_PLAN_ID)
    said = on_one_line(ran.out)
    for words in ("minibus with a", "08:15", "£28,000", "Beechwood", "1: Within walking distance."):
        assert words in said


def test_a_run_sheet_has_every_stop_in_order_and_what_it_costs(kept: StandIns, inborough: Inborough) -> None:
    said = on_one_line(inborough("routes", "--show", RUN_PLAN_ID, "--run", "2").out)
    assert said.index("08:20") < said.index("08:35") < said.index("08:40")
    assert "home in square 353 382" in said
    assert case_id(3) in said
    assert "15 of at most 45 minutes" in said
    assert "to Astmoor Primary School" in said
    assert "Vehicle and driver £12,000" in said


def test_where_a_home_is_in_its_square_is_shown_nowhere(kept: StandIns, inborough: Inborough, tmp_path: Path) -> None:
    out = tmp_path / "runs.csv"
    shown = [inborough("routes", "--show", RUN_PLAN_ID, *more).out for more in ((), ("--run", "1"), ("--json",))]
    inborough("routes", "--show", RUN_PLAN_ID, "--export", str(out))
    for text in (*shown, out.read_text()):
        assert not any(str(metres) in text for place in HOMES.values() for metres in place)


def test_a_run_that_is_not_there_is_said(kept: StandIns, inborough: Inborough) -> None:
    ran = inborough("routes", "--show", RUN_PLAN_ID, "--run", "9")
    assert (ran.status, "Its runs are 1 to 2" in ran.err) == (2, True)
    assert inborough("routes", "--run", "9").status == 2


def test_a_run_plan_that_is_not_there_is_said(kept: StandIns, inborough: Inborough) -> None:
    kept.answer("GetRunPlan", NotFound("run plan", "runs_0000000000000000"))
    assert inborough("routes", "--show", "runs_0000000000000000").status == 1


def test_a_run_plan_is_json_under_the_names_of_the_wire(kept: StandIns, inborough: Inborough) -> None:
    made = json.loads(inborough("routes", "--json").out)
    assert (made["run_plan_id"], made["annual_pence"], "runs" in made) == (RUN_PLAN_ID, 4_000_000, False)
    shown = json.loads(inborough("routes", "--show", RUN_PLAN_ID, "--json").out)
    assert shown["runs"][0]["stops"][0] == {
        "at_minutes": 495,
        "urn": 0,
        "square": "348 384",
        "rides": [shown["runs"][0]["stops"][0]["rides"][0]],
    }
    one = json.loads(inborough("routes", "--show", RUN_PLAN_ID, "--run", "2", "--json").out)
    assert one == shown["runs"][1]
    listed = json.loads(inborough("routes", "--list", "--json").out)
    assert listed == {"run_plans": [made]}


def test_an_export_has_each_childs_getting_in_and_out(kept: StandIns, inborough: Inborough, tmp_path: Path) -> None:
    out = tmp_path / "runs.csv"
    assert inborough("routes", "--show", RUN_PLAN_ID, "--export", str(out)).status == 0
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    aboard = [(row["run"], row["time"], row["case_id"], row["in_or_out"]) for row in rows]
    assert aboard[:2] == [("1", "08:15", case_id(1), "in"), ("1", "08:21", case_id(2), "in")]
    assert sorted(row["case_id"] for row in rows if row["in_or_out"] == "out") == [case_id(n) for n in (1, 2, 3, 4)]
    assert inborough("routes", "--show", RUN_PLAN_ID, "--export", str(out)).status == 2


def test_an_export_of_runs_just_planned_is_a_workbook_with_runs_and_who_is_left(
    kept: StandIns, inborough: Inborough, tmp_path: Path
) -> None:
    out = tmp_path / "runs.xlsx"
    assert inborough("routes", "--export", str(out)).status == 0
    book = openpyxl.load_workbook(out, read_only=True)
    assert book.sheetnames == ["stops", "runs", "not carried"]
    heading, first, _ = (tuple(row) for row in book["runs"].iter_rows(values_only=True))
    told: dict[Any, Any] = dict(zip(heading, first, strict=True))
    assert (told["vehicle_type"], told["children"], told["gbp_a_year"]) == ("minibus", 2, 28_000)


def a_quote(**changes: Any) -> travel_pb2.QuoteTransportResponse:
    """A child for whom travel is paid, who would be added to a run."""
    line = placement_pb2.CostLine(
        label="Transport: added to a run",
        ledger=cost_pb2.LEDGER_MARGINAL,
        annual_pence=210_000,
        basis="illustrative",
        source="demonstration-2024 v1",
    )
    budget = placement_pb2.CostLine(label="Mileage", ledger=cost_pb2.LEDGER_BUDGET, annual_pence=90_000)
    facts: dict[str, Any] = {
        "first_day": FIRST_DAY,
        "setting_name": "Astmoor Primary School",
        "distance_metres": 6_437,
        "travel_minutes": 14,
        "eligibility": cost_pb2.TravelEligibility(
            code="beyond_distance",
            travel_paid=True,
            needs_judgement=True,
            reason="Beyond three miles on foot.",
            legal_basis="Education Act 1996 Sch 35B para 6",
        ),
        "lines": [line],
        "alternatives": [budget],
        "travel_source": cost_pb2.TravelSource(method="straight line x 1.30"),
        "run_plan_id": RUN_PLAN_ID,
        "ride_minutes": 22,
    }
    return travel_pb2.QuoteTransportResponse(**{**facts, **changes})


def test_a_quote_explains_itself_line_by_line(services: StandIns, inborough: Inborough) -> None:
    services.answer("QuoteTransport", a_quote())
    ran = inborough("transport-quote", CASE_ID, str(ASTMOOR))
    asked = services.asked["QuoteTransport"]
    assert (ran.status, asked.case_id, asked.urn, asked.HasField("first_day")) == (0, CASE_ID, ASTMOOR, False)
    said = on_one_line(ran.out)
    for words in (
        "By road 4.0 miles",
        "Aboard the run 22 minutes",
        RUN_PLAN_ID,
        "Paid in this quote: Beyond three miles on foot. Education Act 1996 Sch 35B para 6",
        "A person must decide",
        "£2,100",
        "What could be offered instead",
        "Mileage",
    ):
        assert words in said


def test_a_quote_by_average_fares_says_so(services: StandIns, inborough: Inborough) -> None:
    services.answer("QuoteTransport", a_quote(run_plan_id="", ride_minutes=None))
    assert "average fares" in on_one_line(inborough("transport-quote", CASE_ID, str(ASTMOOR)).out)


def test_a_quote_is_json(services: StandIns, inborough: Inborough) -> None:
    services.answer("QuoteTransport", a_quote())
    found = json.loads(inborough("transport-quote", CASE_ID, str(ASTMOOR), "--json").out)
    assert (found["case_id"], found["urn"], found["walking_metres"]) == (CASE_ID, ASTMOOR, None)
    assert found["lines"][0]["annual_pence"] == 210_000
