"""The tables as arrays; impossible figures; authorities whose boundaries changed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from services.placement.forecast.published.boundaries import fill_boundaries
from services.placement.forecast.published.read_series import read_series
from services.placement.forecast.published.values import PublishedTableWrongError
from tests.builders.published_tables import Row, Rows, authority_at, invented_tables, write_table, write_tables


def written(folder: Path, tables: dict[str, Rows]) -> Path:
    for name, rows in tables.items():
        write_table(folder / f"{name}.csv", rows)
    return folder


def tables() -> dict[str, Rows]:
    return invented_tables(authorities=3, first=2019, last=2024, seed=1)


def the_row(rows: Rows, **wanted: str) -> Row:
    (found,) = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    return found


def test_a_calendar_year_belongs_to_the_january_that_ends_it(tmp_path: Path) -> None:
    series = read_series(write_tables(tmp_path, authorities=2, first=2020, last=2022))
    assert series.januaries == (2020, 2021, 2022)
    assert np.isfinite(series.local.new_plans).all()


def test_england_is_apart_from_the_authorities_and_their_sum(tmp_path: Path) -> None:
    series = read_series(write_tables(tmp_path, authorities=5))
    assert len(series.authorities) == 5
    assert np.allclose(series.england.plans[0], series.local.plans.sum(axis=0))


def test_what_is_known_until_a_january_has_nothing_later_and_no_ages(tmp_path: Path) -> None:
    series = read_series(write_tables(tmp_path, authorities=2))
    before = series.until(2022)
    assert before.januaries == (2019, 2020, 2021, 2022)
    assert before.local.plans.shape == (2, 4)
    assert before.ages is None


def test_a_january_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="2019 to 2024, not 2031"):
        read_series(write_tables(tmp_path, authorities=2)).until(2031)


def test_a_total_that_is_not_the_sum_of_its_ages_is_noted_and_the_sum_used(tmp_path: Path) -> None:
    made = tables()
    wrong = the_row(made["newplans"], old_la_code="801", time_period="2022", breakdown_topic="New EHC plans")
    right, wrong["new_ehc_plans"] = float(wrong["new_ehc_plans"]), "6078"
    series = read_series(written(tmp_path, made))
    assert series.local.new_plans[0, series.januaries.index(2023)] == right
    assert series.notes == (
        f"newplans.csv: Town 0 in 2022: a total of 6,078 new plans, while its ages sum to {right:,.0f}; "
        "the sum of the ages is used.",
    )


def test_no_requests_of_a_large_authority_are_noted_and_left_out(tmp_path: Path) -> None:
    made = tables()
    the_row(made["requests"], old_la_code="802", time_period="2021")["requests_received_in_year"] = "0"
    series = read_series(written(tmp_path, made))
    assert np.isnan(series.local.requests[1, series.januaries.index(2022)])
    assert "Town 1 in 2021: 0 requests" in series.notes[0]


def test_a_withheld_total_is_unknown(tmp_path: Path) -> None:
    made = tables()
    the_row(made["newplans"], old_la_code="801", time_period="2023", breakdown_topic="New EHC plans")[
        "new_ehc_plans"
    ] = "x"
    assert np.isnan(read_series(written(tmp_path, made)).local.new_plans[0, -1])


def test_a_wrong_age_is_refused_with_its_place(tmp_path: Path) -> None:
    made = tables()
    the_row(made["newplans"], old_la_code="801", time_period="2023", breakdown="age 11")["breakdown"] = "eleven"
    with pytest.raises(PublishedTableWrongError, match=r"newplans.csv, row \d+, column breakdown: 'eleven'"):
        read_series(written(tmp_path, made))


def test_successors_share_their_predecessors_past_by_their_first_january(tmp_path: Path) -> None:
    made = tables()
    for code, name in ((909, "Cumbria"), (942, "Cumberland"), (943, "Westmorland and Furness")):
        _move(made, 801 + (909, 942, 943).index(code), code, name)
    made["caseload"] = [row for row in made["caseload"] if _is_there(row)]
    series = fill_boundaries(read_series(written(tmp_path, made)))
    codes = [authority.la_code for authority in series.authorities]
    old, *new = (series.local.plans[codes.index(code)] for code in ("909", "942", "943"))
    assert np.allclose(np.sum(new, axis=0)[:5], old[:5])
    assert new[0][0] / new[1][0] == pytest.approx(new[0][5] / new[1][5])


def _move(made: dict[str, Rows], code: int, to: int, name: str) -> None:
    for rows in made.values():
        for row in rows:
            if row["old_la_code"] == str(code):
                row.update(authority_at(to, name))


def _is_there(row: Row) -> bool:
    """Cumbria until January 2023, its successors from January 2024."""
    newest = row["time_period"] == "202324"
    return row["old_la_code"] == "" or (row["old_la_code"] != "909") == newest
