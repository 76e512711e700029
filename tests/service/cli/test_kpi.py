"""`inborough kpi`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from inborough.placement.v1 import monitoring_pb2
from tests.service.cli.conftest import Ran, StandIns

Inborough = Callable[..., Ran]
Count = monitoring_pb2.QuarterlyCount
SUPPLIED = "quarter,measure,value\n2024Q1,exclusions_semh,3\n2023Q4,exclusions_semh,12\n2024Q1,inmss_unit_cost,63500\n"


@pytest.fixture
def reported(services: StandIns) -> StandIns:
    """Two quarters: a count, one left out, and one not recorded."""
    counts = [
        Count(measure="requests_for_assessment", quarter="2023Q4", children=31),
        Count(measure="requests_for_assessment", quarter="2024Q1", left_out=True),
        Count(measure="placements_hn_unit", quarter="2023Q4", not_recorded=True),
        Count(measure="placements_hn_unit", quarter="2024Q1", children=0),
    ]
    services.answer("GetQuarterlyReport", monitoring_pb2.GetQuarterlyReportResponse(counts=counts))
    return services


def supplied(tmp_path: Path, text: str = SUPPLIED) -> str:
    path = tmp_path / "supplied.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_page_says_what_is_left_out_and_what_is_not_recorded(reported: StandIns, inborough: Inborough) -> None:
    ran = inborough("kpi", "--quarter", "2024Q1", "--quarters", "2")
    said = " ".join(ran.out.split())
    assert "Requests for assessment 31 c" in said
    assert "Placements into HN units - 0" in said
    assert '"-": not recorded.' in said
    assert "What only the council has can be supplied" in said
    assert reported.asked["GetQuarterlyReport"].last_quarter == "2024Q1"


def test_what_the_council_supplies_is_shown_small_counts_left_out(
    reported: StandIns, inborough: Inborough, tmp_path: Path
) -> None:
    made = json.loads(inborough("kpi", "--supplied", supplied(tmp_path), "--json").out)
    found = {(one["measure"], one["quarter"]): one for one in made["measures"]}
    assert found["exclusions_semh", "2023Q4"]["value"] == 12
    assert (found["exclusions_semh", "2024Q1"]["value"], found["exclusions_semh", "2024Q1"]["left_out"]) == (None, True)
    assert found["inmss_unit_cost", "2024Q1"]["value"] == 63500
    assert found["send_transport_spend", "2024Q1"]["not_recorded"]


def test_the_report_is_written(reported: StandIns, inborough: Inborough, tmp_path: Path) -> None:
    out = tmp_path / "kpi.xlsx"
    assert inborough("kpi", "--out", str(out)).status == 0
    values = [row[4] for row in load_workbook(out)["kpi"].values]
    assert values[:5] == ["value", 31, "c", "not recorded", 0]


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("2024Q5,exclusions_semh,6", "row 2, quarter '2024Q5'"),
        ("2024Q1,mystery,6", "row 2, measure 'mystery'"),
        ("2024Q1,exclusions_semh,-6", "row 2, value '-6'"),
        ("2024Q1,exclusions_semh,6.5", "whole numbers"),
        ("2024Q1,attendance_percent,101", "row 2: value: attendance is at most 100"),
        ("2024Q1,exclusions_semh,6\n2024Q1,exclusions_semh,7", "row 3, measure 'exclusions_semh': 2024Q1 is in row 2"),
    ],
)
def test_a_wrong_row_is_refused_naming_the_cell(
    row: str, place: str, reported: StandIns, inborough: Inborough, tmp_path: Path
) -> None:
    ran = inborough("kpi", "--supplied", supplied(tmp_path, f"quarter,measure,value\n{row}\n"))
    assert ran.status == 1
    assert place in " ".join(ran.err.split())
