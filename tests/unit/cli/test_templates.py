"""The templates: each importer reads its own, and knows exactly its columns."""

from __future__ import annotations

import csv
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from services.cli import template_files
from services.cli.main import run
from services.planning import template_texts
from shared.imports.report import SourceFile
from shared.imports.rows import RowModel, read_rows

MODELS = {
    "pools": "services.provision.imports.pool_row.PoolRow",
    "rates": "services.cost.imports.rate_rows.RateRow",
    "fleet": "services.cost.imports.fleet_rows.FleetRow",
    "bell-times": "services.cost.imports.bell_times.BellTimeRow",
    "preferences": "services.caseload.imports.preferences.PreferenceRow",
    "due": "services.caseload.imports.due.DueRow",
    "travel-matrix": "services.cost.imports.travel_rows.TravelRow",
    "travel-needs": "services.caseload.imports.travel_needs.TravelNeedsRow",
    "kpi": "services.planning.measures.supplied.SuppliedRow",
    "bids": "services.planning.siting.bids.BidRow",
}


def model_of(name: str) -> type[RowModel]:
    module, _, row = MODELS[name].rpartition(".")
    found: type[RowModel] = getattr(import_module(module), row)
    return found


def examples(name: str) -> int:
    return len(template_texts.text(name).splitlines()) - 1


@pytest.mark.parametrize("name", MODELS)
def test_the_importer_accepts_the_example_rows(name: str) -> None:
    checked = read_rows(SourceFile(f"{name}.csv", template_texts.text(name).encode()), model_of(name))
    assert (len(checked.rows), list(checked.problems)) == (examples(name), [])


def read_rate_card(text: str) -> Any:
    return import_module("services.cost.imports.read_card").read_card(SourceFile("rates.csv", text.encode()))


def test_the_rates_template_is_a_whole_card() -> None:
    read = read_rate_card(template_texts.text("rates"))
    assert (read.problems, read.warnings) == ([], [])


def test_the_explanation_of_rates_names_every_item_that_a_card_cannot_do_without() -> None:
    said = " ".join(template_files.notes("rates"))
    heading, *rows = template_texts.text("rates").splitlines()
    for item in {row.split(",")[2] for row in rows}:
        without = [row for row in rows if row.split(",")[2] != item]
        if read_rate_card("\n".join((heading, *without))).problems:
            assert item in said.split("A kind of place")[0]


@pytest.mark.parametrize("name", MODELS)
def test_the_template_has_every_column_of_the_importer_and_no_other(name: str) -> None:
    heading = next(csv.reader(template_texts.text(name).splitlines()))
    assert sorted(heading) == sorted(model_of(name).model_fields)


@pytest.mark.parametrize("name", MODELS)
def test_each_columns_meaning_is_what_the_importer_says(name: str) -> None:
    fields = model_of(name).model_fields
    said = {column["column"]: (column["needed"], column["meaning"]) for column in template_texts.columns(name)}
    assert said == {name: ("yes" if field.is_required() else "no", field.description) for name, field in fields.items()}


@pytest.mark.parametrize("name", MODELS)
def test_an_excel_template_is_read_like_the_csv_one(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.xlsx"
    assert run(["template", name, "--out", str(path)]) == 0
    checked = read_rows(SourceFile(path.name, path.read_bytes()), model_of(name))
    assert (len(checked.rows), list(checked.problems)) == (examples(name), [])


def test_a_template_is_printed_when_no_file_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["template", "pools"]) == 0
    assert capsys.readouterr().out == template_texts.text("pools")


def test_the_columns_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["template", "pools", "--explain"]) == 0
    said = capsys.readouterr().out
    assert all(column["column"] in said for column in template_texts.columns("pools"))


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "pools.csv"
    path.write_text("mine")
    assert run(["template", "pools", "--out", str(path)]) == 2
    assert path.read_text() == "mine"
    assert run(["template", "pools", "--out", str(path), "--force"]) == 0
    assert path.read_text() == template_texts.text("pools")


def test_another_kind_of_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["template", "pools", "--out", str(tmp_path / "pools.ods")]) == 2
    assert ".csv nor .xlsx" in capsys.readouterr().err


def test_closures_are_written_as_csv_alone_since_placement_reads_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["template", "closures", "--out", str(tmp_path / "closures.xlsx")]) == 2
    assert "CSV file alone" in capsys.readouterr().err
    assert run(["template", "closures", "--out", str(tmp_path / "closures.csv")]) == 0
    assert "INBOROUGH_SCHOOL_CLOSURES" in capsys.readouterr().out


def test_the_columns_of_closures_are_explained_in_order() -> None:
    heading = next(csv.reader(template_texts.text("closures").splitlines()))
    assert [column["column"] for column in template_texts.columns("closures")] == heading
