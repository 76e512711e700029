"""A solve that shows the engine only a few options first gives the very plan, and prices, of one that shows it all."""

from __future__ import annotations

import numpy as np
import pytest

from services.placement.model.flow import Engine, FlowNetwork
from services.placement.model.groups import IntArray, PlaceGroup
from services.placement.model.problem import PlacementProblem, build_problem
from services.placement.model.search import Search
from services.placement.model.sifting import Sifting
from services.placement.model.solution import Solution
from services.placement.model.solve import cheapest_flow
from tests.builders.problems import PHASE, authority_problem, small_problem
from tests.unit.placement.model.proof import check_proof

ALL = Sifting(least_options=10**9)
FEWEST = Sifting(least_options=0, cases_for_each=3, kept_of_case=1, kept_for_place=0, bits=1)
FEW = Sifting(least_options=0, cases_for_each=2, kept_of_case=2, kept_for_place=1, bits=8)


@pytest.mark.parametrize("sifting", [FEWEST, FEW])
def test_few_options_first_give_the_plan_and_prices_of_all_of_them(sifting: Sifting) -> None:
    rng = np.random.default_rng(21)
    for _ in range(150):
        problem = small_problem(rng).problem
        _check_same(_solved(problem, sifting), _solved(problem, ALL))


@pytest.mark.parametrize("sifting", [FEWEST, FEW, Sifting(least_options=0)])
def test_a_real_sized_plan_needs_no_more_than_a_few_options_first(sifting: Sifting) -> None:
    problem = authority_problem(PHASE, 3)
    sifted = _solved(problem, sifting)
    _check_same(sifted, _solved(problem, ALL))
    check_proof(sifted)


def test_a_sample_that_knows_nothing_of_the_prices_changes_nothing() -> None:
    """The engine leaves the whole sample unplaced, so that places seem to cost nothing; then it works as it should."""
    rng = np.random.default_rng(22)
    for _ in range(40):
        problem = small_problem(rng).problem
        calls: list[FlowNetwork] = []

        def unhelpful(
            network: FlowNetwork, calls: list[FlowNetwork] = calls, problem: PlacementProblem = problem
        ) -> IntArray:
            calls.append(network)
            root = problem.pool_count + len(problem.groups.ids)
            if len(calls) == 1 and problem.option_count:
                return np.where(network.head[: network.rows.size] == root, 1, 0)
            return cheapest_flow(network)

        _check_same(_solved(problem, FEW, unhelpful), _solved(problem, ALL))


def test_cases_that_all_want_one_place_first_are_shown_others() -> None:
    """One option each would leave nine unplaced; a school without places bars the pool that is everybody's second."""
    cases = 10
    problem = build_problem(
        pool_ids=["wanted", "shut", "left"],
        pool_places=[1, 9, 9],
        case_ids=[f"c{at}" for at in range(cases)] + ["without options"],
        terms=["cost"],
        option_case=np.repeat(np.arange(cases), 3),
        option_pool=np.tile([0, 1, 2], cases),
        option_terms=np.tile([[1, 2, 3]], cases),
        groups=[PlaceGroup("school", (1,), 0)],
    )
    sifted = _solved(problem, FEWEST)
    assert sifted.totals.tolist() == [1, 1 + 3 * 9]
    _check_same(sifted, _solved(problem, ALL))


@pytest.mark.parametrize(
    "wrong", [{"least_options": -1}, {"cases_for_each": 0}, {"kept_of_case": 0}, {"kept_for_place": -1}, {"bits": 0}]
)
def test_a_sifting_that_keeps_nothing_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="of 1 or more"):
        Sifting(**wrong)


def _solved(problem: PlacementProblem, sifting: Sifting, engine: Engine = cheapest_flow) -> Solution:
    search = Search(problem, engine, sifting)
    while search.tiers_left:
        search.decide_next()
    search.draw_lots()
    return search.solution()


def _check_same(one: Solution, other: Solution) -> None:
    assert one.chosen.tolist() == other.chosen.tolist()
    assert one.potentials.tolist() == other.potentials.tolist()
