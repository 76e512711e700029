"""The deficit rule, the application's own table, and tables that contradict themselves."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.placement.forecast.money.trajectory import (
    CheckedRow,
    PublishedRow,
    PublishedTable,
    check_table,
    deficits,
    fit_income,
    grown_income,
)
from services.placement.forecast.money.trajectory_file import SEED, read_table

MILLION = 10**8
AMOUNTS = st.lists(st.tuples(st.integers(0, 10**11), st.integers(0, 10**11)), min_size=1, max_size=8)


def seeds_row(name: str) -> CheckedRow:
    return next(row for row in check_table(read_table(SEED)).rows if row.row.name == name)


def a_table(spend: tuple[int, ...], deficit: tuple[int, ...], **changes: object) -> PublishedTable:
    """A table of one row in GBP m whose income, 10 a year, does not grow."""
    row = PublishedRow("row", tuple(x * MILLION for x in spend), tuple(x * MILLION for x in deficit))
    years = tuple(range(2024, 2024 + len(spend)))
    table = PublishedTable("t", "s", years, (row,), 10 * MILLION, Fraction(0), MILLION // 4, MILLION // 20)
    return replace(table, **changes)  # type: ignore[arg-type]


@given(st.integers(-(10**11), 10**11), AMOUNTS)
def test_each_deficit_is_the_last_plus_spend_less_income_to_the_penny(
    opening: int, years: list[tuple[int, int]]
) -> None:
    found = deficits(opening, [spend for spend, _ in years], [income for _, income in years])
    for at, (spend, income) in enumerate(years):
        assert found[at] == (found[at - 1] if at else opening) + spend - income
    assert found[-1] == opening + sum(spend - income for spend, income in years)


def test_income_grows_by_3_per_cent_in_whole_pence() -> None:
    assert grown_income(2_605_000_000, Fraction(3, 100), 3) == (2_605_000_000, 2_683_150_000, 2_763_644_500)


def test_the_unmitigated_row_is_reproduced_within_8_hundredths_of_a_million() -> None:
    row = seeds_row("unmitigated")
    assert round(row.largest_difference_pence / MILLION, 2) == 0.08
    assert (row.reproduced, row.contradictions, row.beyond_rounding) == (True, (), ())


def test_the_stretch_row_is_reproduced_within_22_hundredths_of_a_million() -> None:
    row = seeds_row("stretch")
    assert round(row.largest_difference_pence / MILLION, 2) == 0.22
    assert row.reproduced
    assert row.contradictions == ()


def test_the_stretch_rows_step_that_rounding_does_not_explain_is_said() -> None:
    (found,) = seeds_row("stretch").beyond_rounding
    assert (found.year, found.cell, round(found.off_by_pence / MILLION, 2)) == (2025, "spend", 0.23)


def test_the_target_rows_spend_of_2027_contradicts_its_own_deficits_and_33_4_would_fit() -> None:
    row = seeds_row("target")
    (found,) = row.contradictions
    assert not row.reproduced
    assert round(row.largest_difference_pence / MILLION, 2) == 0.72
    assert (found.year, found.cell, found.printed_pence) == (2027, "spend", 34.1 * MILLION)
    assert round(found.fitting_spend_pence / MILLION, 1) == 33.4


def test_the_published_table_is_left_as_it_was_printed() -> None:
    table = read_table(SEED)
    assert check_table(table).table is table
    assert seeds_row("target").row.spend_pence[4] == 34.1 * MILLION


def test_a_consistent_table_is_reproduced_exactly() -> None:
    (row,) = check_table(a_table((11, 12, 13), (1, 3, 6))).rows
    assert (row.difference_pence, row.reproduced, row.contradictions) == ((0, 0, 0), True, ())


def test_a_deficit_that_the_next_step_takes_back_is_the_cell_named() -> None:
    (row,) = check_table(a_table((11, 12, 13, 14), (1, 5, 6, 10))).rows
    (found,) = row.contradictions
    assert (found.year, found.cell, found.printed_pence) == (2025, "deficit", 5 * MILLION)
    assert found.fitting_deficit_pence == 3 * MILLION


def test_a_spend_alone_against_the_deficits_is_the_cell_named() -> None:
    (row,) = check_table(a_table((11, 17, 13, 14), (1, 3, 6, 10))).rows
    (found,) = row.contradictions
    assert (found.year, found.cell, found.fitting_spend_pence) == (2025, "spend", 12 * MILLION)


def test_either_fitting_amount_puts_the_step_right() -> None:
    table = a_table((11, 17, 13, 14), (1, 3, 6, 10))
    (row,) = check_table(table).rows
    (found,) = row.contradictions
    spend = (*row.row.spend_pence[:1], found.fitting_spend_pence, *row.row.spend_pence[2:])
    mended = replace(table, rows=(replace(row.row, spend_pence=spend),))
    assert check_table(mended).consistent


def test_an_income_that_is_not_stated_is_fitted_and_said_to_be() -> None:
    checked = check_table(a_table((11, 12, 13), (1, 3, 6), income_pence=None))
    assert (checked.income_is_fitted, checked.income_pence[0]) == (True, 10 * MILLION)


def test_one_contradicting_cell_does_not_move_the_fitted_income() -> None:
    assert fit_income(a_table((11, 12, 13, 19, 10), (1, 3, 6, 10, 10), income_pence=None)) == 10 * MILLION


def test_the_seeds_fitted_income_is_near_the_one_that_it_states() -> None:
    assert abs(fit_income(read_table(SEED)) - 2_605_000_000) < 3_000_000


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"years": (2024, 2026, 2027)}, "one after the other"),
        ({"years": (2024,)}, "two or more"),
        ({"rows": ()}, "one or more"),
        ({"income_pence": 0}, "income must be more than 0"),
        ({"income_growth": Fraction(2)}, "from -50 to 100"),
        ({"tolerance_pence": -1}, "tolerance must be 0 or more"),
        ({"years": (2024, 2025)}, "3 amounts for 2 years"),
    ],
)
def test_a_table_that_breaks_a_rule_is_refused_with_the_rule(change: dict[str, object], rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        a_table((11, 12, 13), (1, 3, 6), **change)
