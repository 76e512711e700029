"""`inborough forecast` and `inborough backtest`: offline, from a folder of published tables."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from services.cli import exits
from services.cli.main import run
from tests.builders.published_tables import write_tables

COLUMNS = ["authority_code", "january", "breakdown", "value", "mean", "p10", "p50", "p90"]
VALUES = {
    "total": {"all"},
    "age_band": {"0-4", "5-10", "11-15", "16-19", "20-25"},
    "kind": {
        "mainstream",
        "resource_base_or_unit",
        "state_special",
        "inmss",
        "further_education",
        "educated_elsewhere",
    },
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_tables(tmp_path_factory.mktemp("published"), authorities=8))


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def answer(capsys: pytest.CaptureFixture[str], *command: str) -> Any:
    assert run([*command, "--json"]) == exits.OK
    return json.loads(capsys.readouterr().out)


def test_all_authorities_are_written_with_every_breakdown(data: str, tmp_path: Path) -> None:
    out = tmp_path / "forecast.csv"
    assert run(["forecast", "--authority", "all", "--data", data, "--years", "3", "--out", str(out)]) == exits.OK
    rows = rows_of(out)
    assert list(rows[0]) == COLUMNS
    assert len(rows) == 8 * 3 * 12
    assert {row["january"] for row in rows} == {"2025", "2026", "2027"}
    for breakdown, values in VALUES.items():
        assert {row["value"] for row in rows if row["breakdown"] == breakdown} == values


def test_only_a_csv_file_is_written(data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "forecast.xlsx"
    assert run(["forecast", "--data", data, "--out", str(out)]) == exits.USAGE
    assert "End it with .csv." in capsys.readouterr().err
    assert not out.exists()


def test_percentiles_of_the_file_are_in_order(data: str, tmp_path: Path) -> None:
    out = tmp_path / "forecast.csv"
    run(["forecast", "--data", data, "--out", str(out)])
    for row in rows_of(out):
        assert 0 <= float(row["p10"]) <= float(row["p50"]) <= float(row["p90"])


def test_the_same_tables_give_the_same_file(data: str, tmp_path: Path) -> None:
    files = tmp_path / "one.csv", tmp_path / "two.csv"
    for out in files:
        run(["forecast", "--data", data, "--out", str(out)])
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize("asked", ["E06000803", "803", "town 2"])
def test_an_authority_is_found_by_either_code_or_its_name(
    asked: str, data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = answer(capsys, "forecast", "--authority", asked, "--data", data, "--years", "1")
    assert {row["authority_code"] for row in made["rows"]} == {"E06000803"}
    assert made["last_january"] == 2024


def test_england_can_be_asked_for(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    made = answer(capsys, "forecast", "--authority", "E92000001", "--data", data, "--years", "1")
    assert len(made["rows"]) == 12


def test_an_unknown_authority_is_told_how_to_ask(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["forecast", "--authority", "E99999999", "--data", data]) == exits.USAGE
    assert "'E99999999' is no authority with plans in January 2024" in capsys.readouterr().err


def test_a_page_has_every_breakdown_and_its_interval(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["forecast", "--authority", "801", "--data", data, "--years", "2"]) == exits.OK
    text = capsys.readouterr().out
    assert "Town 0: EHC plans expected each January" in text
    assert all(words in text for words in ("All plans", "Age 16-19", "INMSS", "2026", "80 % interval"))


def test_every_authority_at_once_is_an_overview_of_totals(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["forecast", "--data", data]) == exits.OK
    text = capsys.readouterr().out
    assert "E06000808" in text
    assert "--out FILE.csv" in text


def test_the_folder_may_be_named_by_the_environment(
    data: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INBOROUGH_DATA", data)
    assert answer(capsys, "backtest")["january"] == 2024


def test_without_a_folder_it_says_where_the_tables_are_published(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("INBOROUGH_DATA", raising=False)
    assert run(["forecast"]) == exits.USAGE
    error = capsys.readouterr().err
    assert "give --data or set INBOROUGH_DATA" in error
    assert "Explore Education Statistics" in error


def test_a_wrong_cell_is_said_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_tables(tmp_path, authorities=3)
    table = folder / "caseload.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    at = lines[0].split(",").index("ehcplans")
    cells = lines[1].split(",")
    cells[at] = "many"
    table.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", encoding="utf-8")
    assert run(["forecast", "--data", str(folder)]) == exits.USAGE
    assert "caseload.csv, row 2, column ehcplans: 'many' is wrong" in capsys.readouterr().err


def test_two_januaries_are_too_few(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_tables(tmp_path, authorities=3, first=2023)
    assert run(["forecast", "--data", str(folder)]) == exits.USAGE
    assert "2 Januaries; the forecast needs 3" in capsys.readouterr().err


def test_the_backtest_shows_errors_of_each_forecaster_and_the_coverage(
    data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["backtest", "--data", data]) == exits.OK
    text = capsys.readouterr().out
    assert "January 2024, forecast from before it for 8 authorities" in text
    assert all(words in text for words in ("Mean error, %", "Median error, %", "Growth", "Flows", "In 80 %"))


def test_a_machine_gets_the_backtest_line_by_line(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    made = answer(capsys, "backtest", "--data", data, "--to", "2023")
    assert made["january"] == 2023
    assert {line["breakdown"] for line in made["lines"]} == {"total", "kind"}
    assert made["lines"][0]["errors"]["model"]["mean_percent"] > 0


def test_a_check_that_falls_short_exits_with_no(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["backtest", "--data", data, "--check"]) == exits.ANSWER_IS_NO
    assert "Short of the targets" in capsys.readouterr().out


def test_a_january_that_cannot_be_tested_is_told_which_can(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["backtest", "--data", data, "--to", "2020"]) == exits.USAGE
    assert "those that can: 2022, 2023, 2024" in capsys.readouterr().err
