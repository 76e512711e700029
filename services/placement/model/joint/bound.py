"""How cheap any plan could be: a sum that no plan as good in all that comes before money can go below."""

from __future__ import annotations

from services.placement.model.groups import IntArray
from services.placement.model.joint.problem import JointProblem, Solve


def least_total(joint: JointProblem, least_of_others: int, solve: Solve) -> int:
    """Return that sum, pence a year.

    Runs never cost less than the sum, over everybody carried, of the least that carrying each costs whoever else
    travels. So the optimiser's best sum with those in the place of what runs cost is below any plan's total.

    Parameters
    ----------
    least_of_others
        The same as `least` of options, summed over children placed before, who are carried in any plan.
    """
    return joint_cost(joint, solve(joint.with_transport(joint.least)), joint.least) + least_of_others


def joint_cost(joint: JointProblem, chosen: IntArray, transport: IntArray) -> int:
    """Return what a plan costs when each option's travel costs int64[A] pence."""
    return joint.cost_of_places(chosen) + int(transport[chosen[chosen >= 0]].sum())
