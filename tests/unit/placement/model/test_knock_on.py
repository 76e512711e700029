"""Every knock-on and every price against solving the changed problem from scratch."""

from __future__ import annotations

import pickle
import subprocess
import sys

import numpy as np
import pytest

from services.placement.model.knock_on import KnockOns
from services.placement.model.solve import solve
from tests.builders.problems import PHASE, SmallProblem, authority_problem, rebuilt, small_problem
from tests.unit.placement.model.resolves import (
    totals,
    totals_of_others,
    totals_of_others_when_taken,
    with_places,
)

BATCHES = range(5)
IN_EACH = 30


def _problems(kind: int, batch: int) -> list[SmallProblem]:
    rng = np.random.default_rng([3, kind, batch])
    return [small_problem(rng) for _ in range(IN_EACH)]


@pytest.mark.parametrize("batch", BATCHES)
def test_the_effect_of_an_option_is_that_of_forcing_it(batch: int) -> None:
    for small in _problems(1, batch):
        effects, _ = KnockOns(solve(small.problem)).all_effects()
        standing = totals(small)
        for row in range(small.problem.option_count):
            others = totals_of_others_when_taken(small, row)
            assert effects.possible[row] == (others is not None)
            if others is not None:
                others[1:] += small.problem.option_terms[:, row]
                assert effects.change[:, row].tolist() == (others - standing).tolist()


@pytest.mark.parametrize("batch", BATCHES)
def test_the_effect_on_others_is_against_their_best_without_the_case(batch: int) -> None:
    for small in _problems(2, batch):
        _, effects = KnockOns(solve(small.problem)).all_effects()
        for row in range(small.problem.option_count):
            others = totals_of_others_when_taken(small, row)
            if others is not None:
                absent = totals_of_others(small, int(small.problem.option_case[row]))
                assert effects.change[:, row].tolist() == (others - absent).tolist()


@pytest.mark.parametrize("batch", BATCHES)
def test_a_shadow_price_is_what_one_more_place_saves(batch: int) -> None:
    for small in _problems(3, batch):
        saved = KnockOns(solve(small.problem)).saved_by_one_more_place()
        for pool in range(small.problem.pool_count):
            assert saved[:, pool].tolist() == (totals(small) - totals(with_places(small, pool, 1))).tolist()


@pytest.mark.parametrize("batch", BATCHES)
def test_the_cost_of_a_place_fewer_is_another_number(batch: int) -> None:
    for small in _problems(4, batch):
        cost = KnockOns(solve(small.problem)).cost_of_one_place_fewer()
        assert cost.possible.tolist() == (small.problem.pool_places > 0).tolist()
        for pool in np.flatnonzero(cost.possible).tolist():
            assert cost.change[:, pool].tolist() == (totals(with_places(small, pool, -1)) - totals(small)).tolist()


def test_a_new_case_costs_its_own_terms_and_the_place_it_takes() -> None:
    """Checked on a case of the problem itself: taken out, it is new to what is left."""
    for small in _problems(5, 0):
        for case in range(small.problem.case_count):
            _check_as_new(small, case)


def _check_as_new(small: SmallProblem, case: int) -> None:
    problem = small.problem
    knock_ons = KnockOns(solve(rebuilt(problem, small.groups, kept=problem.option_case != case)))
    rows = np.flatnonzero(problem.option_case == case)
    pools, terms = problem.option_pool[rows], problem.option_terms[:, rows]
    place, whole = knock_ons.effect_of_place_taken(pools), knock_ons.effect_of_new_case(pools, terms)
    for at, row in enumerate(rows.tolist()):
        others = totals_of_others_when_taken(small, row)
        if others is not None:
            change = others - totals_of_others(small, case)
            assert place.change[:, at].tolist() == change.tolist()
            assert whole.change[0, at] == change[0]
            assert whole.change[1:, at].tolist() == (change[1:] + terms[:, at]).tolist()


def test_one_cases_effects_are_its_part_of_all_effects() -> None:
    problem = authority_problem(PHASE)
    knock_ons = KnockOns(solve(problem))
    of_options, on_others = knock_ons.all_effects()
    for case in range(problem.case_count):
        rows = slice(problem.first_option[case], problem.first_option[case + 1])
        assert (knock_ons.effect_of_options(case).change == of_options.change[:, rows]).all()
        assert (knock_ons.effect_on_others(case).change == on_others.change[:, rows]).all()


def test_staying_put_changes_nothing() -> None:
    solution = solve(authority_problem(PHASE))
    of_options, _ = KnockOns(solution).all_effects()
    assert not of_options.change[:, solution.chosen[solution.chosen >= 0]].any()


def test_no_option_forced_makes_the_plan_better() -> None:
    of_options, on_others = KnockOns(solve(authority_problem(PHASE))).all_effects()
    for effects in (of_options, on_others):
        assert min(map(tuple, effects.change.T.tolist())) >= (0, 0, 0, 0)


def test_knock_ons_can_be_sent_to_a_process_without_the_engine() -> None:
    knock_ons = KnockOns(solve(authority_problem(PHASE)))
    reader = (
        "import pickle, sys; knock_ons = pickle.load(sys.stdin.buffer); "
        "assert not [name for name in sys.modules if name.startswith('ortools')]; "
        "print(knock_ons.effect_on_others(0).change.tolist())"
    )
    answer = subprocess.run(
        [sys.executable, "-c", reader], input=pickle.dumps(knock_ons), capture_output=True, check=True
    )
    assert answer.stdout.decode().strip() == str(knock_ons.effect_on_others(0).change.tolist())
