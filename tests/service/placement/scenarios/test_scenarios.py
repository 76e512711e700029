"""Scenarios as planners meet them: made, checked against today's facts, simulated, read, compared and stopped."""

from __future__ import annotations

import re

import pytest

from inborough.placement.v1 import scenarios_pb2, scenarios_pb2_grpc
from services.placement.forecast.simulation.world import World
from services.placement.operations import worlds
from shared.errors import AlreadyExists, InvalidInput, NotAllowed, NotFound, WrongState
from shared.ids import new_id
from tests.builders.identity import connect
from tests.builders.system import neighbours_of_placement, running
from tests.service.placement.scenarios.conftest import SMALL, Planner

OPENS = """
[[levers.open]]
name = "Runcorn SEMH"
kind = "state_special"
needs = ["SEMH"]
years = [7, 11]
places = 16
opens = 2025-09-01
area = "350,380"
"""


CONTRACTS = """
[[levers.transport_prices]]
contract = 0.1
"""


def test_a_scenario_is_made_simulated_and_read_beside_its_baseline(planner: Planner) -> None:
    made = planner.create(SMALL + OPENS)
    assert (made.name, made.version, made.state) == ("Late", 1, scenarios_pb2.SCENARIO_STATE_WAITING)
    assert (made.first_year, made.years, made.replicates, made.seed) == (2024, 2, 4, 7)
    assert (made.progress.shards, made.progress.replicates) == (9, 8)
    assert made.definition == SMALL + OPENS
    assert made.created_by == "user_planner"
    planner.simulate()
    answer = planner.result(made.scenario_id)
    assert answer.scenario.state == scenarios_pb2.SCENARIO_STATE_FINISHED
    assert answer.scenario.definition == ""
    assert (answer.scenario.progress.shards_done, answer.scenario.progress.replicates_done) == (9, 8)
    found = {(figure.measure, figure.academic_year): figure for figure in answer.figures if not figure.line}
    assert {"inmss", "unmet", "deficit", "spend", "children"} <= {measure for measure, _ in found}
    children = found["children", 2025]
    assert children.value == children.baseline  # levers on places change nobody's plan
    assert (children.difference.mean, children.difference.p90) == (0, 0)


def test_dearer_contracts_raise_spend_on_transport_from_the_second_year_on(on_sqlite: Planner) -> None:
    """15 % of the price rises by the usual 3 % and 85 % by 10 %: 8.95 % in a year, against the baseline's 3 %."""
    made = on_sqlite.create(SMALL.replace("seed = 7", "seed = 8") + CONTRACTS)  # a baseline of its own
    on_sqlite.simulate()
    spent = {
        figure.academic_year: figure
        for figure in on_sqlite.result(made.scenario_id, "spend").figures
        if figure.line == "transport"
    }
    assert spent[2024].difference == scenarios_pb2.ScenarioBand()
    assert spent[2025].baseline.mean > 0
    assert spent[2025].value.mean / spent[2025].baseline.mean == pytest.approx(1.0895 / 1.03, rel=0.01)


def test_a_scenario_without_levers_is_its_baseline(planner: Planner) -> None:
    made = planner.create()
    planner.simulate()
    differences = [figure.difference for figure in planner.result(made.scenario_id).figures]
    assert {(each.mean, each.p10, each.p50, each.p90) for each in differences} == {(0, 0, 0, 0)}


def test_the_same_name_again_is_the_next_version(planner: Planner) -> None:
    assert [planner.create().version for _ in range(3)] == [1, 2, 3]
    assert planner.create(name="Another (b)").version == 1


def test_the_same_request_again_makes_no_second_one(planner: Planner) -> None:
    request = scenarios_pb2.CreateScenarioRequest(request_id=new_id("req"), definition=SMALL)
    first = planner.stub.CreateScenario(request, timeout=60)
    assert planner.stub.CreateScenario(request, timeout=60) == first
    request.name = "Other"
    with pytest.raises(AlreadyExists):
        planner.stub.CreateScenario(request, timeout=60)


