"""Flows by published age as flows by year group and by academic age: nobody is lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.placement.forecast.published.ages import by_academic_age, by_year_group, read_age
from services.placement.forecast.published.values import Row

counts = st.lists(st.integers(0, 5_000), min_size=26, max_size=26)


@pytest.mark.parametrize(
    ("words", "age"),
    [
        ("age 11", 11),
        ("Aged 11", 11),
        ("under 3", 2),
        ("age 2 and under", 2),
        ("age 20 and over", 20),
        ("unknown", None),
    ],
)
def test_an_age_is_read_as_each_table_words_it(words: str, age: int | None) -> None:
    assert read_age(Row("made.csv", 2, {"breakdown": words})) == age


@given(counts)
def test_moving_between_ways_of_counting_age_loses_nobody(by_age: list[int]) -> None:
    published = np.array(by_age, dtype=np.float64)
    groups = by_year_group(published)
    assert groups.sum() == pytest.approx(published.sum())
    assert by_academic_age(groups).sum() == pytest.approx(published.sum())
    assert (by_academic_age(groups) >= 0).all()
