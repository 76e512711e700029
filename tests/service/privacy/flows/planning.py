"""What planners and transport do: runs, plans, scenarios, bids, and the files that they take away."""

from __future__ import annotations

import base64
import io
import time
import zipfile
from typing import Any

from services.cli.siting.example import BIDS
from services.planning.exports.process import answer_to
from services.planning.exports.wanted import FORMS, wanted_of
from tests.builders.deciding import ASH, FREE
from tests.builders.pages import Somebody
from tests.builders.planning import OPENS, SMALL, made_at_once
from tests.builders.scenarios import work_off
from tests.service.privacy.canaries import WORDS
from tests.service.privacy.flows.deciding import first_day_due
from tests.service.privacy.office import SECONDS, Office

TRAVEL = "placement.v1.TravelService"
TRANSPORT = "cost.v1.TransportService"
SCENARIO = "placement.v1.ScenarioService"
PLACEMENT = "placement.v1.PlacementService"


def plan_runs(office: Office) -> None:
    """Runs for all who travel, as those see them who may see homes and as a planner does; a quote; what is refused."""
    office.refuse(f"{TRAVEL}/PlanSchoolRuns", "planner", first_day=first_day_due())
    planned = office.ask(f"{TRAVEL}/PlanSchoolRuns", "caseworker", first_day=first_day_due()).run_plan
    for asked in ("caseworker", "auditor"):
        assert office.ask(f"{TRANSPORT}/GetRunPlan", asked, run_plan_id=planned.run_plan_id).run_plan.runs
    office.ask(f"{TRANSPORT}/ListRunPlans", "planner")
    visitor = office.at_pages("caseworker").open("/runs")
    visitor.open(f"/runs/{planned.run_plan_id}").open(f"/runs/{planned.run_plan_id}/1")
    assert visitor.client.get(f"/runs/{planned.run_plan_id}/all.xlsx").status_code == 200
    journey: dict[str, Any] = {"urn": ASH, "first_day": first_day_due()}
    office.ask(f"{TRAVEL}/QuoteTransport", "panel_member", **journey, case_id=office.case_ids[FREE])
    office.refuse(f"{TRAVEL}/QuoteTransport", **journey, case_id=WORDS)
    office.refuse(f"{TRANSPORT}/GetRunPlan", run_plan_id=WORDS)


def propose_plans(office: Office) -> None:
    """All decisions due together, by a panel and by a planner; and a joint plan with runs."""
    for role in ("panel_chair", "planner"):
        plan = office.ask(f"{PLACEMENT}/ProposePlan", role).plan
        office.ask(f"{PLACEMENT}/GetPlan", role, plan_id=plan.plan_id)
        office.ask(f"{PLACEMENT}/ListPlans", role)
        exported = office.ask(f"{PLACEMENT}/ExportProblem", role, plan_id=plan.plan_id)
        if role == "planner":
            office.recording.note("planners' exports", exported.problem_json.decode())
        office.ask(f"{TRAVEL}/ProposeJointPlan", role)
    office.ask(f"{PLACEMENT}/RefreshStandingPlan", "service")
    for rpc in ("GetPlan", "ExportProblem"):
        office.refuse(f"{PLACEMENT}/{rpc}", "planner", plan_id=WORDS)
    office.refuse(f"{PLACEMENT}/ProposePlan", "planner", policy=WORDS)