def test_a_clone_has_the_definition_and_numbers_of_the_one_it_is_based_on_and_todays_facts(planner: Planner) -> None:
    first = planner.create(SMALL + OPENS, replicates=5, years=3)
    clone = planner.create("", based_on=first.scenario_id, seed=8)
    assert (clone.name, clone.version, clone.based_on) == ("Late", 2, first.scenario_id)
    assert clone.definition == first.definition
    assert (clone.replicates, clone.years, clone.seed) == (5, 3, 8)
    assert clone.facts_hash == first.facts_hash
    assert clone.baseline_id != first.baseline_id


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        ("", "definition: write one"),
        ("name = !", "definition: this is no TOML: .*line 1"),
        (SMALL + "colour = 1", "colour"),
        (SMALL.replace("years = 2", "years = 99"), "years: 99 is not from 1 to 15"),
        (SMALL.replace("2024", "2030"), "first_year: 2030 is not 2024, the year of the next 1 September"),
        (
            SMALL + '[[levers.extend]]\npool = "pool_none"\nplaces = 3\nopens = 2025-09-01',
            "levers.extend.0..pool.*none",
        ),
        (SMALL + OPENS.replace("16", "0"), r"levers.open\[0\].places: 0 is not from 1 to 200"),
        (SMALL + OPENS.replace("350,380", "Atlantis"), r"levers.open\[0\].area.*Atlantis"),
        (SMALL + CONTRACTS.replace("0.1", "10"), r"levers.transport_prices\[0\].contract: 10 is not from -0.5 to 1"),
        (SMALL + CONTRACTS.replace("contract", "lorries"), r"levers.transport_prices\[0\].lorries: is not known here"),
        (SMALL + CONTRACTS + "from_year = 2026", r"levers.transport_prices\[0\].from_year: 2026 is after 2025/26, the"),
        (SMALL + OPENS.replace("2025", "2031"), r"levers.open\[0\].opens: 2031-09-01 is after 2026-08-31"),
        (SMALL.replace("Late", "   "), "name: 1 to 80 letters"),
        (SMALL + "#" * 200_001, "definition: must be text of at most 200,000"),
    ],
)
def test_a_definition_that_breaks_a_rule_or_does_not_fit_the_facts_is_refused_naming_the_place(
    on_sqlite: Planner, definition: str, said: str
) -> None:
    with pytest.raises(InvalidInput, match=said):
        on_sqlite.create(definition)


def test_what_does_not_exist_is_not_found(on_sqlite: Planner) -> None:
    nobody = "scen_0000000000000000"
    for ask in (on_sqlite.get, on_sqlite.result, on_sqlite.cancel):
        with pytest.raises(NotFound, match="no scenario scen_0"):
            ask(nobody)
    with pytest.raises(NotFound):
        on_sqlite.create("", based_on=nobody)
    with pytest.raises(InvalidInput, match="scenario_id"):
        on_sqlite.get("plan_1")


def test_scenarios_are_listed_newest_first_page_by_page_without_baselines(planner: Planner) -> None:
    made = [planner.create(name=name).scenario_id for name in ("A", "B", "A", "C")]
    request = scenarios_pb2.ListScenariosRequest(page_size=3)
    first = planner.stub.ListScenarios(request, timeout=10)
    request.page_token = first.next_page_token
    second = planner.stub.ListScenarios(request, timeout=10)
    listed = [scenario.scenario_id for page in (first, second) for scenario in page.scenarios]
    assert (sorted(listed), second.next_page_token) == (sorted(made), "")
    assert [scenario.created_time for scenario in first.scenarios] == sorted(
        (scenario.created_time for scenario in first.scenarios), reverse=True
    )
    of_a = planner.stub.ListScenarios(scenarios_pb2.ListScenariosRequest(name="A"), timeout=10).scenarios
    assert {scenario.scenario_id for scenario in of_a} == {made[0], made[2]}
    for wrong in ({"page_size": 501}, {"page_token": "scen_0000000000000000"}):
        with pytest.raises(InvalidInput):
            planner.stub.ListScenarios(scenarios_pb2.ListScenariosRequest(**wrong), timeout=10)


def test_cancelling_stops_the_scenario_and_a_baseline_that_nobody_waits_for(planner: Planner) -> None:
    first, second = planner.create(), planner.create()
    assert planner.cancel(first.scenario_id).state == scenarios_pb2.SCENARIO_STATE_CANCELLED
    assert planner.get(first.baseline_id).state == scenarios_pb2.SCENARIO_STATE_WAITING
    assert planner.cancel(second.scenario_id).state == scenarios_pb2.SCENARIO_STATE_CANCELLED
    assert planner.get(first.baseline_id).state == scenarios_pb2.SCENARIO_STATE_CANCELLED
    assert planner.cancel(second.scenario_id).ended_time == planner.get(second.scenario_id).ended_time
    planner.simulate()
    assert planner.get(first.scenario_id).progress.replicates_done == 0
    with pytest.raises(WrongState, match="was cancelled"):
        planner.result(first.scenario_id)
    third = planner.create()
    planner.simulate()
    assert planner.get(third.scenario_id).state == scenarios_pb2.SCENARIO_STATE_FINISHED
    with pytest.raises(WrongState, match="finished already"):
        planner.cancel(third.scenario_id)


def test_a_result_before_the_end_says_how_far_it_has_come(on_sqlite: Planner) -> None:
    made = on_sqlite.create()
    with pytest.raises(WrongState, match=r"is waiting: 0 of 8 replicates.*inborough scenario watch scen_"):
        on_sqlite.result(made.scenario_id)


