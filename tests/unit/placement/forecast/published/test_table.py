"""What is wrong in a published table is said with file, row, column, value and rule."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from services.placement.forecast.published.read_series import read_series
from services.placement.forecast.published.table import read_january, read_table, tables_folder
from services.placement.forecast.published.values import (
    PublishedTablesMissingError,
    PublishedTableWrongError,
    Row,
)
from tests.builders.published_tables import write_tables

HEADING = "time_period,geographic_level,region_code,new_la_code,old_la_code,la_name,breakdown_topic,breakdown,plans"


def a_table(folder: Path, *lines: str, heading: str = HEADING) -> Path:
    (folder / "made.csv").write_text("\n".join((heading, *lines)) + "\n", encoding="utf-8")
    return folder


def line(level: str = "National", plans: str = "7") -> str:
    return f"202324,{level},,,,,All,All,{plans}"


@pytest.mark.parametrize("letter", ["x", "z", "c", "low", ""])
def test_a_letter_for_a_count_is_no_number_and_no_zero(letter: str, tmp_path: Path) -> None:
    (row,) = read_table(a_table(tmp_path, line(plans=letter)), "made", ("plans",))
    assert math.isnan(row.number("plans"))


@pytest.mark.parametrize(("cell", "number"), [("7", 7.0), ('"1,234"', 1234.0), ("0", 0.0)])
def test_a_count_is_read(cell: str, number: float, tmp_path: Path) -> None:
    (row,) = read_table(a_table(tmp_path, line(plans=cell)), "made", ("plans",))
    assert row.number("plans") == number


@pytest.mark.parametrize(("cell", "rule"), [("seven", "is a number"), ("-3", "is 0 or more"), ("inf", "is 0 or more")])
def test_another_word_is_refused_with_file_row_column_value_and_rule(cell: str, rule: str, tmp_path: Path) -> None:
    rows = read_table(a_table(tmp_path, line(), line(plans=cell)), "made", ("plans",))
    with pytest.raises(PublishedTableWrongError, match=rf"made.csv, row 3, column plans: '{cell}' .*{rule}"):
        rows[1].number("plans")


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(PublishedTableWrongError, match=r"made.csv, row 1: there is no column total_ceased"):
        read_table(a_table(tmp_path, line()), "made", ("plans", "total_ceased"))


def test_a_short_row_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PublishedTableWrongError, match=r"row 2: 3 cells are wrong; a row has .* 9"):
        read_table(a_table(tmp_path, "202324,National,x"), "made", ("plans",))


def test_a_level_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PublishedTableWrongError, match="column geographic_level: 'Parish' is wrong"):
        read_table(a_table(tmp_path, line(level="Parish")), "made", ("plans",))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "made.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PublishedTableWrongError, match="not CSV in UTF-8"):
        read_table(tmp_path, "made", ())


def test_a_missing_table_says_where_it_is_published(tmp_path: Path) -> None:
    with pytest.raises(PublishedTablesMissingError, match=r"caseload.csv was not found.*Explore Education Statistics"):
        read_series(tmp_path)


def test_a_missing_folder_says_where_the_tables_are_published(tmp_path: Path) -> None:
    with pytest.raises(PublishedTablesMissingError, match=r"is not a folder.*Explore Education Statistics"):
        read_series(tmp_path / "nowhere")


def test_the_folder_above_ehc_plans_will_do(tmp_path: Path) -> None:
    write_tables(tmp_path / "ehc-plans", authorities=2)
    assert tables_folder(tmp_path) == tmp_path / "ehc-plans"
    assert len(read_series(tmp_path).authorities) == 2


@pytest.mark.parametrize(("period", "january"), [("202324", 2024), ("201920", 2020), ("2023", 2024)])
def test_a_period_belongs_to_a_january(period: str, january: int) -> None:
    assert read_january(Row("made.csv", 2, {"time_period": period})) == january


def test_a_period_that_is_no_year_is_refused() -> None:
    with pytest.raises(PublishedTableWrongError, match="time_period"):
        read_january(Row("made.csv", 2, {"time_period": "spring"}))
