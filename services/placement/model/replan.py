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
from services.placement.model.lexicographic import is_negative
from services.placement.model.links import PlaceLinks
from services.placement.model.places import PlaceTree
from services.placement.model.problem import PlacementProblem
from services.placement.model.solution import NOT_PLACED, Carried, Solution
from services.placement.model.standing import NOWHERE, StandingPlan, nodes_in


def replan_options(solution: Solution, case: int, options: CaseOptions) -> Solution:
    """Return the plan of the problem in which a case has these options instead of its own."""
    problem = with_options(solution.problem, case, options)
    chosen = _renumbered(solution, case, problem)
    links = _roomy(links_of(solution), problem, chosen, solution.potentials, case, options)
    plan = StandingPlan(problem, chosen, solution.potentials, links, case, _node_of(solution, case))
    plan.enter(case, _node_of(solution, case))
    return _changed(problem, plan, links)


def replan_with_case(solution: Solution, case_id: str, options: CaseOptions) -> Solution:
    """Return the plan of the problem with one more case, the last."""
    problem, case, root = with_case(solution.problem, case_id, options), solution.chosen.size, _root(solution.problem)
    chosen = np.append(solution.chosen, NOT_PLACED)
    links = _roomy(links_of(solution), problem, chosen, solution.potentials, case, options)
    plan = StandingPlan(problem, chosen, solution.potentials, links, case, root)
    plan.enter(case, root)
    return _changed(problem, plan, links)


def replan_without_case(solution: Solution, case: int) -> Solution:
    """Return the plan of the problem without a case; the cases after it move up by one."""
    left, links = _node_of(solution, case), links_of(solution)
    plan = StandingPlan(solution.problem, solution.chosen, solution.potentials, links, case, left)
    plan.pass_on(plan.tree.root, left)
    problem = without_case(solution.problem, case)
    plan.chosen = np.delete(_renumbered(replace(solution, chosen=plan.chosen), case, problem), case)
    return _changed(problem, plan, links.without(case))


def replan_places(solution: Solution, pool: int, places: int) -> Solution:
    """Return the plan of the problem in which a pool has so many places; one chain for each place that matters."""
    while (now := int(solution.problem.pool_places[pool])) != places:
        held, links = int(np.count_nonzero(solution.assigned_pool == pool)), links_of(solution)
        plan = StandingPlan(solution.problem, solution.chosen, solution.potentials, links)
        if held < now:
            step = max(places, held) - now
        elif places > now:
            step = 1
            _use_one_more(plan, pool)
        else:
            step = -1
            plan.pass_on(pool, int(plan.tree.parent[pool]))
        solution = _changed(with_places(solution.problem, pool, now + step), plan, links)
    return solution


def _use_one_more(plan: StandingPlan, pool: int) -> None:
    """Fill one more place in a full pool, if that saves anything."""
    around = int(plan.tree.parent[pool])
    worth = plan.gap(pool, around)
    if is_negative(-worth[:, np.newaxis])[0]:
        plan.pass_on(around, pool, limit=worth)


def _changed(problem: PlacementProblem, plan: StandingPlan, links: PlaceLinks) -> Solution:
    """Return the plan after the change, with the links that stand and the places from which they do not."""
    links = replace(links, tree=PlaceTree.of(problem))
    carried = Carried(links, plan.moved_at)
    return Solution(problem, plan.chosen, links.unpacked(plan.potentials), carried=carried)


def links_of(solution: Solution) -> PlaceLinks:
    """Return the links of a plan, worked out when first asked for and kept with it."""
    known: PlaceLinks | None = solution.__dict__.get("links")
    if known is None:
        node = nodes_in(solution.problem, solution.chosen, _root(solution.problem))
        carried = solution.carried
        if carried is not None and carried.links.have_room_for(
            solution.problem.option_terms[:, :0], solution.potentials
        ):
            known = carried.links.renewed(solution.problem, node, carried.stale)
        else:
            known = PlaceLinks.of(solution.problem, node, solution.potentials)
        solution.__dict__["links"] = known
    return known


def _roomy(
    links: PlaceLinks,
    problem: PlacementProblem,
    chosen: IntArray,
    potentials: IntArray,
    case: int,
    options: CaseOptions,
) -> PlaceLinks:
    """Return the links, or those of all but this case in words with room for its options as well."""
    if links.have_room_for(np.asarray(options.terms), potentials):
        return links
    node = nodes_in(problem, chosen, links.tree.root)
    node[case] = NOWHERE
    return PlaceLinks.of(problem, node, potentials)


def _renumbered(solution: Solution, case: int, edited: PlacementProblem) -> IntArray:
    """Return the rows as they are once the options of a case have been replaced; it has none of them."""
    more = edited.option_count - solution.problem.option_count
    after = solution.chosen >= solution.problem.first_option[case + 1]
    chosen = np.where(after, solution.chosen + more, solution.chosen)
    chosen[case] = NOT_PLACED
    return chosen


def _node_of(solution: Solution, case: int) -> int:
    row = int(solution.chosen[case])
    return _root(solution.problem) if row == NOT_PLACED else int(solution.problem.option_pool[row])


def _root(problem: PlacementProblem) -> int:
    return problem.pool_count + len(problem.groups.ids)
