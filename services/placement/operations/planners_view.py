"""What somebody who may not be shown case ids sees of a plan: the same plan, with pseudonyms in their place.

A pseudonym is under a key of placement's, so that it cannot be linked to the case id by whoever knows that. What is
ordered by case id is ordered anew, and a reason that describes one child is left out.
"""

from __future__ import annotations

import numpy as np

from inborough.placement.v1 import placement_pb2
from services.placement.domain.pseudonyms import Pseudonyms
from services.placement.model.problem import PlacementProblem
from shared import identity

WITHHELD = "A rule refuses every place pool at the setting asked for. The panel sees which; a planner does not."


def may_see_cases() -> bool:
    """Whether the caller is shown case ids: who works on cases, and the auditor, who reads the records of decisions."""
    who = identity.current()
    return who.sees_cases or identity.AUDITOR in who.roles


def cases_of(plan: placement_pb2.PlacementPlan) -> list[str]:
    """Ids of the cases that a plan tells of, in order."""
    return sorted([*plan.assignment, *(case.case_id for case in plan.unplaced)])


def planners_plan(plan: placement_pb2.PlacementPlan, pseudonyms: Pseudonyms) -> placement_pb2.PlacementPlan:
    """A copy of the plan without case ids."""
    shown = placement_pb2.PlacementPlan()
    shown.CopyFrom(plan)
    for field in ("assignment", "unplaced", "requests_not_given"):
        shown.ClearField(field)
    for case_id, pool_id in plan.assignment.items():
        shown.assignment[pseudonyms.of(case_id)] = pool_id
    unplaced = [
        placement_pb2.UnplacedCase(case_id=pseudonyms.of(case.case_id), reasons=case.reasons) for case in plan.unplaced
    ]
    shown.unplaced.extend(sorted(unplaced, key=lambda case: case.case_id))
    requests = [_without_the_child(request, pseudonyms) for request in plan.requests_not_given]
    shown.requests_not_given.extend(sorted(requests, key=lambda request: (request.case_id, request.urn)))
    return shown


def _without_the_child(request: placement_pb2.RequestNotGiven, pseudonyms: Pseudonyms) -> placement_pb2.RequestNotGiven:
    reason = WITHHELD if request.why == "refused_by_rule" else request.reason
    case_id = pseudonyms.of(request.case_id)
    return placement_pb2.RequestNotGiven(case_id=case_id, urn=request.urn, why=request.why, reason=reason)


def planners_problem(problem: PlacementProblem, pseudonyms: Pseudonyms) -> PlacementProblem:
    """The problem without case ids.

    Its optimum has the same totals. Lots are drawn from ids, so where plans tie another of them may be the one found.
    """
    names = [pseudonyms.of(case_id) for case_id in problem.case_ids]
    order = sorted(range(len(names)), key=names.__getitem__)
    new_row = np.empty(len(order), np.int32)
    new_row[order] = np.arange(len(order), dtype=np.int32)
    return PlacementProblem(
        pool_ids=problem.pool_ids,
        pool_places=problem.pool_places,
        case_ids=tuple(names[row] for row in order),
        terms=problem.terms,
        option_case=new_row[problem.option_case],
        option_pool=problem.option_pool,
        option_terms=problem.option_terms,
        groups=problem.groups,
    )
