"""Plan again after one change, from the plan that stands: a case's options, a case more or fewer, a pool's places.

Each change puts one case too many, or one place too many, somewhere in the plan; the cheapest chain of moves carries
it off, and the plan is optimal again (the successive shortest path method: Busacker and Gowen, 1960). The answer is the
very one that `solve` gives from scratch, because the lots leave only one.
"""

from __future__ import annotations

import numpy as np

from services.placement.model.chains import cheapest_chain
from services.placement.model.edits import CaseOptions, with_case, with_options, with_places, without_case
from services.placement.model.groups import IntArray
from services.placement.model.solution import NOT_PLACED, Solution
from services.placement.model.standing import StandingPlan


def replan_options(solution: Solution, case: int, options: CaseOptions) -> Solution:
    """Return the plan of the problem in which a case has these options instead of its own."""
    plan = _without(solution, case)
    problem = with_options(solution.problem, case, options)
    chosen = _renumbered(solution, plan.chosen, case, problem.option_count)
    return _with_entry(StandingPlan(problem, chosen, plan.potentials(), absent=case), case)


def replan_with_case(solution: Solution, case_id: str, options: CaseOptions) -> Solution:
    """Return the plan of the problem with one more case, the last."""
    problem = with_case(solution.problem, case_id, options)
    chosen = np.append(solution.chosen, NOT_PLACED)
    case = problem.case_count - 1
    return _with_entry(StandingPlan(problem, chosen, solution.potentials, absent=case), case)


def replan_without_case(solution: Solution, case: int) -> Solution:
    """Return the plan of the problem without a case; the cases after it move up by one."""
    plan = _without(solution, case)
    problem = without_case(solution.problem, case)
    chosen = np.delete(_renumbered(solution, plan.chosen, case, problem.option_count), case)
    return Solution(problem, chosen, plan.potentials())


def replan_places(solution: Solution, pool: int, places: int) -> Solution:
    """Return the plan of the problem in which a pool has so many places; one chain for each place that matters."""
    while (now := int(solution.problem.pool_places[pool])) != places:
        held = int(np.count_nonzero(solution.assigned_pool == pool))
        if held < now:
            problem = with_places(solution.problem, pool, max(places, held))
            solution = Solution(problem, solution.chosen, solution.potentials)
            continue
        plan = StandingPlan(solution.problem, solution.chosen, solution.potentials)
        step = 1 if places > now else -1
        (_use_one_more if step == 1 else _give_up_one)(plan, pool)
        problem = with_places(solution.problem, pool, now + step)
        solution = Solution(problem, plan.chosen, plan.potentials())
    return solution


def _without(solution: Solution, case: int) -> StandingPlan:
    """Return the best plan of the others, with the case absent."""
    plan = StandingPlan(solution.problem, solution.chosen, solution.potentials)
    left = plan.node_of(case)
    plan.take_out(case)
    chain = cheapest_chain([(left, 0, -1)], plan.tree.root, plan.links_back)
    plan.shift_nearer(chain, 1)
    plan.move(chain)
    return plan


def _with_entry(plan: StandingPlan, case: int) -> Solution:
    """Return the best plan with an absent case let in."""
    chain = cheapest_chain(plan.entries(case), plan.tree.root, plan.links_on)
    plan.shift_nearer(chain, -1)
    plan.move(chain)
    return plan.solution()


def _use_one_more(plan: StandingPlan, pool: int) -> None:
    """Fill one more place in a full pool, if that saves anything."""
    around = int(plan.tree.parent[pool])
    worth = plan.gap(pool, around)
    if worth > 0:
        chain = cheapest_chain([(pool, 0, -1)], around, plan.links_back, limit=worth)
        plan.shift_nearer(chain, 1)
        plan.move(chain)


def _give_up_one(plan: StandingPlan, pool: int) -> None:
    """Move one case out of a full pool, by the cheapest chain."""
    chain = cheapest_chain([(pool, 0, -1)], int(plan.tree.parent[pool]), plan.links_on)
    plan.shift_nearer(chain, -1)
    plan.move(chain)


def _renumbered(solution: Solution, chosen: IntArray, case: int, option_count: int) -> IntArray:
    """Return the rows as they are once the options of a case, which holds none of them, have been replaced."""
    more = option_count - solution.problem.option_count
    return np.where(chosen >= solution.problem.first_option[case + 1], chosen + more, chosen)
