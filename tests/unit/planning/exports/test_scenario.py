"""A scenario's exports: nothing small in them, nor to be worked out from all of them together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inborough.placement.v1 import scenarios_pb2
from services.placement.model.suppression import SUPPRESSED, Sum, is_small
from services.planning.exports.cells import LAYERS, Cell, Key, is_count, sums_of
from services.planning.exports.forms import CATEGORIES, DSG, form_sums
from services.planning.exports.protected import ProtectedYear, protected_years
from services.planning.exports.scenario import FORMS, sheets_of
from services.planning.exports.sheets import as_csv, as_xlsx
from tests.builders.attacker import most_that_fits
from tests.builders.figures import KINDS, POOLS, SHAPE, Children, result_of

MANY = np.full(SHAPE, 9)


@st.composite
def children(draw: st.DrawFn) -> Children:
    """Few children in many cells."""
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    return random.poisson(draw(st.sampled_from([0.1, 0.5, 2.0])), SHAPE).astype(np.int64)


def protected(now: Children, before: Children | None = None) -> ProtectedYear:
    return protected_years(result_of(now, before).figures, POOLS)[2026]


def rows_of(result: Any, form: str, sheet: int = 0) -> list[dict[str, Any]]:
    made = sheets_of(result, form, POOLS)[sheet]
    return [dict(zip(made.columns, row, strict=True)) for row in made.rows]


@settings(max_examples=8)
@given(children(), children())
def test_no_small_count_can_be_worked_out_from_all_exports_together(now: Children, before: Children) -> None:
    year = protected(now, before)
    counts = {str(key): round(mean) for key, mean in year.means.items()}
    counted = sorted({key.cell for key in year.means if not key.cell.form})
    plain = [*sums_of(counted, POOLS), *form_sums(counted)]
    sums = [
        Sum(str(Key(one.total, each)), tuple(str(Key(p, each)) for p in one.parts)) for each in LAYERS for one in plain
    ]
    sums += [
        Sum(str(Key(cell, "value")), (str(Key(cell, "baseline")), str(Key(cell, "difference"))))
        for cell in {key.cell for key in year.means}
    ]
    hidden = {str(key) for key in year.left_out}
    signed = {str(key) for key in year.means if key.layer == "difference"}
    for key in list(counts)[:: max(1, len(counts) // 40)]:
        if key not in signed and is_small(counts[key]):
            assert most_that_fits(key, counts, sums, hidden & set(counts), signed) >= 5


@settings(max_examples=4)
@given(children(), children())
def test_no_cell_of_any_export_shows_a_small_count_of_children(now: Children, before: Children) -> None:
    result = result_of(now, before)
    for row in rows_of(result, "figures"):
        for name, shown in row.items():
            if row["unit"] == "children" and name.startswith(("value", "baseline")):
                assert not is_small(shown if isinstance(shown, int) else 0)
    for form, columns in (("scap", ("pupils_with_plan", "pupils_with_plan_baseline")), ("dsg", ("children",))):
        for row in rows_of(result, form):
            assert not any(is_small(row[name]) for name in columns if isinstance(row[name], int))


def test_the_known_sums_are_true_of_real_counts() -> None:
    figures = result_of(np.arange(np.prod(SHAPE)).reshape(SHAPE) % 7).figures
    year = protected_years(figures, POOLS)[2026]
    counted = [cell for cell in year.figures if is_count(cell)]
    sums = [*sums_of(counted, POOLS), *form_sums(counted)]
    assert len(sums) > 45
    for one in sums:
        total = year.means[Key(one.total, "value")]
        assert total == sum(year.means[Key(part, "value")] for part in one.parts), one


def test_a_part_that_would_tell_the_small_rest_is_left_out() -> None:
    """All live requests but two are given."""
    rows = {row["measure"]: row["value_mean"] for row in rows_of(result_of(MANY), "figures")}
    assert SUPPRESSED in (rows["requests_live"], rows["requests_given"])


def test_a_measure_that_is_not_known_is_taken_to_count_children() -> None:
    result = result_of(MANY)
    result.figures.append(
        scenarios_pb2.ScenarioFigure(measure="new", academic_year=2026, value=scenarios_pb2.ScenarioBand(mean=2))
    )
    assert [row["value_mean"] for row in rows_of(result, "figures") if row["measure"] == "new"] == [SUPPRESSED]


def test_large_counts_are_shown_rounded() -> None:
    row = next(row for row in rows_of(result_of(MANY), "figures") if row["measure"] == "unmet" and not row["need"])
    assert row["value_mean"] == 9 * np.prod(SHAPE[:3])


def test_a_breakdown_by_three_things_never_leaves() -> None:
    assert not any(row["need"] and row["phase"] and row["area"] for row in rows_of(result_of(MANY), "figures"))


def test_a_pool_that_is_not_known_is_not_exported() -> None:
    sheets = sheets_of(result_of(MANY), "figures", {"pool_a": "resource_base"})
    used = {row[7] for row in sheets[0].rows if row[0] == "places_used"}
    assert used == {"pool_a"}


def test_a_pools_row_says_which_setting_and_kind_it_is_of() -> None:
    (figures, _) = sheets_of(result_of(MANY), "figures", POOLS, {"pool_a": "Ash School"})
    rows = [dict(zip(figures.columns, row, strict=True)) for row in figures.rows]
    said = {(row["pool_id"], row["pool_setting"], row["pool_kind"]) for row in rows if row["measure"] == "places_used"}
    assert said == {
        ("pool_a", "Ash School", "resource_base"),
        ("pool_b", "", "resource_base"),
        ("pool_c", "", "state_special"),
    }
    assert {(row["pool_setting"], row["pool_kind"]) for row in rows if not row["pool_id"]} == {("", "")}


def test_with_the_places_used_go_the_places_empty() -> None:
    few = MANY.copy()
    few[..., KINDS.index("state_special")] = 0
    few[0, 0, 0, KINDS.index("state_special")] = 3
    rows = {(row["measure"], row["pool_id"]): row["value_mean"] for row in rows_of(result_of(few), "figures")}
    assert rows["places_used", "pool_c"] == SUPPRESSED
    assert rows["places_empty", "pool_c"] == SUPPRESSED
    assert rows["places_empty", "pool_a"] != SUPPRESSED


def test_money_is_in_pounds() -> None:
    rows = [row for row in rows_of(result_of(MANY), "figures") if row["measure"] == "spend"]
    assert (rows[0]["unit"], rows[0]["value_mean"]) == ("pounds", 1_234_567.89)


def test_the_management_plan_has_seven_categories_and_the_money() -> None:
    assert len(CATEGORIES) == 7
    children_sheet, spend, money, about = sheets_of(result_of(MANY), "dsg", POOLS)
    base = next(row for row in children_sheet.rows if str(row[0]).startswith("Resourced"))
    assert base[2] == 9 * np.prod(SHAPE[:3])
    line = next(row for row in money.rows if row[0] == "spend: inmss_fee")
    assert line[1:3] == (2026, 1_234_567.89)
    by_category = {row[0]: row[2] for row in spend.rows}
    assert by_category["Non-maintained special schools or independent schools"] == 40_000 + 50_000
    assert sum(value for value in by_category.values() if isinstance(value, float)) == sum(range(1, 7)) * 10_000
    assert any("unverified" in str(row[1]) for row in about.rows)


def test_spend_on_few_children_is_left_out_with_another_part() -> None:
    few = MANY.copy()
    few[..., KINDS.index("state_special")] = 0
    few[0, 0, 0, KINDS.index("state_special")] = 3
    rows = [row for row in rows_of(result_of(few), "figures") if row["measure"] == "spend_by_kind"]
    gone = {row["kind"] for row in rows if row["value_mean"] == SUPPRESSED}
    assert "state_special" in gone
    assert len(gone) >= 2


def test_categories_take_every_kind_once() -> None:
    kinds = [kind for kinds in CATEGORIES.values() for kind in kinds]
    assert len(kinds) == len(set(kinds)) == 11
    assert protected(MANY).mean(Cell("children", kind="Mainstream schools or academies", form=DSG)) is not None


def test_the_survey_has_special_provision_by_sector() -> None:
    rows = {(row["sector"], row["provision"]): row["pupils_with_plan"] for row in rows_of(result_of(MANY), "scap")}
    assert rows["primary", "special school"] == 9 * 2 * 2 * 3
    assert rows["secondary", "resourced provision"] == 9 * 2 * 3
    assert ("primary", "mainstream") not in rows


@pytest.mark.parametrize("form", FORMS)
def test_a_scenario_named_like_a_formula_stays_text(form: str) -> None:
    sheets = sheets_of(result_of(MANY, name="=cmd|x"), form, POOLS)
    assert "'=cmd|x" in as_csv(sheets[-1])
    assert as_xlsx(sheets)[:2] == b"PK"


def test_the_same_result_gives_the_same_sheets() -> None:
    now = np.arange(np.prod(SHAPE)).reshape(SHAPE) % 5
    assert [sheet.rows for sheet in sheets_of(result_of(now), "figures", POOLS)] == [
        sheet.rows for sheet in sheets_of(result_of(now), "figures", POOLS)
    ]
