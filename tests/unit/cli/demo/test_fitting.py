"""Whole numbers that add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cli.demo.fitting import fit_whole, share_out


@given(st.integers(0, 5_000), st.lists(st.integers(0, 100), min_size=1, max_size=12).filter(any))
def test_shares_add_up_to_the_total_and_stay_within_one_of_the_exact_share(total: int, weights: list[int]) -> None:
    parts = share_out(total, weights)
    assert sum(parts) == total
    assert all(abs(part - total * weight / sum(weights)) < 1 for part, weight in zip(parts, weights, strict=True))


@given(st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=1, max_size=6))
def test_a_fitted_table_has_exactly_the_totals_asked_for(table: list[list[int]]) -> None:
    rows = [sum(row) for row in table]
    columns = [sum(row[j] for row in table) for j in range(3)]
    fitted = fit_whole(rows, columns, [[1.0, 2.0, 0.0]] * len(table))
    assert [sum(row) for row in fitted] == rows
    assert [sum(row[j] for row in fitted) for j in range(3)] == columns


def test_a_table_that_already_fits_is_kept() -> None:
    assert fit_whole([3, 7], [4, 6], [[1, 2], [3, 4]]) == [[1, 2], [3, 4]]


def test_totals_that_disagree_are_refused() -> None:
    with pytest.raises(ValueError, match="same number"):
        fit_whole([1], [2], [[1.0]])
