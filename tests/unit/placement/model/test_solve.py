"""The optimum against an independent solver, brute force, and its own proof; and the rules that any plan must keep."""

from __future__ import annotations

import itertools
from functools import partial

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.placement.model.flow import FlowNetwork
from services.placement.model.groups import PlaceGroup
from services.placement.model.lots import lots_of
from services.placement.model.problem import PlacementProblem, build_problem
from services.placement.model.search import Search
from services.placement.model.solution import NOT_PLACED, Solution
from services.placement.model.solve import solve
from tests.builders.problems import HALTON, PHASE, SmallProblem, authority_problem, rebuilt, small_problem
from tests.unit.placement.model.highs import optimal_totals
from tests.unit.placement.model.proof import check_proof

seeds = st.integers(0, 2**32 - 1)
IN_BATCHES = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize("batch", range(10))
def test_the_optimum_is_that_of_an_independent_solver(batch: int) -> None:
    rng = np.random.default_rng([1, batch])
    for _ in range(55):
        small = small_problem(rng)
        assert solve(small.problem).totals.tolist() == optimal_totals(small.problem, small.groups)


@pytest.mark.parametrize("batch", range(4))
def test_a_tiny_problem_gets_the_best_of_all_its_plans_lots_included(batch: int) -> None:
    rng = np.random.default_rng([2, batch])
    for _ in range(25):
        small = small_problem(rng, most_cases=5, most_pools=4)
        assert _as_key(small.problem, solve(small.problem).chosen.tolist()) == min(
            _as_key(small.problem, plan) for plan in _every_plan(small)
        )


def test_a_real_sized_problem_gets_the_optimum_of_an_independent_solver() -> None:
    problem = authority_problem(PHASE)
    groups = _groups_of(problem)
    assert solve(problem).totals.tolist() == optimal_totals(problem, groups)


@IN_BATCHES
@given(seed=seeds)
def test_no_place_is_given_twice_and_no_group_overfilled(seed: int) -> None:
    small = small_problem(np.random.default_rng(seed))
    solution = solve(small.problem)
    placed = solution.assigned_pool[solution.assigned_pool != NOT_PLACED]
    held = np.bincount(placed, minlength=small.problem.pool_count)
    assert (held <= small.problem.pool_places).all()
    assert all(held[list(group.pools)].sum() <= group.places for group in small.groups)


@IN_BATCHES
@given(seed=seeds)
def test_each_case_takes_at_most_one_option_and_that_one_its_own(seed: int) -> None:
    problem = small_problem(np.random.default_rng(seed)).problem
    chosen = solve(problem).chosen
    placed = np.flatnonzero(chosen != NOT_PLACED)
    assert chosen.shape == (problem.case_count,)
    assert (problem.option_case[chosen[placed]] == placed).all()


@IN_BATCHES
@given(seed=seeds)
def test_totals_are_the_sums_of_the_options_taken(seed: int) -> None:
    problem = small_problem(np.random.default_rng(seed)).problem
    solution = solve(problem)
    rows = [row for row in solution.chosen.tolist() if row != NOT_PLACED]
    sums = [sum(int(term[row]) for row in rows) for term in problem.option_terms]
    assert solution.totals.tolist() == [problem.case_count - len(rows), *sums]


@IN_BATCHES
@given(seed=seeds)
def test_one_more_place_never_costs_more(seed: int) -> None:
    rng = np.random.default_rng(seed)
    small = small_problem(rng)
    places = small.problem.pool_places.copy()
    places[int(rng.integers(places.size))] += 1
    roomier = rebuilt(small.problem, small.groups, places=places)
    assert solve(roomier).totals.tolist() <= solve(small.problem).totals.tolist()


@IN_BATCHES
@given(seed=seeds)
def test_the_order_of_cases_pools_and_options_changes_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    small = small_problem(rng)
    assert _by_id(solve(_shuffled(rng, small))) == _by_id(solve(small.problem))


@IN_BATCHES
@given(seed=seeds)
def test_an_option_where_there_is_no_place_changes_nothing(seed: int) -> None:
    small = small_problem(np.random.default_rng(seed))
    problem = small.problem
    if not problem.case_count:
        return
    more = build_problem(
        pool_ids=[*problem.pool_ids, "nowhere"],
        pool_places=[*problem.pool_places, 0],
        case_ids=problem.case_ids,
        terms=problem.terms,
        option_case=[*problem.option_case, 0],
        option_pool=[*problem.option_pool, problem.pool_count],
        option_terms=np.hstack([problem.option_terms, np.full((len(problem.terms), 1), -9)]),
        groups=small.groups,
    )
    assert _by_id(solve(more)) == _by_id(solve(problem))


@IN_BATCHES
@given(seed=seeds)
def test_the_potentials_prove_the_plan(seed: int) -> None:
    check_proof(solve(small_problem(np.random.default_rng(seed)).problem))


@pytest.mark.parametrize("largest_term", [3 * 10**7, 10**11])
def test_large_sums_stay_exact(largest_term: int) -> None:
    """Weights that joined these tiers in one number would lose the later ones; the proof would then fail."""
    rng = np.random.default_rng(7)
    base = authority_problem(HALTON)
    rows = np.sort(rng.choice(base.option_count, 20_000, replace=False))
    problem = build_problem(
        pool_ids=base.pool_ids,
        pool_places=base.pool_places // 3,
        case_ids=base.case_ids,
        terms=("cost", "fee", "other", "minutes"),
        option_case=base.option_case[rows],
        option_pool=base.option_pool[rows],
        option_terms=np.vstack(
            [
                rng.integers(0, 3, (1, rows.size)) * largest_term // 2,
                rng.integers(-1, 2, (2, rows.size)) * largest_term,
                rng.integers(-largest_term, largest_term, (1, rows.size)),
            ]
        ),
        groups=_groups_of(base),
    )
    check_proof(solve(problem))


