"""`inborough solve`: offline, no service."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.cli.main import run

PROBLEM: dict[str, Any] = {
    "format": "inborough-problem/1",
    "terms": ["out_of_borough", "annual_cost_pence"],
    "pools": [{"id": "near", "places": 1}, {"id": "far", "places": 2}],
    "cases": ["c1", "c2", "c3"],
    "options": [
        {"case": "c1", "pool": "near", "terms": [0, 2_500_000]},
        {"case": "c1", "pool": "far", "terms": [1, 6_000_000]},
        {"case": "c2", "pool": "near", "terms": [0, 2_600_000]},
        {"case": "c2", "pool": "far", "terms": [1, 6_400_000]},
    ],
}
"""Two children want the one place near home; the first costs less to send away. The third has no option."""


@pytest.fixture
def problem(tmp_path: Path) -> str:
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(PROBLEM))
    return str(path)


def test_the_answer_has_the_published_shape(problem: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", problem, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["status"] == "optimal"
    assert answer["assignment"] == {"c1": "far", "c2": "near"}
    assert answer["unplaced"] == ["c3"]
    assert answer["totals"] == {"out_of_borough": 1, "annual_cost_pence": 8_600_000}
    assert answer["shadow_prices"]["near"] == {"unplaced": 0, "out_of_borough": 1, "annual_cost_pence": 3_500_000}


def test_the_knock_on_of_a_case_is_given_when_asked(problem: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", problem, "--knock-on", "c1", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["knock_on"]["far"]["annual_cost_pence"] == 0
    assert answer["knock_on"]["near"]["annual_cost_pence"] == 300_000
    assert answer["knock_on_others"]["near"] == {"unplaced": 0, "out_of_borough": 1, "annual_cost_pence": 3_800_000}


def test_a_person_reads_totals_and_effects_in_words(problem: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", problem, "--knock-on", "c1"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    for words in (
        "Optimal: 2 placed, 1 not placed.",
        "£86,000",
        "Not placed: c3",
        "- near: 1 fewer child out of borough; £35,000 less a year",
        "- near: £3,000 more a year",
        "- near: 1 more child out of borough; £38,000 more a year",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"format": "other/1"}, "format"),
        ({"pools": [{"id": "near", "places": -1}]}, "pools[0].places"),
        ({"options": [{"case": "c9", "pool": "near", "terms": [0, 0]}]}, "options[0].case"),
        ({"extra": 1}, "extra"),
    ],
)
def test_a_malformed_file_is_refused_naming_the_place(
    change: dict[str, Any], place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(PROBLEM | change))
    assert run(["solve", str(path), "--json"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert place in said.err
    assert "docs/json.md" in said.err


def test_a_file_that_is_no_json_names_the_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "problem.json"
    path.write_text('{"format":\n oops}')
    assert run(["solve", str(path)]) == 2
    assert "line 2, column 2" in " ".join(capsys.readouterr().err.split())


def test_a_case_that_is_not_there_is_named(problem: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", problem, "--knock-on", "c9"]) == 2
    assert "c9" in capsys.readouterr().err
