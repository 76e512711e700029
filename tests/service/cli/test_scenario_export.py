"""`inborough scenario export`."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook

from inborough.placement.v1 import scenarios_pb2
from inborough.provision.v1 import provision_pb2
from tests.builders.figures import POOLS, SHAPE, result_of
from tests.service.cli.conftest import Ran, StandIns

Inborough = Callable[..., Ran]
ID = "scen_0123456789abcdef"
DEFINITION = 'name = "A name"\nfirst_year = 2026\n'
FEW = (np.arange(np.prod(SHAPE)) % 17 == 0).reshape(SHAPE).astype(np.int64)


@pytest.fixture
def finished(services: StandIns) -> StandIns:
    """A finished scenario with few children in many cells."""
    answer = result_of(FEW)
    state = scenarios_pb2.SCENARIO_STATE_FINISHED
    scenario = scenarios_pb2.Scenario(scenario_id=ID, state=state, definition=DEFINITION)
    setting = provision_pb2.Setting(name="Ash School")
    pools = [provision_pb2.PlacePool(pool_id=pool, kind=kind, setting=setting) for pool, kind in POOLS.items()]
    services.answer("GetScenario", scenarios_pb2.GetScenarioResponse(scenario=scenario))
    services.answer("GetScenarioResult", answer)
    services.answer("ListPlacePools", provision_pb2.ListPlacePoolsResponse(pools=pools))
    return services


@pytest.mark.parametrize(
    ("form", "sheets"),
    [
        ("xlsx", ["figures", "about"]),
        ("scap", ["special provision", "about"]),
        ("dsg", ["children by category", "spend by category", "money", "about"]),
    ],
)
def test_each_form_is_written(
    form: str, sheets: list[str], finished: StandIns, inborough: Inborough, tmp_path: Path
) -> None:
    out = tmp_path / "out.xlsx"
    ran = inborough("scenario", "export", ID, "--form", form, "--out", str(out))
    assert ran.status == 0
    assert load_workbook(out).sheetnames == sheets
    assert 'Counts left out are shown as "c"' in ran.err


def test_a_csv_holds_no_small_count_of_children(finished: StandIns, inborough: Inborough, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert inborough("scenario", "export", ID, "--out", str(out)).status == 0
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    shown = {row["value_mean"] for row in rows if row["unit"] == "children"}
    assert "c" in shown
    assert not shown & {"1", "2", "3", "4"}
    assert {row["pool_setting"] for row in rows if row["pool_id"]} == {"Ash School"}


def test_a_form_that_contradicts_the_files_name_is_refused(
    finished: StandIns, inborough: Inborough, tmp_path: Path
) -> None:
    ran = inborough("scenario", "export", ID, "--form", "csv", "--out", str(tmp_path / "out.xlsx"))
    assert (ran.status, "contradict" in ran.err) == (2, True)


def test_a_file_that_is_there_is_kept(finished: StandIns, inborough: Inborough, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("mine")
    assert inborough("scenario", "export", ID, "--out", str(out)).status == 2
    assert out.read_text() == "mine"
