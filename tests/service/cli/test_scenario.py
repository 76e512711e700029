"""`inborough scenario`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from inborough.common.v1 import common_pb2
from inborough.placement.v1 import scenarios_pb2
from inborough.provision.v1 import provision_pb2
from services.cli import scenarios
from shared.errors import InvalidInput, NeighbourDown, NotFound, WrongState
from tests.builders.ctrl_c import hearing_ctrl_c
from tests.service.cli.conftest import Ran, StandIns

Inborough = Callable[..., Ran]
ID, OTHER = "scen_0000000000000001", "scen_0000000000000002"
RUNNING, FINISHED = scenarios_pb2.SCENARIO_STATE_RUNNING, scenarios_pb2.SCENARIO_STATE_FINISHED


def a_scenario(**changes: Any) -> scenarios_pb2.Scenario:
    """Finished: two years, 200 replicates."""
    facts: dict[str, Any] = {
        "scenario_id": ID,
        "name": "Astmoor opens late",
        "version": 2,
        "state": FINISHED,
        "definition": 'name = "Astmoor opens late"\n',
        "first_year": 2026,
        "years": 2,
        "replicates": 200,
        "seed": 1,
        "policy": "suitable-then-near/1",
        "facts_as_of": common_pb2.Date(year=2026, month=2, day=1),
        "progress": scenarios_pb2.ScenarioProgress(replicates_done=400, replicates=400, shards_done=41, shards=41),
        "created_by": "user_ada",
        "created_time": "2026-02-01T09:00:00Z",
        "ended_time": "2026-02-01T09:02:00Z",
    }
    return scenarios_pb2.Scenario(**{**facts, **changes})


def progress(done: int, **changes: Any) -> scenarios_pb2.Scenario:
    """Running, so many of 400 replicates done."""
    so_far = scenarios_pb2.ScenarioProgress(replicates_done=done, replicates=400)
    return a_scenario(**{"state": RUNNING, "progress": so_far, **changes})


def a_figure(measure: str, mean: float, change: float = 0, **words: Any) -> scenarios_pb2.ScenarioFigure:
    """In 2027, from 10 % below to 10 % above its mean; the difference alike."""
    facts: dict[str, Any] = {"academic_year": 2027, "unit": "children"}
    return scenarios_pb2.ScenarioFigure(
        measure=measure,
        value=band(mean),
        baseline=band(mean - change),
        difference=band(change),
        **{**facts, **words},
    )


def band(mean: float) -> scenarios_pb2.ScenarioBand:
    return scenarios_pb2.ScenarioBand(mean=mean, p10=0.9 * mean, p50=mean, p90=1.1 * mean)


FIGURES = [
    a_figure("inmss", 120, -20),
    a_figure("inmss", 30, -10, need="SEMH"),
    a_figure("unmet", 4, 0),
    a_figure("deficit", 1_230_000_000, 50_000_000, unit="pence"),
    *(
        a_figure("price_of_one_more_place", mean, 0, unit=unit, pool_id=pool_id, line=line)
        for pool_id, placed, pence in (("pool_ASTMOOR", 0.02, 2_500_000), ("pool_OTHER", 0.25, -1_000_000))
        for line, mean, unit in (
            ("unmet", placed, "children"),
            ("unsettled", 0, "children"),
            ("request_not_given", 0, "children"),
            ("inmss_or_out_of_borough", 0, "children"),
            ("", pence, "pence"),
        )
    ),
]
ASTMOOR = provision_pb2.PlacePool(
    pool_id="pool_ASTMOOR", kind="resource_base", setting=provision_pb2.Setting(name="Astmoor Primary School")
)


@pytest.fixture
def finished(services: StandIns) -> StandIns:
    """A finished scenario with a result."""
    result = scenarios_pb2.GetScenarioResultResponse(scenario=a_scenario(definition=""), figures=FIGURES)
    services.answer("GetScenario", scenarios_pb2.GetScenarioResponse(scenario=a_scenario()))
    services.answer("GetScenarioResult", result)
    services.answer("ListPlacePools", provision_pb2.ListPlacePoolsResponse(pools=[ASTMOOR]))
    return services


@pytest.fixture(autouse=True)
def _look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenarios, "LOOK_SECONDS", 0.01)


def test_a_result_begins_with_what_matters_in_sentences(finished: StandIns, inborough: Inborough) -> None:
    ran = inborough("scenario", "show", ID)
    said = " ".join(ran.out.split())
    assert ran.status == 0
    assert "In 2027/28: 120 (108 to 132) children in INMSS, 20 fewer than the baseline (18 fewer to 22 fewer)." in said
    assert "In 2027/28: 4 (3.6 to 4.4) children without a place, no different from the baseline." in said
    assert "a deficit of £12.3m (£11.1m to £13.5m) at its end, £500k more than the baseline" in said
    assert said.index("children in INMSS") < said.index("Against the baseline")
    assert "SEMH 30 (27 to 33) -10" in said
    assert "Astmoor Primary 0 0 0 0 £25k (£22k to £28k)" in said
    assert "pool_OTHER 0.2 0 0 0 -£10k" in said
    assert "[money]: income of the first year is what the children on file cost in full; nothing is spent on" in said
    assert said.index("pool_OTHER") < said.index("Astmoor Primary"), (
        "a place that gives a child a school comes before pounds"
    )
    assert max(map(len, ran.out.splitlines())) <= 80


def test_a_result_for_machines_has_every_figure_and_no_definition(finished: StandIns, inborough: Inborough) -> None:
    shown = json.loads(inborough("scenario", "show", ID, "--json").out)
    assert shown["scenario"]["state"] == "finished"
    assert "definition" not in shown["scenario"]
    assert [figure["measure"] for figure in shown["figures"]] == [figure.measure for figure in FIGURES]
    assert shown["figures"][0]["difference"] == {"mean": -20.0, "p10": -18.0, "p50": -20.0, "p90": -22.0}


def test_a_definition_comes_out_as_it_went_in(finished: StandIns, inborough: Inborough) -> None:
    assert inborough("scenario", "show", ID, "--definition").out == 'name = "Astmoor opens late"\n\n'


def test_what_is_under_way_says_how_far_it_has_come(services: StandIns, inborough: Inborough) -> None:
    services.answer("GetScenario", scenarios_pb2.GetScenarioResponse(scenario=progress(100)))
    ran = inborough("scenario", "show", ID)
    assert "Simulating: 100 of 400 replicates" in ran.out
    assert f"scenario watch {ID}" in ran.out
    assert json.loads(inborough("scenario", "show", ID, "--json").out)["progress"]["replicates_done"] == 100


def test_running_keeps_it_watches_it_to_the_end_and_shows_the_result(
    finished: StandIns, inborough: Inborough, tmp_path: Path
) -> None:
    states: Iterator[scenarios_pb2.Scenario | Exception] = iter(
        [progress(0), NeighbourDown("placement"), progress(200), a_scenario()]
    )

    def look(_: Any) -> scenarios_pb2.GetScenarioResponse:
        found = next(states)
        if isinstance(found, Exception):
            raise found
        return scenarios_pb2.GetScenarioResponse(scenario=found)

    finished.answer("CreateScenario", scenarios_pb2.CreateScenarioResponse(scenario=progress(0)))
    finished.answer("GetScenario", look)
    file = tmp_path / "late.toml"
    file.write_text('name = "Late"\n')
    ran = inborough("scenario", "run", str(file), "--name", "Later", "--replicates", "20", "--seed", "0")
    assert ran.status == 0
    asked = finished.asked["CreateScenario"]
    assert (asked.name, asked.definition, asked.replicates, asked.seed) == ("Later", 'name = "Late"\n', 20, 0)
    assert not asked.HasField("years")
    assert "Simulating: 50 % of 400 replicates" in ran.err
    assert "children in INMSS" in ran.out


def test_watching_one_that_fails_is_a_no_that_says_why(services: StandIns, inborough: Inborough) -> None:
    failed = a_scenario(state=scenarios_pb2.SCENARIO_STATE_FAILED, failed_because="A part of it failed 3 times.")
    services.answer("GetScenario", scenarios_pb2.GetScenarioResponse(scenario=failed))
    ran = inborough("scenario", "watch", ID)
    assert ran.status == 1
    assert "A part of it failed 3 times." in ran.out
    assert f"scenario new --based-on {ID}" in ran.out


def test_a_file_that_is_none_or_is_wrong_is_a_usage_error(
    services: StandIns, inborough: Inborough, tmp_path: Path
) -> None:
    assert inborough("scenario", "new").status == 2
    assert inborough("scenario", "new", str(tmp_path / "none.toml")).status == 2
    services.answer("CreateScenario", InvalidInput("definition", "levers.open[0].places: 0 is not from 1 to 200"))
    (tmp_path / "wrong.toml").write_text("")
    (tmp_path / "latin.toml").write_bytes(b'name = "\xe9"')
    assert "UTF-8" in inborough("scenario", "new", str(tmp_path / "latin.toml")).err
    ran = inborough("scenario", "new", str(tmp_path / "wrong.toml"))
    assert (ran.status, "levers.open[0].places" in ran.err) == (2, True)


def test_a_clone_needs_no_file(services: StandIns, inborough: Inborough) -> None:
    services.answer("CreateScenario", scenarios_pb2.CreateScenarioResponse(scenario=progress(0)))
    ran = inborough("scenario", "new", "--based-on", OTHER, "--json")
    assert json.loads(ran.out)["scenario_id"] == ID
    assert services.asked["CreateScenario"].based_on == OTHER


def test_scenarios_are_listed_with_how_they_stand(services: StandIns, inborough: Inborough) -> None:
    page = scenarios_pb2.ListScenariosResponse(scenarios=[progress(100), a_scenario(scenario_id=OTHER)])
    services.answer("ListScenarios", page)
    said = inborough("scenario", "list").out
    assert "25 %" in said
    assert OTHER in said
    assert "definition" not in json.loads(inborough("scenario", "list", "--json").out)["scenarios"][0]
    services.answer("ListScenarios", scenarios_pb2.ListScenariosResponse())
    assert "scenario template" in inborough("scenario", "list").out


def test_compared_scenarios_are_shown_against_the_first(services: StandIns, inborough: Inborough) -> None:
    other = a_scenario(scenario_id=OTHER, name="Another")
    comparison = scenarios_pb2.ScenarioComparison(scenario=a_scenario(), compared_with=other, figures=FIGURES)
    services.answer("CompareScenarios", scenarios_pb2.CompareScenariosResponse(comparisons=[comparison]))
    ran = inborough("scenario", "compare", OTHER, ID)
    said = " ".join(ran.out.split())
    assert "20 fewer than Another, version 2" in said
    assert list(services.asked["CompareScenarios"].scenario_ids) == [OTHER, ID]
    shown = json.loads(inborough("scenario", "compare", OTHER, ID, "--json").out)
    assert shown["comparisons"][0]["compared_with"]["scenario_id"] == OTHER


def test_cancelling_says_what_it_is_now(services: StandIns, inborough: Inborough) -> None:
    cancelled = a_scenario(state=scenarios_pb2.SCENARIO_STATE_CANCELLED)
    services.answer("CancelScenario", scenarios_pb2.CancelScenarioResponse(scenario=cancelled))
    assert "Cancelled" in inborough("scenario", "cancel", ID).out
    services.answer("CancelScenario", WrongState("The scenario is finished already; there is nothing to stop."))
    assert inborough("scenario", "cancel", ID).status == 1
    services.answer("GetScenario", NotFound("scenario", ID, "See `inborough scenario list`."))
    assert inborough("scenario", "show", ID).status == 1


@pytest.fixture
def never_ending(services: StandIns) -> StandIns:
    """It always has 100 of 400 replicates done."""
    services.answer("GetScenario", scenarios_pb2.GetScenarioResponse(scenario=progress(100)))
    cancelled = a_scenario(state=scenarios_pb2.SCENARIO_STATE_CANCELLED)
    services.answer("CancelScenario", scenarios_pb2.CancelScenarioResponse(scenario=cancelled))
    return services


@pytest.mark.parametrize("cancels", [False, True])
def test_ctrl_c_leaves_it_running_and_says_so_or_cancels_it(never_ending: StandIns, cancels: bool) -> None:
    command = hearing_ctrl_c(sys.executable, "-m", "services.cli.main", "scenario", "watch", ID)
    watching = subprocess.Popen(
        [*command, "--cancel-on-interrupt"] if cancels else command,
        env=os.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert watching.stderr is not None
    timer = threading.Timer(90, watching.kill)
    timer.start()
    assert any("Simulating" in line for line in watching.stderr)
    watching.send_signal(signal.SIGINT)
    _, said = watching.communicate()
    timer.cancel()
    assert watching.returncode == 130
    assert ("goes on without you" in said) is not cancels
    assert ("CancelScenario" in never_ending.asked) is cancels