def test_pence_up_to_thirty_million_are_an_independent_solvers_optimum() -> None:
    rng = np.random.default_rng(8)
    for _ in range(40):
        small = small_problem(rng, largest_term=3 * 10**7)
        assert solve(small.problem).totals.tolist() == optimal_totals(small.problem, small.groups)


def test_a_ring_longer_than_the_weights_allow_for_is_found_and_turned() -> None:
    """Each case has one pool; moving all twelve round saves a minute together, and each move alone costs dear."""
    size, dear = 12, 10**6
    case = np.repeat(np.arange(size), 2)
    pool = np.stack([np.arange(size), (np.arange(size) + 1) % size], axis=1).ravel()
    first = np.tile([0, 0], size)
    cost = np.array([0, dear] * (size - 1) + [0, -dear * (size - 1) - 1])
    problem = build_problem(
        pool_ids=[f"p{at}" for at in range(size)],
        pool_places=[1] * size,
        case_ids=[f"c{at}" for at in range(size)],
        terms=["level", "cost"],
        option_case=case,
        option_pool=pool,
        option_terms=np.stack([first, cost]),
    )
    assert solve(problem).totals.tolist() == [0, 0, -1]


@pytest.mark.parametrize("cases", [0, 3])
def test_a_problem_without_options_leaves_every_case_unplaced(cases: int) -> None:
    problem = build_problem(
        pool_ids=["p"],
        pool_places=[1],
        case_ids=[f"c{at}" for at in range(cases)],
        terms=["cost"],
        option_case=[],
        option_pool=[],
        option_terms=[[]],
    )
    solution = solve(problem)
    assert solution.status == "optimal"
    assert solution.totals.tolist() == [cases, 0]


def test_a_plan_that_overfills_a_place_is_an_error_and_never_a_solution() -> None:
    problem = authority_problem(PHASE)
    search = Search(problem, lambda network: np.where(network.head[: network.rows.size] == network.head[0], 1, 0))
    with pytest.raises(RuntimeError, match="left a case out or overfilled a place"):
        search.decide_next()


def test_the_poorest_plan_from_the_engine_is_put_right() -> None:
    """The engine leaves everybody unplaced and then does nothing: rings alone must find the optimum, and the lots."""
    rng = np.random.default_rng(15)
    for _ in range(40):
        problem = small_problem(rng).problem
        calls: list[FlowNetwork] = []
        search = Search(problem, partial(_place_nobody, calls, problem.pool_count + len(problem.groups.ids)))
        while search.tiers_left:
            search.decide_next()
        search.draw_lots()
        assert search.solution().chosen.tolist() == solve(problem).chosen.tolist()


def _place_nobody(calls: list[FlowNetwork], root: int, network: FlowNetwork) -> npt.NDArray[np.int64]:
    calls.append(network)
    return np.where((network.head[: network.rows.size] == root) & (len(calls) == 1), 1, 0)


def _every_plan(small: SmallProblem) -> list[list[int]]:
    problem = small.problem
    choices = [
        [NOT_PLACED, *np.flatnonzero(problem.option_case == case).tolist()] for case in range(problem.case_count)
    ]
    return [list(plan) for plan in itertools.product(*choices) if _fits(small, plan)]


def _fits(small: SmallProblem, plan: tuple[int, ...]) -> bool:
    rows = [row for row in plan if row != NOT_PLACED]
    held = np.bincount(small.problem.option_pool[rows], minlength=small.problem.pool_count)
    return bool(
        (held <= small.problem.pool_places).all()
        and all(held[list(group.pools)].sum() <= group.places for group in small.groups)
    )


def _as_key(problem: PlacementProblem, chosen: list[int]) -> tuple[int, ...]:
    rows = np.array([row for row in chosen if row != NOT_PLACED], dtype=np.int64)
    lots = lots_of(problem.case_seeds[problem.option_case[rows]], problem.pool_seeds[problem.option_pool[rows]])
    terms = problem.option_terms[:, rows].sum(axis=1).tolist()
    return (len(chosen) - rows.size, *terms, int(lots.sum()))


def _shuffled(rng: np.random.Generator, small: SmallProblem) -> PlacementProblem:
    problem = small.problem
    cases, pools = rng.permutation(problem.case_count), rng.permutation(problem.pool_count)
    options = rng.permutation(problem.option_count)
    new_case, new_pool = np.argsort(cases), np.argsort(pools)
    groups = [PlaceGroup(one.id, tuple(int(new_pool[pool]) for pool in one.pools), one.places) for one in small.groups]
    return build_problem(
        pool_ids=[problem.pool_ids[pool] for pool in pools],
        pool_places=problem.pool_places[pools],
        case_ids=[problem.case_ids[case] for case in cases],
        terms=problem.terms,
        option_case=new_case[problem.option_case[options]],
        option_pool=new_pool[problem.option_pool[options]],
        option_terms=problem.option_terms[:, options],
        groups=groups,
    )


def _by_id(solution: Solution) -> dict[str, str]:
    problem = solution.problem
    pairs = zip(problem.case_ids, solution.assigned_pool.tolist(), strict=True)
    return {case: problem.pool_ids[pool] for case, pool in pairs if pool != NOT_PLACED}


def _groups_of(problem: PlacementProblem) -> tuple[PlaceGroup, ...]:
    groups = problem.groups
    return tuple(
        PlaceGroup(one, tuple(np.flatnonzero(groups.pool_parent == at).tolist()), int(groups.places[at]))
        for at, one in enumerate(groups.ids)
    )
