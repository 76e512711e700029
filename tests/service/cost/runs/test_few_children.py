"""Totals of one to four children would tell of single ones, so only those who may see cases are told them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.runs import plan_request, street
from tests.service.cost.runs.conftest import equip, serving


@pytest.mark.parametrize(
    ("role", "told"),
    [("caseworker", [4, 5]), ("panel_member", [4, 5]), ("auditor", [4, 5]), ("planner", [5]), ("administrator", [5])],
)
def test_a_run_plan_of_few_children_is_listed_for_those_who_may_see_cases(
    role: str, told: list[int], tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'test.db'}"
    with serving(url) as service:
        equip(service)
        by_size = {size: service.plan(plan_request(street(size))).run_plan_id for size in (4, 5)}
    with serving(url, role) as seen:
        assert sorted(seen.list_ids()) == sorted(by_size[size] for size in told)
