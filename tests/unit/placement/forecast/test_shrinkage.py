"""Shrinkage lies between what was observed and the larger population."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.placement.forecast.rates.shrinkage import shrunk_chances, shrunk_ratios, spread_between

pairs = st.lists(st.tuples(st.integers(0, 200), st.floats(0.5, 200)), min_size=2, max_size=26)


@given(pairs)
def test_a_shrunk_ratio_is_between_one_and_the_observed_ratio(cells: list[tuple[int, float]]) -> None:
    counts, expected = (np.array(column, dtype=np.float64) for column in zip(*cells, strict=True))
    shrunk, observed = shrunk_ratios(counts, expected), counts / expected
    assert (shrunk >= np.minimum(observed, 1.0) - 1e-9).all()
    assert (shrunk <= np.maximum(observed, 1.0) + 1e-9).all()


def test_counts_that_chance_explains_are_not_believed() -> None:
    assert shrunk_ratios(np.array([9.0, 11.0, 10.0]), np.full(3, 10.0)).tolist() == [1.0, 1.0, 1.0]


def test_of_two_cells_with_the_same_ratio_the_larger_is_believed_more() -> None:
    ratios = shrunk_ratios(np.array([4.0, 400.0, 50.0]), np.array([2.0, 200.0, 252.0]))
    assert 1.0 < ratios[0] < ratios[1] < 2.0


def test_cells_that_differ_beyond_chance_have_a_spread() -> None:
    assert spread_between(np.array([200.0, 20.0]), np.array([110.0, 110.0])) > 0.3
    assert spread_between(np.zeros(3), np.zeros(3)) == 0.0


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 300), st.floats(0.01, 0.9)), min_size=1, max_size=26))
def test_a_shrunk_chance_is_between_the_prior_and_the_observed_share(cells: list[tuple[int, int, float]]) -> None:
    gone, stayed, prior = (np.array(column, dtype=np.float64) for column in zip(*cells, strict=True))
    exposed = gone + stayed
    shrunk = shrunk_chances(gone, exposed, prior)
    observed = np.where(exposed > 0, gone / np.maximum(exposed, 1), prior)
    assert (shrunk >= np.minimum(observed, prior) - 1e-9).all()
    assert (shrunk <= np.maximum(observed, prior) + 1e-9).all()


def test_nobody_exposed_leaves_the_prior() -> None:
    assert shrunk_chances(np.zeros(1), np.zeros(1), np.array([0.2])).tolist() == pytest.approx([0.2])
