"""Measures by quarter."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.placement.domain.monitoring import MEASURES, PlanRow, Quarter, count_by_quarter, kind_at, quarters_up_to

Q1 = Quarter(2024, 1)
IN_Q1 = date(2024, 2, 1)


def a_plan(**changes: Any) -> PlanRow:
    """SEMH, asked for and placed in a state special school in the first quarter of 2024."""
    facts = {
        "need": "SEMH",
        "request_received": IN_Q1,
        "placement_began": IN_Q1,
        "kind": "state_special",
        "sen_setting": "",
    }
    return PlanRow(**{**facts, **changes})


def counted(*rows: PlanRow) -> dict[str, int]:
    """Measures above 0 in the first quarter of 2024."""
    found = count_by_quarter(rows, [Q1])
    return {measure: found[measure, Q1] for measure in MEASURES if found[measure, Q1]}


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_every_day_is_in_one_quarter_that_ends_on_or_after_it(day: date) -> None:
    quarter = Quarter.of(day)
    assert quarter.before.last_day < day <= quarter.last_day
    assert Quarter.of(quarter.last_day) == quarter == Quarter.read(str(quarter))
    assert Quarter.of(quarter.last_day + timedelta(days=1)).before == quarter


@pytest.mark.parametrize("text", ["2024", "2024Q5", "24Q1", "2024-Q1", "2024Q1 ", "１９99Q1"])
def test_what_is_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="such as 2024Q1"):
        Quarter.read(text)


def test_quarters_run_across_years() -> None:
    assert list(map(str, quarters_up_to(Q1, 3))) == ["2023Q3", "2023Q4", "2024Q1"]


def test_a_plan_counts_once_in_each_measure_that_it_is_of() -> None:
    assert counted(a_plan()) == {
        "requests_for_assessment": 1,
        "requests_for_assessment_semh": 1,
        "placements_mss_semh": 1,
    }


@pytest.mark.parametrize("kind", ["independent_special", "non_maintained_special"])
def test_both_kinds_of_inmss_count(kind: str) -> None:
    assert counted(a_plan(kind=kind, request_received=None)) == {"placements_inmss_semh": 1}


def test_another_need_counts_in_requests_and_hn_units_alone() -> None:
    assert counted(a_plan(need="ASD")) == {"requests_for_assessment": 1}
    assert counted(a_plan(need="ASD", kind="hn_unit", request_received=None)) == {"placements_hn_unit": 1}


def test_home_education_is_a_setting_without_a_kind() -> None:
    assert counted(a_plan(kind="", sen_setting="EHE", request_received=None)) == {"elective_home_education": 1}


def test_another_quarter_and_an_unknown_day_do_not_count() -> None:
    assert counted(a_plan(request_received=date(2024, 4, 1), placement_began=None)) == {}


def test_the_kind_is_known_only_where_the_pools_there_agree() -> None:
    pools = {(1, "unit"): {"hn_unit"}, (2, "unit"): {"hn_unit", "sen_unit"}}
    assert [kind_at(pools, *at) for at in ((1, "unit"), (2, "unit"), (1, "whole"))] == ["hn_unit", "", ""]
