"""A plan that follows several changes at once is the plan from scratch, child for child and price for price."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from services.placement.model import follow as following
from services.placement.model.follow import follow
from services.placement.model.knock_on import KnockOns
from services.placement.model.problem import PlacementProblem
from services.placement.model.problem_changes import changes_between
from services.placement.model.solution import Solution
from services.placement.model.solve import solve
from tests.builders.instances import DRAWS, EXTREME, USUAL, Draws, Instance, Terms, instances

MOVES_AT_ONCE = 4
ROUNDS = 4


def some_options(random: Random, instance: Instance) -> dict[int, Terms]:
    draw = random.choice(DRAWS)
    pools = [pool for pool in range(len(instance.places)) if random.random() < 0.6]
    return {pool: tuple(draw(random) for _ in range(instance.term_count)) for pool in pools}


def with_a_case(random: Random, instance: Instance, plan: Solution) -> Instance:
    """One more case, somewhere in the order of cases."""
    grown = instance.with_case(f"c{1000 + random.randrange(10**6)}", some_options(random, instance))
    at = random.randint(0, len(instance.case_ids))
    ids = (*instance.case_ids[:at], grown.case_ids[-1], *instance.case_ids[at:])
    rows = {case_id: row for row, case_id in enumerate(ids)}
    options = tuple((rows[grown.case_ids[case]], pool, terms) for case, pool, terms in grown.options)
    return replace(grown, case_ids=ids, options=options)


def decided(random: Random, instance: Instance, plan: Solution) -> Instance:
    """A case goes, with a place in the pool that it was planned for or in another, and in every group around it."""
    if not instance.case_ids or not instance.places:
        return instance
    case_id = random.choice(instance.case_ids)
    planned = dict(zip(plan.problem.case_ids, plan.assigned_pool.tolist(), strict=True)).get(case_id, -1)
    pool = planned if planned >= 0 and random.random() < 0.6 else random.randrange(len(instance.places))
    gone = instance.without_case(instance.case_ids.index(case_id))
    if not instance.room(pool):
        return gone
    groups = tuple((pools, places - (pool in pools)) for pools, places in gone.groups)
    return replace(gone.with_places(pool, gone.places[pool] - 1), groups=groups)


def changed(random: Random, instance: Instance, plan: Solution) -> Instance:
    """One of the changes that a day brings."""
    cases, pools = len(instance.case_ids), len(instance.places)
    kind = random.choice(("new", "decided", "decided", "options", "fewer", "gone", "places", "pool opens", "group"))
    if kind == "decided":
        return decided(random, instance, plan)
    if kind == "options" and cases:
        return instance.with_options(random.randrange(cases), some_options(random, instance))
    if kind == "fewer" and instance.options:
        lost = random.sample(range(len(instance.options)), min(3, len(instance.options)))
        return replace(instance, options=tuple(o for at, o in enumerate(instance.options) if at not in lost))
    if kind == "gone" and cases:
        return instance.without_case(random.randrange(cases))
    if kind == "places" and pools:
        return instance.with_places(random.randrange(pools), random.randint(0, 5))
    if kind == "pool opens" and 0 in instance.places:
        pool = instance.places.index(0)
        for case in range(cases):
            instance = instance.with_options(case, {**some_options(random, instance), **instance.options_of(case)})
        return instance.with_places(pool, random.randint(0, 2))
    if kind == "group" and instance.groups:
        at = random.randrange(len(instance.groups))
        pools_of, places = instance.groups[at]
        groups = list(instance.groups)
        groups[at] = (pools_of, max(0, places + random.choice((-1, 1))))
        return replace(instance, groups=tuple(groups))
    return with_a_case(random, instance, plan)


def assert_same_problem(made: PlacementProblem, now: PlacementProblem) -> None:
    assert (made.case_ids, made.pool_ids, made.terms) == (now.case_ids, now.pool_ids, now.terms)
    for name in (
        "pool_places",
        "option_case",
        "option_pool",
        "option_terms",
        "first_option",
        "case_seeds",
        "pool_seeds",
    ):
        one, other = getattr(made, name), getattr(now, name)
        assert np.array_equal(one, other), name
        assert one.dtype == other.dtype, name
    assert np.array_equal(made.groups.places, now.groups.places)


def assert_same_plan(found: Solution, scratch: Solution, name: str) -> None:
    assert found.chosen.tolist() == scratch.chosen.tolist(), name
    followed, anew = KnockOns(found), KnockOns(scratch)
    assert np.array_equal(followed.saved_by_one_more_place(), anew.saved_by_one_more_place()), name
    for one, other in zip(followed.all_effects(), anew.all_effects(), strict=True):
        assert np.array_equal(one.change, other.change), name
        assert np.array_equal(one.possible, other.possible), name


@pytest.mark.parametrize("draws", [DRAWS, EXTREME], ids=["usual", "extreme"])
@pytest.mark.parametrize("moves", [1, MOVES_AT_ONCE])
def test_a_followed_plan_is_the_plan_from_scratch(draws: Draws, moves: int) -> None:
    asked = followed = 0
    for name, instance in instances(20, 70 + moves, USUAL, draws):
        random = Random(f"{name}/{moves}")
        plan = solve(instance.problem())
        for at in range(ROUNDS):
            for _ in range(random.randint(1, moves)):
                instance = changed(random, instance, plan)
            now = instance.problem()
            changes = changes_between(plan.problem, now)
            scratch = solve(now)
            if changes is not None:
                assert_same_problem(changes.made_to(plan.problem), now)
                asked += 1
                found = follow(plan, changes)
                if found is not None:
                    followed += 1
                    assert_same_plan(found, scratch, f"{name}, round {at}: {instance}")
                    scratch = found
            plan = scratch
    assert followed > 0.75 * asked > 30


def test_many_changes_at_once_are_left_to_a_plan_from_scratch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST_EDITS", 1)
    instance = Instance(1, ("p0",), (1,), (), ("c0", "c1", "c2"), tuple((case, 0, (case,)) for case in range(3)))
    plan = solve(instance.problem())
    changes = changes_between(plan.problem, instance.without_case(2).without_case(1).problem())
    assert changes is not None
    assert follow(plan, changes) is None


def test_other_pools_terms_or_groups_are_no_change_that_can_be_followed() -> None:
    one = Instance(1, ("p0",), (1,), (), ("c0",), ((0, 0, (5,)),))
    more_pools = replace(one, pool_ids=("p0", "p1"), places=(1, 1))
    grouped = replace(one, groups=(((0,), 1),))
    nobody = replace(one, case_ids=(), options=())
    for other in (more_pools, grouped):
        assert changes_between(one.problem(), other.problem()) is None
    assert changes_between(nobody.problem(), one.problem()) is None