def simulate_scenarios(office: Office) -> None:
    """A scenario with words about a child for its name: made at the pages, simulated, compared, read."""
    planner = office.at_pages("planner").open("/scenarios/new")
    with made_at_once():
        planner.send(**{**SMALL, **OPENS, "name": f"{WORDS}{WORDS}", "open-0-places": WORDS})
        planner.open("/scenarios/new").send(**{**SMALL, **OPENS, "name": "New base"})
    made = planner.path.rpartition("/")[2]
    assert made.startswith("scen_"), "it is being simulated"
    work_off(office.engine)
    planner.open(planner.path).follow("Where the next place is worth most")
    for rpc in ("GetScenario", "GetScenarioResult", "GetScenarioDemand"):
        office.ask(f"{SCENARIO}/{rpc}", "planner", scenario_id=made)
    office.ask(f"{SCENARIO}/ListScenarios", "auditor")
    kept = office.ask(f"{SCENARIO}/GetScenario", "administrator", scenario_id=made).scenario
    other = {"name": "Other", "definition": kept.definition.replace("places = 8", "places = 4"), "seed": kept.seed}
    second = office.ask(f"{SCENARIO}/CreateScenario", "planner", **other).scenario.scenario_id
    work_off(office.engine)
    office.ask(f"{SCENARIO}/CompareScenarios", "planner", scenario_ids=[made, second])
    third = office.ask(f"{SCENARIO}/CreateScenario", "planner", **{**other, "seed": 11}).scenario.scenario_id
    office.ask(f"{SCENARIO}/CancelScenario", "planner", scenario_id=third)
    office.refuse(f"{SCENARIO}/CreateScenario", "planner", name="Wrong", definition=f"name = {WORDS}")
    office.refuse(f"{SCENARIO}/GetScenario", "planner", scenario_id=WORDS)
    office.recording.note("made", made)


def export(office: Office) -> None:
    """Every file of a scenario, and the quarter's measures, as a planner saves them."""
    made = office.recording.sinks["scenarios"]["made"][0]
    planner = office.at_pages("planner")
    until_done(planner.open(f"/scenarios/{made}").send("/export", form="csv"))
    saved = planner.client.get(f"{planner.path}?get=yes").content
    office.recording.note("planners' exports", *_texts(saved))
    office.recording.note("saved as CSV", saved.decode())
    result = office.ask(f"{SCENARIO}/GetScenarioResult", "planner", scenario_id=made)
    pools = office.ask("provision.v1.ProvisionService/ListPlacePools", "planner", first_day=first_day_due()).pools
    for form in set(FORMS) - {"csv"}:
        kinds, settings = ({p.pool_id: p.kind for p in pools}, {p.pool_id: p.setting.name for p in pools})
        answer = answer_to(wanted_of(result, form, kinds, settings))
        office.recording.note("planners' exports", *_texts(base64.b64decode(answer["content"])))
    report = office.ask(
        "placement.v1.MonitoringService/GetQuarterlyReport", "planner", last_quarter="2023Q4", quarters=8
    )
    office.recording.note("planners' exports", report)
    measures = planner.client.get("/measures?last=2023Q4&quarters=2&get=xlsx").content
    office.recording.note("planners' exports", *_texts(measures))


def until_done(visitor: Somebody) -> None:
    """Look again until the work is at its end."""
    began = time.monotonic()
    while "See how far it has come now" in visitor.text:
        assert time.monotonic() - began < SECONDS
        time.sleep(0.05)
        visitor.open(visitor.path)


def choose_bids(office: Office) -> None:
    """Bids whose names are words about a child, and files of bids and demand that are wrong."""
    planner = office.at_pages("planner").open("/money/bids")
    usual = {key: (kept or [""])[0] for key, kept in planner.form().fields.items() if key not in ("bids", "demand")}
    demand = b"path,year,need,phase,area,children\n1,2024,SEMH,KS3,,9\n1,2025,SEMH,KS3,,9\n"
    sent = {**usual, "budget": "3,300,000", "scenario": "", "gap": "0"}
    for bids in (WORDS.encode(), BIDS.read_bytes()):
        files = {"bids": (f"{WORDS}.csv", bids), "demand": ("demand.csv", demand)}
        planner._see(planner.client.post("/money/bids", data=sent, files=files))
    until_done(planner)
    office.recording.note("planners' exports", *_texts(planner.client.get(f"{planner.path}?get=xlsx").content))


def _texts(content: bytes) -> list[str]:
    """What a file holds, as text: a workbook's cells, an archive's files."""
    if not content.startswith(b"PK"):
        return [content.decode("utf-8")]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
