"""The case-by-case plan is what a panel would do by hand, and never better than the optimum."""

from random import Random

from services.placement.model.greedy import greedy
from services.placement.model.solve import solve
from tests.builders.instances import Instance, instances
from tests.unit.placement.optimum.searched import has_room, totals_of


def by_hand(instance: Instance, order: list[int]) -> dict[int, int]:
    """Each case in turn takes its least option with a place free; on a tie the earliest pool."""
    held = [0] * len(instance.places)
    placed: dict[int, int] = {}
    for case in order:
        for pool, _ in sorted(instance.options_of(case).items(), key=lambda option: (option[1], option[0])):
            held[pool] += 1
            if has_room(instance, tuple(held), pool):
                placed[case] = pool
                break
            held[pool] -= 1
    return placed


def greedy_pools(instance: Instance, order: list[int]) -> dict[int, int]:
    problem = instance.problem()
    rows = greedy(problem, order).tolist()
    return {case: int(problem.option_pool[row]) for case, row in enumerate(rows) if row >= 0}


def test_greedy_equals_the_plan_made_by_hand() -> None:
    for name, instance in instances(300, 60):
        order = list(range(len(instance.case_ids)))
        Random(name).shuffle(order)
        order = order[: len(order) - Random(name).randint(0, 1)] if order else order
        assert greedy_pools(instance, order) == by_hand(instance, order), name


def test_greedy_is_never_better_than_the_optimum() -> None:
    worse = 0
    for name, instance in instances(300, 61):
        totals = totals_of(instance, greedy_pools(instance, list(range(len(instance.case_ids)))))
        optimum = tuple(solve(instance.problem()).totals.tolist())
        assert totals >= optimum, name
        worse += totals > optimum
    assert worse > 50, "instances on which case by case is as good as any plan prove nothing"
