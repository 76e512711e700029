"""The plan of a problem that differs a little from one that is solved: edit after edit, by chains of moves.

1. Options that cases lose without being in them, or gain where there is no place, move nobody.
2. A number of places that does not bind, neither before nor after, moves nobody.
3. A case that goes together with a place moves nobody, once it is in that place.
4. What is left is done by `replan`: a case more or fewer or with other options, a place more or fewer.

The plan is unique, so it is the very one that `solve` gives. Whoever works out its prices would find it unproven.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from services.placement.model.edits import CaseOptions, with_all_places, without_case
from services.placement.model.groups import IndexArray, IntArray
from services.placement.model.lexicographic import BoolArray
from services.placement.model.lots import lots_of
from services.placement.model.places import PlaceTree
from services.placement.model.problem import PlacementProblem
from services.placement.model.problem_changes import ProblemChanges
from services.placement.model.replan import replan_options, replan_places, replan_with_case, replan_without_case
from services.placement.model.solution import NOT_PLACED, Solution

MOST_EDITS = 40
"""Beyond so many chains of moves it is about as quick to solve anew."""


def follow(solution: Solution, changes: ProblemChanges) -> Solution | None:
    """The plan of the problem that the changes make of the solved one; None where that is to be solved anew.

    So it is when there are many changes, or the number of a full group changes by itself.
    """
    before, now = solution.problem, changes.made_to(solution.problem)
    easy = _EasyOptions(solution, now, changes)
    known = changes.case_before >= 0
    stays = np.zeros(before.case_count, dtype=np.bool_)
    stays[changes.case_before[known]] = True
    gone = [before.case_ids[row] for row in np.flatnonzero(~stays)]
    other = [now.case_ids[row] for row in np.flatnonzero(changes.changed & known & ~easy.cases)]
    new = [now.case_ids[row] for row in np.flatnonzero(~known)]
    edits = _Edits(_with_free_numbers(easy.solution, now), now)
    if len(gone) + len(other) + len(new) + edits.steps_left > MOST_EDITS:
        return None
    for case_id in gone:
        edits.take_out(case_id)
    for case_id in other:
        edits.give_options(case_id)
    for case_id in new:
        edits.bring_in(case_id)
    edits.set_places()
    return edits.finished()


class _EasyOptions:
    """Cases whose options change in ways that move nobody, and the plan once they have.

    A case loses options that it is not in, and gains some in pools without any place. A price of such a pool that is
    low enough for all that could go there proves the plan as it stands.
    """

    def __init__(self, solution: Solution, now: PlacementProblem, changes: ProblemChanges) -> None:
        before, rows = solution.problem, np.flatnonzero(changes.changed[now.option_case])
        cases, pools = now.option_case[rows], now.option_pool[rows]
        was = _find_rows(before, changes.case_before[cases], pools)
        as_it_was = (was >= 0) & (before.option_terms[:, was] == now.option_terms[:, rows]).all(axis=0)
        no_place = (was < 0) & (before.pool_places[pools] == 0)
        hard = np.zeros(now.case_count, dtype=np.bool_)
        hard[cases[~(as_it_was | no_place)]] = True
        self.cases = changes.changed & (changes.case_before >= 0) & ~hard
        self.cases &= self._keep_their_place(solution, changes, was[as_it_was])
        self.solution = solution
        if self.cases.any():
            gained = rows[no_place & self.cases[cases]]
            self.solution = self._made(solution, now, changes, gained)

    @staticmethod
    def _keep_their_place(solution: Solution, changes: ProblemChanges, kept: IntArray) -> BoolArray:
        """bool[K now], whether the option that a case is in is among the rows kept, or it is unplaced."""
        stands = np.zeros(solution.problem.option_count + 1, dtype=np.bool_)
        stands[kept] = stands[NOT_PLACED] = True
        found: BoolArray = stands[solution.chosen[changes.case_before]]
        return found

    def _made(self, solution: Solution, now: PlacementProblem, changes: ProblemChanges, gained: IntArray) -> Solution:
        """The plan of the problem before, in which these cases have their options of now."""
        before = solution.problem
        easy_before = np.zeros(before.case_count, dtype=np.bool_)
        easy_before[changes.case_before[self.cases]] = True
        stay, own = ~easy_before[before.option_case], self.cases[now.option_case]
        edited = replace(
            before,
            option_case=np.concatenate([before.option_case[stay], changes.case_before[now.option_case[own]]]),
            option_pool=np.concatenate([before.option_pool[stay], now.option_pool[own]]),
            option_terms=np.concatenate([before.option_terms[:, stay], now.option_terms[:, own]], axis=1),
        )
        edited.__dict__.update(case_seeds=before.case_seeds, pool_seeds=before.pool_seeds)
        chosen = _chosen_in(edited, np.arange(before.case_count), solution.assigned_pool)
        potentials = solution.potentials.copy()
        for pool in np.unique(now.option_pool[gained]).tolist():
            into = gained[now.option_pool[gained] == pool]
            cases = changes.case_before[now.option_case[into]]
            worst = np.column_stack([potentials[:, pool], _price_limits(solution, now, into, cases)])
            potentials[:, pool] = worst[:, np.lexsort(worst[::-1])[0]]
        return Solution(edited, chosen, potentials)


class _Edits:
    """Edits made one after another on `solution`, until its problem is `now` but for the order of cases."""

    def __init__(self, solution: Solution, now: PlacementProblem) -> None:
        self.solution, self.now = solution, now

    @property
    def steps_left(self) -> int:
        """By how many places all pools differ."""
        return int(np.abs(self.solution.problem.pool_places - self.now.pool_places).sum())

    def take_out(self, case_id: str) -> None:
        """Take a case out, with a place that is to go where there is one: it is moved there first, if need be."""
        for pool in self._places_to_go(self._pool_of(case_id)):
            if pool != self._pool_of(case_id):
                no_cost = CaseOptions(np.array([pool], np.int32), np.zeros((len(self.now.terms), 1), np.int64))
                moved = replan_options(self.solution, self._row(case_id), no_cost)
                if moved.assigned_pool[self._row(case_id)] != pool:
                    continue
                self.solution = moved
            self._take_out_with_place(case_id, pool)
            return
        self.solution = replan_without_case(self.solution, self._row(case_id))

    def give_options(self, case_id: str) -> None:
        """Give a case its options of now."""
        self.solution = replan_options(self.solution, self._row(case_id), self._options(case_id))

    def bring_in(self, case_id: str) -> None:
        """Bring a new case in."""
        self.solution = replan_with_case(self.solution, case_id, self._options(case_id))

    def set_places(self) -> None:
        """Give each pool its number of now."""
        differing = np.flatnonzero(self.solution.problem.pool_places != self.now.pool_places)
        for pool in differing.tolist():
            self.solution = replan_places(self.solution, pool, int(self.now.pool_places[pool]))

    def finished(self) -> Solution | None:
        """The plan in the problem's own order; None where a full group has another number."""
        solution = _with_free_numbers(self.solution, self.now)
        if not np.array_equal(solution.problem.groups.places, self.now.groups.places):
            return None
        rows = {case_id: row for row, case_id in enumerate(solution.problem.case_ids)}
        order = np.array([rows[case_id] for case_id in self.now.case_ids], dtype=np.int64)
        chosen = _chosen_in(self.now, np.arange(order.size), solution.assigned_pool[order])
        return Solution(self.now, chosen, solution.potentials)

    def _places_to_go(self, own: int) -> list[int]:
        """Pools that are to lose a place, and every group around them too: a case's own pool first."""
        problem = self.solution.problem
        pools = np.flatnonzero(problem.pool_places > self.now.pool_places).tolist()
        losing = problem.groups.places > self.now.groups.places
        fit = [pool for pool in pools if all(losing[group] for group in _groups_around(problem, pool))]
        return sorted(fit, key=lambda pool: (pool != own, pool))

    def _take_out_with_place(self, case_id: str, pool: int) -> None:
        """Take a case out of the pool that it is in with the place: the prices prove the rest of the plan as before."""
        row, solution = self._row(case_id), self.solution
        places, group_places = solution.problem.pool_places.copy(), solution.problem.groups.places.copy()
        places[pool] -= 1
        group_places[_groups_around(solution.problem, pool)] -= 1
        problem = with_all_places(without_case(solution.problem, row), places, group_places)
        pools = np.delete(solution.assigned_pool, row)
        self.solution = Solution(problem, _chosen_in(problem, np.arange(pools.size), pools), solution.potentials)

    def _row(self, case_id: str) -> int:
        return self.solution.problem.case_ids.index(case_id)

    def _pool_of(self, case_id: str) -> int:
        return int(self.solution.assigned_pool[self._row(case_id)])

    def _options(self, case_id: str) -> CaseOptions:
        now, row = self.now, self.now.case_ids.index(case_id)
        own = slice(int(now.first_option[row]), int(now.first_option[row + 1]))
        return CaseOptions(now.option_pool[own], now.option_terms[:, own])


