"""A plan made again after one change is the very plan that a fresh solve gives, and so are its prices."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from services.placement.model.edits import CaseOptions, with_case, with_options, with_places
from services.placement.model.knock_on import KnockOns
from services.placement.model.problem import PlacementProblem, build_problem
from services.placement.model.replan import (
    replan_options,
    replan_places,
    replan_with_case,
    replan_without_case,
)
from services.placement.model.solution import Solution
from services.placement.model.solve import solve
from tests.builders.problems import HALTON, PHASE, authority_problem, small_problem
from tests.unit.placement.model.proof import check_proof

CHANGES = ("options", "case more", "case fewer", "places")


@pytest.mark.parametrize("change", CHANGES)
def test_one_change_after_another_gives_the_plan_of_a_fresh_solve(change: str) -> None:
    rng = np.random.default_rng([4, CHANGES.index(change)])
    for _ in range(40):
        standing = solve(small_problem(rng).problem)
        for number in range(4):
            standing = _changed(rng, standing, change, number)
            assert standing.chosen.tolist() == solve(standing.problem).chosen.tolist()


@pytest.mark.parametrize("seed", range(4))
def test_changes_of_every_kind_in_a_row_leave_exact_prices(seed: int) -> None:
    rng = np.random.default_rng([5, seed])
    for _ in range(15):
        standing = solve(small_problem(rng).problem)
        for number in range(5):
            standing = _changed(rng, standing, CHANGES[int(rng.integers(len(CHANGES)))], number)
            _check_prices(standing)


def test_a_real_sized_plan_is_the_same_after_each_kind_of_change() -> None:
    rng = np.random.default_rng(6)
    solution = solve(authority_problem(HALTON))
    for change in CHANGES:
        changed = _changed(rng, solution, change, 0)
        assert changed.chosen.tolist() == solve(changed.problem).chosen.tolist()


def test_a_real_sized_plan_changed_many_times_keeps_its_proof_and_its_plan() -> None:
    """Some options are far dearer than any before, or by pence where all were in pounds: the words must make room."""
    rng = np.random.default_rng(16)
    standing = solve(authority_problem(PHASE, 2))
    for number in range(24):
        standing = _changed(rng, standing, CHANGES[number % len(CHANGES)], number)
        check_proof(standing)
    assert standing.chosen.tolist() == solve(standing.problem).chosen.tolist()
    assert KnockOns(standing).all_effects()[0].change.tolist() == (
        KnockOns(solve(standing.problem)).all_effects()[0].change.tolist()
    )


def test_a_pool_may_lose_and_get_back_all_its_places_one_by_one() -> None:
    standing = first = solve(authority_problem(PHASE, 4))
    pool = int(np.argmax(np.bincount(first.assigned_pool[first.assigned_pool >= 0])))
    for places in (0, int(first.problem.pool_places[pool])):
        standing = replan_places(standing, pool, places)
        assert standing.chosen.tolist() == solve(standing.problem).chosen.tolist()
    assert standing.chosen.tolist() == first.chosen.tolist()


def test_two_changes_to_one_plan_do_not_disturb_each_other() -> None:
    """They share the links that the first of them worked out."""
    rng = np.random.default_rng(10)
    for _ in range(60):
        standing = solve(small_problem(rng).problem)
        for change in ("case more", "places"):
            changed = _changed(rng, standing, change, 0)
            assert changed.chosen.tolist() == solve(changed.problem).chosen.tolist()


def test_an_edited_problem_is_the_problem_built_anew() -> None:
    rng = np.random.default_rng(9)
    for _ in range(30):
        changed = solve(small_problem(rng).problem)
        for number, change in enumerate(CHANGES):
            changed = _changed(rng, changed, change, number)
        anew = PlacementProblem(**{one.name: getattr(changed.problem, one.name) for one in fields(PlacementProblem)})
        for column in ("option_case", "option_pool", "option_terms", "first_option", "case_seeds", "pool_seeds"):
            assert np.array_equal(getattr(anew, column), getattr(changed.problem, column))


@pytest.mark.parametrize(
    ("pools", "terms", "rule"),
    [
        ([0, 0], [[1, 1]], "at most one option in each pool"),
        ([9], [[1]], "must be an index from 0 to"),
        ([0], [[1], [1]], "expected 1 by 1"),
        ([0], [[10**11 + 1]], "must be from -100000000000 to 100000000000"),
    ],
)
def test_wrong_options_are_refused(pools: list[int], terms: list[list[int]], rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        with_options(_two_cases(), 0, CaseOptions(np.array(pools, np.int32), np.array(terms)))


def test_a_case_id_in_use_is_refused() -> None:
    options = CaseOptions(np.zeros(0, np.int32), np.zeros((1, 0), np.int64))
    with pytest.raises(ValueError, match="is a case already"):
        with_case(_two_cases(), "c0", options)


def test_places_below_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match=r"pools\[0\].places: -1 must be from 0"):
        with_places(_two_cases(), 0, -1)


def _two_cases() -> PlacementProblem:
    return build_problem(
        pool_ids=["p0", "p1"],
        pool_places=[1, 1],
        case_ids=["c0", "c1"],
        terms=["cost"],
        option_case=[0, 1],
        option_pool=[0, 0],
        option_terms=[[1, 2]],
    )


def _changed(rng: np.random.Generator, standing: Solution, change: str, number: int) -> Solution:
    problem = standing.problem
    if change == "places":
        return replan_places(standing, int(rng.integers(problem.pool_count)), int(rng.integers(0, 5)))
    if change == "case more" or not problem.case_count:
        return replan_with_case(standing, f"new{number}", _options(rng, problem))
    case = int(rng.integers(problem.case_count))
    if change == "case fewer":
        return replan_without_case(standing, case)
    return replan_options(standing, case, _options(rng, problem))


def _options(rng: np.random.Generator, problem: PlacementProblem) -> CaseOptions:
    pools = np.flatnonzero(rng.random(problem.pool_count) < 0.5).astype(np.int32)
    largest = int(np.abs(problem.option_terms).max(initial=1))
    return CaseOptions(rng.permutation(pools), rng.integers(-largest, largest + 1, (len(problem.terms), pools.size)))


def _check_prices(standing: Solution) -> None:
    kept, fresh = KnockOns(standing), KnockOns(solve(standing.problem))
    for one, other in zip(kept.all_effects(), fresh.all_effects(), strict=True):
        assert one.change.tolist() == other.change.tolist()
    assert kept.saved_by_one_more_place().tolist() == fresh.saved_by_one_more_place().tolist()
    assert kept.cost_of_one_place_fewer().change.tolist() == fresh.cost_of_one_place_fewer().change.tolist()
