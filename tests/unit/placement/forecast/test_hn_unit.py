"""The business case of an HN unit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.placement.forecast.money.hn_unit import UnitCase, break_even, net_readings, net_saving, occupancies

CHEAP, DEAR = UnitCase(unit_cost_pence=12_000_000), UnitCase(unit_cost_pence=16_000_000)
CASES = st.builds(
    UnitCase,
    unit_cost_pence=st.integers(0, 20_000_000),
    places=st.integers(4, 6),
    inmss_fee_pence=st.integers(0, 10_000_000),
    inmss_transport_pence=st.integers(0, 2_000_000),
    remaining_transport_pence=st.integers(0, 2_000_000),
)


@pytest.mark.parametrize(("case", "children"), [(CHEAP, 2), (DEAR, 3)])
def test_it_breaks_even_with_two_children_at_120k_and_three_at_160k(case: UnitCase, children: int) -> None:
    assert break_even(case) == children


@given(CASES)
def test_the_break_even_is_the_first_occupancy_that_costs_nothing_net(case: UnitCase) -> None:
    first = next((row.children for row in occupancies(case) if row.net_pence >= 0), None)
    found = break_even(case)
    assert first == (found if found is not None and found <= case.places else None)


@given(CASES)
def test_net_is_what_is_avoided_less_the_unit(case: UnitCase) -> None:
    for row in occupancies(case):
        assert row.gross_pence == row.children * case.saving_a_child_pence
        assert row.net_pence == row.gross_pence - case.unit_cost_pence


def test_an_empty_unit_costs_all_of_it() -> None:
    empty = occupancies(CHEAP)[0]
    assert (empty.net_pence, empty.net_a_child_pence) == (-12_000_000, None)


def test_transport_that_remains_is_taken_off() -> None:
    assert replace(CHEAP, remaining_transport_pence=811_600).saving_a_child_pence == 6_300_000


def test_half_a_year_is_half_the_cost_and_half_the_saving() -> None:
    whole, part = occupancies(CHEAP)[6], occupancies(replace(CHEAP, days_open=73))[6]
    assert (part.gross_pence, part.unit_cost_pence) == (whole.gross_pence // 5, 2_400_000)


def test_children_who_come_later_save_for_their_own_days() -> None:
    assert net_saving(replace(CHEAP, days_open=365), [365, 73]) == 7_111_600 + 1_422_320 - 12_000_000


@pytest.mark.parametrize(("days", "rule"), [([1] * 7, "7 children for 6 places"), ([366], "from 0 to the unit's 365")])
def test_more_children_or_days_than_the_unit_has_are_refused(days: list[int], rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        net_saving(CHEAP, days)


def test_35k_a_child_holds_net_with_four_children_and_not_gross() -> None:
    held = [reading for reading in net_readings(CHEAP, 3_500_000) if reading.holds]
    assert [(reading.children, reading.unit_cost_pence) for reading in held] == [(4, 14_446_400)]
    assert CHEAP.saving_a_child_pence == 7_111_600


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"places": 7}, "from 4 to 6"),
        ({"places": 3}, "from 4 to 6"),
        ({"days_open": 0}, "from 1 to 365"),
        ({"unit_cost_pence": -1}, "unit_cost_pence must be 0 or more"),
    ],
)
def test_a_case_that_breaks_a_rule_is_refused_with_the_rule(change: dict[str, int], rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        replace(CHEAP, **change)
