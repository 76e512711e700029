"""Plan again after one change, from the plan that stands: a case's options, a case more or fewer, a pool's places.

Each change puts one case too many, or one place too many, somewhere in the plan; the cheapest chain of moves carries
it off, and the plan is optimal again (the successive shortest path method: Busacker and Gowen, 1960). The answer is the
very one that `solve` gives from scratch, because the lots leave only one.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from services.placement.model.edits import CaseOptions, with_case, with_options, with_places, without_case
from services.placement.model.groups import IntArray
from services.placement.model.lexicographic import UNREACHED, is_negative
from services.placement.model.problem import PlacementProblem
from services.placement.model.reduced import ReducedGraph
from services.placement.model.solution import NOT_PLACED, Solution
from services.placement.model.standing import BACK, ON, StandingPlan


def ready_for_more(solution: Solution) -> Solution:
    """Return the same plan made ready for what-ifs that need room: one more case, or a place fewer, is then quick.

    Worth it where more than one such question will be asked; for one, its cost is about that of the answer.
    """
    graph = ReducedGraph(solution, lots=True)
    distance, _ = graph.to_root()
    closed = distance[0] == UNREACHED
    farthest = max((tuple(column) for column in distance[:, ~closed].T.tolist()), default=())
    distance[:, closed] = np.array(farthest)[:, np.newaxis]
    potentials = graph.potentials - distance[:, graph.standing]
    return replace(solution, entry_potentials=graph.tiers_of(potentials))


def replan_options(solution: Solution, case: int, options: CaseOptions) -> Solution:
    """Return the plan of the problem in which a case has these options instead of its own."""
    problem = with_options(solution.problem, case, options)
    return _with_entry(
        problem, _renumbered(solution, case, problem), solution.potentials, case, _node_of(solution, case)
    )


def replan_with_case(solution: Solution, case_id: str, options: CaseOptions) -> Solution:
    """Return the plan of the problem with one more case, the last."""
    problem = with_case(solution.problem, case_id, options)
    chosen = np.append(solution.chosen, NOT_PLACED)
    return _with_entry(problem, chosen, _for_entry(solution), problem.case_count - 1, _root(problem))


def replan_without_case(solution: Solution, case: int) -> Solution:
    """Return the plan of the problem without a case; the cases after it move up by one."""
    left = _node_of(solution, case)
    plan = StandingPlan(solution.problem, solution.chosen, solution.potentials, case, left)
    search = plan.search_for(plan.tree.root)
    search.start_at(left)
    plan.make(search.run(plan.links_back), BACK)
    problem = without_case(solution.problem, case)
    chosen = _renumbered(replace(solution, chosen=plan.chosen), case, problem)
    return Solution(problem, np.delete(chosen, case), plan.potentials())


def replan_places(solution: Solution, pool: int, places: int) -> Solution:
    """Return the plan of the problem in which a pool has so many places; one chain for each place that matters."""
    while (now := int(solution.problem.pool_places[pool])) != places:
        held = int(np.count_nonzero(solution.assigned_pool == pool))
        if held < now:
            problem = with_places(solution.problem, pool, max(places, held))
            solution = Solution(problem, solution.chosen, solution.potentials)
        else:
            step = 1 if places > now else -1
            potentials = solution.potentials if step == 1 else _for_entry(solution)
            plan = StandingPlan(solution.problem, solution.chosen, potentials)
            (_use_one_more if step == 1 else _give_up_one)(plan, pool)
            solution = Solution(with_places(solution.problem, pool, now + step), plan.chosen, plan.potentials())
    return solution


def _with_entry(problem: PlacementProblem, chosen: IntArray, potentials: IntArray, case: int, left: int) -> Solution:
    """Return the best plan once a case has entered, by a chain that ends where it left a place: if new, the root."""
    plan = StandingPlan(problem, chosen, potentials, case, left)
    search = plan.search_for(left)
    search.spread(plan.entries(case))
    plan.make(search.run(plan.links_on), ON)
    return Solution(problem, plan.chosen, plan.potentials())


def _use_one_more(plan: StandingPlan, pool: int) -> None:
    """Fill one more place in a full pool, if that saves anything."""
    around = int(plan.tree.parent[pool])
    worth = plan.gap(pool, around)
    if is_negative(-worth[:, np.newaxis])[0]:
        search = plan.search_for(around)
        search.start_at(pool)
        plan.make(search.run(plan.links_back, limit=worth), BACK)


def _give_up_one(plan: StandingPlan, pool: int) -> None:
    """Move one case out of a full pool, by the cheapest chain."""
    search = plan.search_for(int(plan.tree.parent[pool]))
    search.start_at(pool)
    plan.make(search.run(plan.links_on), ON)


def _renumbered(solution: Solution, case: int, edited: PlacementProblem) -> IntArray:
    """Return the rows as they are once the options of a case have been replaced; it has none of them."""
    more = edited.option_count - solution.problem.option_count
    after = solution.chosen >= solution.problem.first_option[case + 1]
    chosen = np.where(after, solution.chosen + more, solution.chosen)
    chosen[case] = NOT_PLACED
    return chosen


def _for_entry(solution: Solution) -> IntArray:
    return solution.potentials if solution.entry_potentials is None else solution.entry_potentials


def _node_of(solution: Solution, case: int) -> int:
    row = int(solution.chosen[case])
    return _root(solution.problem) if row == NOT_PLACED else int(solution.problem.option_pool[row])


def _root(problem: PlacementProblem) -> int:
    return problem.pool_count + len(problem.groups.ids)
