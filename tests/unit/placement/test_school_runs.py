"""What is passed on while runs are planned, and to whom."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from inborough.cost.v1 import transport_pb2
from services.placement.operations.school_runs import answers_of
from shared.errors import WrongState
from tests.builders.identity import as_somebody
from tests.builders.run_plans import a_run_plan


def planned(carried: int) -> Iterator[transport_pb2.PlanRunsResponse]:
    yield transport_pb2.PlanRunsResponse(progress=transport_pb2.RunsProgress(done=1, total=2))
    yield transport_pb2.PlanRunsResponse(run_plan=a_run_plan(carried=carried))


@pytest.mark.parametrize("role", ["caseworker", "planner", "administrator"])
def test_progress_and_then_totals_without_any_child_are_passed_on(role: str) -> None:
    with as_somebody(role):
        progress, made = answers_of(planned(610))
    assert (progress.progress.done, made.run_plan.carried) == (1, 610)
    assert made.run_plan.annual_pence == 4_000_000
    assert "case_" not in str(made)


def test_totals_of_fewer_than_five_children_are_for_those_who_may_see_cases() -> None:
    with as_somebody("caseworker"):
        *_, made = answers_of(planned(4))
    assert made.run_plan.carried == 4
    with as_somebody("planner"), pytest.raises(WrongState, match="fewer than five"):
        list(answers_of(planned(4)))
