"""What a planner sees of a plan and of its problem."""

from __future__ import annotations

import re

import numpy as np

from inborough.placement.v1 import placement_pb2
from services.placement.domain.pseudonyms import Pseudonyms
from services.placement.model.problem import PlacementProblem, build_problem
from services.placement.model.solve import solve
from services.placement.operations.planners_view import WITHHELD, planners_plan, planners_problem

PSEUDONYMS = Pseudonyms(b"a key of the tests")


def test_a_reason_that_describes_one_child_is_left_out() -> None:
    reasons = {
        "refused_by_rule": "Takes Years 7 to 11; the child will be in Year 6.",
        "full": "It is full on the first day.",
    }
    asked = [
        placement_pb2.RequestNotGiven(case_id=f"case_{at}", urn=at, why=why, reason=reason)
        for at, (why, reason) in enumerate(reasons.items())
    ]
    shown = planners_plan(placement_pb2.PlacementPlan(requests_not_given=asked), PSEUDONYMS)
    assert {request.why: request.reason for request in shown.requests_not_given} == reasons | {
        "refused_by_rule": WITHHELD
    }


def test_what_was_kept_is_not_touched() -> None:
    plan = placement_pb2.PlacementPlan(assignment={"case_1": "pool_1"})
    planners_plan(plan, PSEUDONYMS)
    assert dict(plan.assignment) == {"case_1": "pool_1"}


def test_a_pseudonym_depends_on_key_and_case_alone_and_the_key_is_not_shown() -> None:
    name = PSEUDONYMS.of("case_1")
    assert re.fullmatch("child_[0-9a-f]{16}", name)
    assert name == Pseudonyms(b"a key of the tests").of("case_1")
    assert name not in {PSEUDONYMS.of("case_2"), Pseudonyms(b"another").of("case_1")}
    assert "tests" not in repr(PSEUDONYMS)


def test_each_child_keeps_its_own_options_in_the_problem() -> None:
    problem = build_problem(
        pool_ids=["pool_a", "pool_b"],
        pool_places=[1, 1],
        case_ids=[f"case_{at}" for at in range(4)],
        terms=["cost"],
        option_case=[0, 0, 1, 3, 3],
        option_pool=[0, 1, 0, 0, 1],
        option_terms=[[5, 7, 2, 4, 1]],
    )
    theirs = planners_problem(problem, PSEUDONYMS)
    assert list(theirs.case_ids) == sorted(map(PSEUDONYMS.of, problem.case_ids))

    def options(of: PlacementProblem) -> set[tuple[str, int, int]]:
        columns = zip(of.option_case.tolist(), of.option_pool.tolist(), of.option_terms[0].tolist(), strict=True)
        return {(of.case_ids[case], pool, cost) for case, pool, cost in columns}

    assert options(theirs) == {(PSEUDONYMS.of(case), pool, cost) for case, pool, cost in options(problem)}
    np.testing.assert_array_equal(solve(theirs).totals, solve(problem).totals)
