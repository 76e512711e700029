"""`inborough trajectory`, `hn-unit` and `opportunities`: offline, no service."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from services.cli.main import run

CSV = "row,year,spend,deficit\nours,2024,11,1.0\nours,2025,12,3.0\nours,2026,17,6.0\nours,2027,14,10.0\n"


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


def answer(capsys: pytest.CaptureFixture[str], *command: str) -> Any:
    assert run([*command, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def a_file(tmp_path: Path, text: str, name: str = "ours.csv") -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_applications_table_is_reproduced_and_its_contradiction_reported(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["trajectory"]) == 0
    text = said(capsys)
    assert "Reproduced within 0.08" in text
    assert "Reproduced within 0.22" in text
    assert "2027: the printed spend, 34.10, contradicts the rest by 0.73. A spend of 33.40 would fit" in text
    assert "nothing in it was changed" in text


def test_a_machine_gets_the_same_in_pence(capsys: pytest.CaptureFixture[str]) -> None:
    made = answer(capsys, "trajectory")
    assert [row["reproduced"] for row in made["rows"]] == [True, False, True]
    assert made["consistent"] is False
    assert made["rows"][1]["contradictions"][0]["fitting_spend_pence"] == 3_336_553_835


def test_a_table_of_ones_own_is_checked_from_csv(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = answer(capsys, "trajectory", "--file", a_file(tmp_path, CSV), "--income", "10", "--growth", "0")
    (found,) = made["rows"][0]["contradictions"]
    assert (found["year"], found["cell"], found["fitting_spend_pence"]) == (2026, "spend", 1_300_000_000)


def test_an_income_that_is_not_stated_is_fitted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = answer(capsys, "trajectory", "--file", a_file(tmp_path, CSV), "--growth", "0")
    assert (made["income_is_fitted"], made["income_pence"][0]) == (True, 1_000_000_000)


def test_the_reproduced_table_is_written_as_excel(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "table.xlsx"
    assert run(["trajectory", "--out", str(out)]) == 0
    rows = list(load_workbook(out)["trajectory"].values)
    assert rows[0][:3] == ("row", "year", "spend")
    assert rows[1][:3] == ("unmitigated", 2023, 26_100_000)


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [
        ("row,year,spend\n", "t.csv", "no column deficit"),
        ("row,year,spend,deficit\n", "t.csv", "no rows"),
        ("row,year,spend,deficit\na,2024,x,1\n", "t.csv", "row 2, column spend: 'x' is not an amount"),
        ("row,year,spend,deficit\na,2024,1,NaN\n", "t.csv", "row 2, column deficit"),
        ("row,year,spend,deficit\na,24,1,1\n", "t.csv", "row 2, column year: '24'"),
        ("row,year,spend,deficit\na,2024,1,1\na,2024,1,1\n", "t.csv", "row 3, column year"),
        ("row,year,spend,deficit\na,2024,1,1\na,2025,1,1\nb,2024,1,1\n", "t.csv", "row 'b'"),
        ("row,year,spend,deficit\n,2024,1,1\n", "t.csv", "row 2, column row"),
        ("years = [2024]\nrows = 3", "t.toml", "rows: must be tables"),
        ("oops", "t.toml", "t.toml"),
        ("mystery = 1", "t.toml", "mystery: is not known"),
        ('years = [2024, 2025]\nrows = [{name="a", spend=[1, true], deficit=[1, 2]}]', "t.toml", "rows[0].spend[1]"),
        ('years = [2024, 2025]\nunit = "EUR"\nrows = [{name="a", spend=[1, 2], deficit=[1, 2]}]', "t.toml", "unit"),
        ("", "t.txt", ".toml or a .csv"),
    ],
)
def test_a_malformed_table_is_refused_naming_the_place(
    text: str, name: str, place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["trajectory", "--file", a_file(tmp_path, text, name), "--json"]) == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert place in " ".join(written.err.split())
    assert name in written.err


def test_a_unit_is_shown_by_occupancy_with_its_break_even(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["hn-unit", "--cost", "160000"]) == 0
    text = said(capsys)
    assert "breaks even with 3 children" in text
    assert "a unit with 4 children would cost £144,464 a year: it holds" in text


def test_a_unit_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    made = answer(capsys, "hn-unit", "--days", "212", "--places", "4")
    assert made["break_even_children"] == 2
    assert [row["children"] for row in made["occupancies"]] == [0, 1, 2, 3, 4]


def test_an_amount_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["hn-unit", "--cost", "lots"]) == 2
    assert "--cost" in capsys.readouterr().err


def test_opportunities_say_what_is_illustrative(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["opportunities"]) == 0
    assert "Illustrative amounts are no council's own" in said(capsys)


def test_the_printed_template_is_read_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["opportunities", "--template"]) == 0
    path = a_file(tmp_path, capsys.readouterr().out, "ours.toml")
    assert answer(capsys, "opportunities", "--file", path) == answer(capsys, "opportunities")


def test_a_wrong_share_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["opportunities", "--template"]) == 0
    text = capsys.readouterr().out.replace("share_percent = 10", "share_percent = 200")
    assert run(["opportunities", "--file", a_file(tmp_path, text, "ours.toml")]) == 2
    assert "opportunities[5].share_percent" in capsys.readouterr().err