def _with_free_numbers(solution: Solution, now: PlacementProblem) -> Solution:
    """The same plan with the numbers of now wherever there is a place free, and none too few by the number of now."""
    problem, tree = solution.problem, PlaceTree.of(solution.problem)
    node = np.where(solution.assigned_pool == NOT_PLACED, tree.root, solution.assigned_pool).astype(np.int64)
    loads = tree.loads(node)[: tree.root]
    places = np.concatenate([problem.pool_places, problem.groups.places])
    wanted = np.concatenate([now.pool_places, now.groups.places])
    found = np.where((loads < places) & (loads <= wanted), wanted, places)
    if np.array_equal(found, places):
        return solution
    pools = problem.pool_count
    return Solution(with_all_places(problem, found[:pools], found[pools:]), solution.chosen, solution.potentials)


def _price_limits(solution: Solution, now: PlacementProblem, rows: IntArray, cases: IndexArray) -> IntArray:
    """int64[T + 2, n], the highest price of the pool of each option of now at which its case stays where it is."""
    before = solution.problem
    chosen = solution.chosen[cases]
    placed = chosen != NOT_PLACED
    own = np.zeros((len(before.tiers) + 1, cases.size), dtype=np.int64)
    own[0] = ~placed
    own[1:-1, placed] = before.option_terms[:, chosen[placed]]
    pools = np.where(placed, before.option_pool[chosen], solution.potentials.shape[1] - 1)
    own[-1, placed] = lots_of(before.case_seeds[cases[placed]], before.pool_seeds[pools[placed]])
    there = np.zeros_like(own)
    there[1:-1] = now.option_terms[:, rows]
    there[-1] = lots_of(before.case_seeds[cases], before.pool_seeds[now.option_pool[rows]])
    limits: IntArray = there - own + solution.potentials[:, pools]
    return limits


def _find_rows(problem: PlacementProblem, cases: IndexArray, pools: IndexArray) -> IntArray:
    """int64[n], the row of each case's option in a pool; -1 where it has none, or the case is -1."""
    keys = problem.option_case.astype(np.int64) * problem.pool_count + problem.option_pool
    if not keys.size:
        return np.full(cases.size, -1, np.int64)
    wanted = cases.astype(np.int64) * problem.pool_count + pools
    at = np.minimum(np.searchsorted(keys, wanted), keys.size - 1)
    return np.where((keys[at] == wanted) & (cases >= 0), at, -1)


def _chosen_in(problem: PlacementProblem, cases: IntArray, pools: IndexArray) -> IntArray:
    """int64[n], the rows of the options by which cases are in pools; -1 where they are in none."""
    placed = pools != NOT_PLACED
    chosen = np.full(cases.size, NOT_PLACED, dtype=np.int64)
    chosen[placed] = _find_rows(problem, cases[placed], pools[placed])
    return chosen


def _groups_around(problem: PlacementProblem, pool: int) -> list[int]:
    groups, found = problem.groups, int(problem.groups.pool_parent[pool])
    around = []
    while found >= 0:
        around.append(found)
        found = int(groups.parent[found])
    return around
