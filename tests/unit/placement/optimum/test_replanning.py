"""A plan made again after one change is the plan made from scratch, child for child."""

from random import Random

import numpy as np
import pytest

from services.placement.model.edits import CaseOptions
from services.placement.model.replan import replan_options, replan_places, replan_with_case, replan_without_case
from services.placement.model.solution import Solution
from services.placement.model.solve import solve
from tests.builders.instances import DRAWS, EXTREME, USUAL, Draws, Instance, Terms, instances

CHANGES = ("options", "one more case", "one case fewer", "places")
EDITS_EACH = 5


def columns(instance: Instance, options: dict[int, Terms]) -> CaseOptions:
    terms = np.zeros((len(options), instance.term_count), dtype=np.int64)
    terms[:] = list(options.values()) or 0
    return CaseOptions(np.array(list(options), dtype=np.int32), terms.T.copy())


def some_options(random: Random, instance: Instance) -> dict[int, Terms]:
    pools = [pool for pool in range(len(instance.places)) if random.random() < 0.6]
    random.shuffle(pools)
    draw = random.choice(DRAWS)
    return {pool: tuple(draw(random) for _ in range(instance.term_count)) for pool in pools}


def changed(random: Random, instance: Instance, plan: Solution, change: str) -> tuple[Instance, Solution]:
    """Return the instance after a random change, and its plan made from the one that stands."""
    options, cases, pools = some_options(random, instance), len(instance.case_ids), len(instance.places)
    if change == "options" and cases:
        case = random.randrange(cases)
        return instance.with_options(case, options), replan_options(plan, case, columns(instance, options))
    if change == "one case fewer" and cases:
        case = random.randrange(cases)
        return instance.without_case(case), replan_without_case(plan, case)
    if change == "places" and pools:
        pool, places = random.randrange(pools), random.randint(0, 6)
        return instance.with_places(pool, places), replan_places(plan, pool, places)
    case_id = f"c{1000 + random.randrange(10**6)}"
    return instance.with_case(case_id, options), replan_with_case(plan, case_id, columns(instance, options))


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("draws", [DRAWS, EXTREME], ids=["usual", "extreme"])
def test_after_each_change_the_plan_is_that_from_scratch(change: str, draws: Draws) -> None:
    for name, instance in instances(40, 50, USUAL, draws):
        assert_edits_agree(Random(f"{name}/{change}"), instance, (change,), name)


def test_changes_of_every_kind_one_after_the_other_lead_to_the_plan_from_scratch() -> None:
    for name, instance in instances(60, 51):
        assert_edits_agree(Random(name), instance, CHANGES, name)


def assert_edits_agree(random: Random, instance: Instance, changes: tuple[str, ...], name: str) -> None:
    plan = solve(instance.problem())
    for edit in range(EDITS_EACH):
        instance, plan = changed(random, instance, plan, random.choice(changes))
        scratch = solve(instance.problem())
        assert plan.assigned_pool.tolist() == scratch.assigned_pool.tolist(), f"{name}, edit {edit}: {instance}"
        assert plan.totals.tolist() == scratch.totals.tolist(), f"{name}, edit {edit}"
