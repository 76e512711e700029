"""No small count can be worked out from what is shown: an attacker with integer programming tries."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.placement.model.suppression import Sum, is_small, suppress
from tests.builders.attacker import most_that_fits

COUNTS = st.one_of(st.integers(0, 6), st.integers(0, 40))
Tables = tuple[dict[str, int], list[Sum[str]]]


def a_table(rows: list[list[int]], prefix: str = "") -> Tables:
    """Rows and columns with their totals: "0.1" is a cell, "0.*" a row, "*.1" a column, "*.*" all."""
    height, width = len(rows), len(rows[0])
    counts = {f"{prefix}{r}.{c}": rows[r][c] for r, c in product(range(height), range(width))}
    counts |= {f"{prefix}{r}.*": sum(rows[r]) for r in range(height)}
    counts |= {f"{prefix}*.{c}": sum(row[c] for row in rows) for c in range(width)}
    counts[f"{prefix}*.*"] = sum(map(sum, rows))
    sums = [Sum(f"{prefix}{r}.*", tuple(f"{prefix}{r}.{c}" for c in range(width))) for r in range(height)]
    sums += [Sum(f"{prefix}*.{c}", tuple(f"{prefix}{r}.{c}" for r in range(height))) for c in range(width)]
    sums += [
        Sum(f"{prefix}*.*", tuple(f"{prefix}{r}.*" for r in range(height))),
        Sum(f"{prefix}*.*", tuple(f"{prefix}*.{c}" for c in range(width))),
    ]
    return counts, sums


@st.composite
def tables(draw: st.DrawFn) -> Tables:
    height, width = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    row = st.lists(COUNTS, min_size=width, max_size=width)
    return a_table(draw(st.lists(row, min_size=height, max_size=height)))


@st.composite
def breakdowns_of_one_total(draw: st.DrawFn) -> Tables:
    """The same children by need, by phase and by area, in one list of years; only the years' totals are shared."""
    children = draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 2)), max_size=30))
    counts = {"all": len(children)}
    sums = []
    for at, (name, size) in enumerate((("need", 4), ("phase", 3), ("area", 3))):
        parts = {f"{name} {each}": sum(child[at] == each for child in children) for each in range(size)}
        counts |= parts
        sums.append(Sum("all", tuple(parts)))
    return counts, sums


@st.composite
def cubes(draw: st.DrawFn) -> Tables:
    """Children by three things at once with every total."""
    cells = {key: draw(COUNTS) for key in product("ab", "cd", "ef")}
    axes = ("ab*", "cd*", "ef*")
    counts, sums = {}, []
    for key in product(*axes):
        matching = [
            count for cell, count in cells.items() if all(k in ("*", c) for k, c in zip(key, cell, strict=True))
        ]
        counts["".join(key)] = sum(matching)
        for at, letter in enumerate(key):
            if letter == "*":
                parts = ["".join((*key[:at], each, *key[at + 1 :])) for each in axes[at][:2]]
                sums.append(Sum("".join(key), tuple(parts)))
    return counts, sums


@settings(max_examples=80)
@given(st.one_of(tables(), breakdowns_of_one_total(), cubes()))
def test_an_attacker_cannot_tell_that_a_count_left_out_is_below_five(given_tables: Tables) -> None:
    counts, sums = given_tables
    left_out = suppress(counts, sums)
    for key, count in counts.items():
        if is_small(count):
            assert most_that_fits(key, counts, sums, left_out) >= 5


@settings(max_examples=20)
@given(tables(), st.data())
def test_nor_from_a_baseline_and_the_difference_to_it(given_tables: Tables, data: st.DataObject) -> None:
    counts, sums = given_tables
    before = {key: data.draw(COUNTS) for key in list(counts) if "*" not in key}
    height, width = (1 + max(int(key.split(".")[at]) for key in before) for at in (0, 1))
    old, old_sums = a_table([[before[f"{r}.{c}"] for c in range(width)] for r in range(height)], prefix="old ")
    change = {f"change {key}": counts[key] - old[f"old {key}"] for key in counts}
    every = counts | old | change
    sums = [*sums, *old_sums, *(Sum(key, (f"old {key}", f"change {key}")) for key in counts)]
    left_out = suppress(every, sums, signed=change)
    for key, count in every.items():
        if key not in change and is_small(count):
            assert most_that_fits(key, every, sums, left_out, signed=change) >= 5


@settings(max_examples=80)
@given(st.one_of(tables(), breakdowns_of_one_total(), cubes()))
def test_every_small_count_is_left_out_and_nothing_where_there_is_none(given_tables: Tables) -> None:
    counts, sums = given_tables
    small = {key for key, count in counts.items() if is_small(count)}
    left_out = suppress(counts, sums)
    assert small <= left_out
    assert small or not left_out


@given(tables())
def test_the_same_tables_lose_the_same_counts(given_tables: Tables) -> None:
    assert suppress(*given_tables) == suppress(*given_tables)


def test_one_small_count_in_a_table_takes_three_others_with_it() -> None:
    counts, sums = a_table([[3, 20, 30], [40, 50, 60], [70, 80, 9]])
    assert suppress(counts, sums) == {"0.0", "0.2", "2.0", "2.2"}


def test_zeros_are_shown() -> None:
    counts, sums = a_table([[0, 2, 30], [40, 0, 60], [7, 8, 9]])
    assert not any(counts[key] == 0 for key in suppress(counts, sums))


def test_a_small_total_of_one_part_is_left_out_with_it() -> None:
    counts = {"all": 3, "a": 3, "b": 0}
    assert suppress(counts, [Sum("all", ("a", "b"))]) == {"all", "a"}


def test_a_total_that_rounding_keeps_from_adding_up_is_protected_all_the_same() -> None:
    counts = {"all": 12, "a": 2, "b": 9}
    sums = [Sum("all", ("a", "b"))]
    left_out = suppress(counts, sums)
    assert left_out > {"a"}
    assert most_that_fits("a", counts, sums, left_out) >= 5


def test_a_count_in_no_sum_is_left_out_alone() -> None:
    assert suppress({"a": 4, "b": 5}, []) == {"a"}


def test_a_difference_is_no_small_count_but_goes_with_one() -> None:
    counts = {"now": 9, "before": 2, "change": 7, "other": 3}
    sums = [Sum("now", ("before", "change"))]
    left_out = suppress(counts, sums, signed=("change",))
    assert {"before", "other"} < left_out


def test_a_sum_without_another_part_is_refused() -> None:
    with pytest.raises(ValueError, match="worked out"):
        suppress({"a": 3}, [Sum("not published", ("a",))])


def test_a_count_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="below 0"):
        suppress({"a": -1}, [])


def test_a_large_table_is_done_at_once() -> None:
    rows = [[(r * 7 + c * 5) % 13 for c in range(14)] for r in range(40)]
    counts, sums = a_table(rows)
    left_out = suppress(counts, sums)
    assert {key for key, count in counts.items() if is_small(count)} <= left_out
    assert len(left_out) < len(counts)
