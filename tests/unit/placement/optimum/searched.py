"""Every plan of a small instance gone through in plain Python: the optimum beyond doubt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from services.placement.model.lots import lots_of, seeds_of
from tests.builders.instances import Instance, Terms

Totals = tuple[int, ...]
NOWHERE = -1
Choices = list[list[tuple[int, Totals]]]


@dataclass(frozen=True)
class Plan:
    """A plan, with a pool or -1 for each case.

    Parameters
    ----------
    cost
        Cases unplaced, each term's total, and the sum of lots: what plans are compared by.
    pools
        The pool of each case.
    """

    cost: Totals
    pools: tuple[int, ...]

    @property
    def totals(self) -> Totals:
        """Cases unplaced and each term's total."""
        return self.cost[:-1]


def best_plan(instance: Instance, forced: Mapping[int, int] | None = None) -> Plan | None:
    """Return the best plan in which the forced cases have their pools; None where there is none.

    Goes through the cases one by one and keeps, of all plans which leave the same places free, the least.
    """
    plans: dict[Totals, Plan] = {(0,) * len(instance.places): Plan(_nothing(instance), ())}
    for choices in _choices(instance, forced or {}):
        longer: dict[Totals, Plan] = {}
        for held, plan in plans.items():
            for pool, cost in choices:
                now = held if pool == NOWHERE else (*held[:pool], held[pool] + 1, *held[pool + 1 :])
                if pool != NOWHERE and not has_room(instance, now, pool):
                    continue
                total = _sum(plan.cost, cost)
                if now not in longer or total < longer[now].cost:
                    longer[now] = Plan(total, (*plan.pools, pool))
        plans = longer
    return min(plans.values(), key=lambda plan: plan.cost, default=None)


def best_of_all_plans(instance: Instance) -> list[Plan]:
    """Return all the best plans, found by listing every plan that there is; so one, if it is unique."""
    best: list[Plan] = []
    for chosen in product(*_choices(instance, {})):
        pools = tuple(pool for pool, _ in chosen)
        held = tuple(pools.count(pool) for pool in range(len(instance.places)))
        if all(has_room(instance, held, pool) for pool in range(len(instance.places))):
            plan = Plan(_sum(_nothing(instance), *(cost for _, cost in chosen)), pools)
            if not best or plan.cost <= best[0].cost:
                best = [plan, *(best if best and best[0].cost == plan.cost else [])]
    return best


def searched_optimum(instance: Instance, forced: Mapping[int, int] | None = None) -> Totals | None:
    """Return cases unplaced and each term's total in the best plan; None where there is no plan."""
    plan = best_plan(instance, forced)
    return None if plan is None else plan.totals


def has_room(instance: Instance, held: tuple[int, ...], pool: int) -> bool:
    """Return whether a pool and every group around it hold no more than their places."""
    return held[pool] <= instance.places[pool] and all(
        sum(held[one] for one in pools) <= places for pools, places in instance.groups if pool in pools
    )


def totals_of(instance: Instance, pools: Mapping[int, int]) -> Totals:
    """Return cases unplaced and each term's total of a plan given as each placed case's pool."""
    terms = {(case, pool): terms for case, pool, terms in instance.options}
    placed = [terms[case, pool] for case, pool in pools.items()]
    return (len(instance.case_ids) - len(placed), *_sum((0,) * instance.term_count, *placed))


def _choices(instance: Instance, forced: Mapping[int, int]) -> Choices:
    """Return what each case may take, with its cost: cases unplaced, terms, lot."""
    unplaced = (NOWHERE, (1, *(0,) * instance.term_count, 0))
    choices: Choices = []
    for case, case_id in enumerate(instance.case_ids):
        options = instance.options_of(case)
        placed = [(pool, (0, *options[pool], _lot(case_id, instance.pool_ids[pool]))) for pool in options]
        choices.append([one for one in (unplaced, *placed) if case not in forced or forced[case] == one[0]])
    return choices


def _lot(case_id: str, pool_id: str) -> int:
    return int(lots_of(seeds_of([case_id]), seeds_of([pool_id]))[0])


def _nothing(instance: Instance) -> Totals:
    return (0,) * (instance.term_count + 2)


def _sum(*costs: Terms) -> Totals:
    return tuple(map(sum, zip(*costs, strict=True)))