def test_a_result_can_be_limited_to_measures(on_sqlite: Planner) -> None:
    made = on_sqlite.create()
    on_sqlite.simulate()
    assert {figure.measure for figure in on_sqlite.result(made.scenario_id, "inmss").figures} == {"inmss"}
    with pytest.raises(InvalidInput, match=r"none called 'happiness'; there are .*inmss"):
        on_sqlite.result(made.scenario_id, "happiness")


def compare(planner: Planner, *scenario_ids: str) -> scenarios_pb2.CompareScenariosResponse:
    request = scenarios_pb2.CompareScenariosRequest(scenario_ids=scenario_ids, measures=["spend"])
    return planner.stub.CompareScenarios(request, timeout=30)


def test_compared_scenarios_differ_by_what_each_differs_from_the_baseline(planner: Planner) -> None:
    plain, opens = planner.create(), planner.create(SMALL + OPENS)
    planner.simulate()
    (found,) = compare(planner, plain.scenario_id, opens.scenario_id).comparisons
    assert (found.scenario.scenario_id, found.compared_with.scenario_id) == (opens.scenario_id, plain.scenario_id)
    assert list(found.figures) == list(planner.result(opens.scenario_id, "spend").figures)
    back = compare(planner, opens.scenario_id, plain.scenario_id).comparisons[0].figures
    assert [each.difference.mean for each in back] == [-each.difference.mean for each in found.figures]


def test_only_comparable_scenarios_are_compared(on_sqlite: Planner) -> None:
    first, other_seed, waiting = on_sqlite.create(), on_sqlite.create(seed=8), ""
    on_sqlite.simulate()
    waiting = on_sqlite.create().scenario_id
    for wrong in ((first.scenario_id,), (first.scenario_id,) * 2, (first.scenario_id,) * 7):
        with pytest.raises(InvalidInput, match="2 to 6 scenarios, each once"):
            compare(on_sqlite, *wrong)
    with pytest.raises(InvalidInput, match=f"{other_seed.scenario_id} has other seed"):
        compare(on_sqlite, first.scenario_id, other_seed.scenario_id)
    with pytest.raises(WrongState, match="is waiting"):
        compare(on_sqlite, first.scenario_id, waiting)


@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_whoever_oversees_planning_reads_scenarios_and_makes_none(on_sqlite: Planner, role: str) -> None:
    made = on_sqlite.create()
    with connect("placement", on_sqlite.address, role) as channel:
        stub = scenarios_pb2_grpc.ScenarioServiceStub(channel)
        request = scenarios_pb2.GetScenarioRequest(scenario_id=made.scenario_id)
        assert stub.GetScenario(request, timeout=10).scenario == made
        with pytest.raises(NotAllowed, match="CreateScenario is for planner"):
            stub.CreateScenario(scenarios_pb2.CreateScenarioRequest(), timeout=10)


def test_the_second_scenario_gathers_nothing_while_no_fact_changed(
    on_sqlite: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = on_sqlite.create()
    monkeypatch.setattr(worlds, "world_of", None)
    assert on_sqlite.create(SMALL + OPENS).facts_hash == first.facts_hash


def test_nothing_that_a_planner_is_shown_or_that_is_kept_names_a_case(on_sqlite: Planner) -> None:
    made = on_sqlite.create(SMALL + OPENS)
    on_sqlite.simulate()
    shown = f"{on_sqlite.get(made.scenario_id)} {on_sqlite.result(made.scenario_id)}"
    assert not re.search(r"case_[0-9a-f]{16}|child_[0-9a-f]{16}", shown)
    with on_sqlite.engine.connect() as connection:
        content = connection.exec_driver_sql("SELECT content FROM scenario_worlds").scalars().all()[0]
    assert {child_id.partition("_")[0] for child_id in World.from_bytes(content).children.ids} == {"child"}


def test_an_empty_authority_has_nothing_to_simulate(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("empty")
    with (
        neighbours_of_placement(folder) as addresses,
        running("placement", folder, **addresses) as server,
        connect("placement", server.address, "planner") as channel,
    ):
        stub = scenarios_pb2_grpc.ScenarioServiceStub(channel)
        request = scenarios_pb2.CreateScenarioRequest(request_id=new_id("req"), definition=SMALL)
        with pytest.raises(WrongState):
            stub.CreateScenario(request, timeout=30)


def test_the_demand_of_a_finished_scenario_is_given_by_replicate_year_and_cell(planner: Planner) -> None:
    made = planner.create()
    planner.simulate()
    request = scenarios_pb2.GetScenarioDemandRequest(scenario_id=made.scenario_id)
    found = planner.stub.GetScenarioDemand(request, timeout=30)
    assert found.replicates == made.replicates
    assert len(found.children) == made.replicates * made.years * len(found.cells)
    assert min(found.children, default=0) >= 0
    assert found.scenario.scenario_id == made.scenario_id
