"""The children for whom new places would be: nobody who keeps the place that they hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from services.placement.forecast.rates.rates import NEEDS
from services.placement.forecast.simulation.categories import INMSS, KINDS, PHASES, UNMET
from services.placement.forecast.simulation.outcome import Outcome
from services.placement.forecast.simulation.simulate import simulate
from services.placement.forecast.simulation.siting_demand import siting_demand
from services.placement.forecast.simulation.world import World
from tests.builders.world import YEARS, child, definition, steady_demand, tiny_world, with_more

SEMH = NEEDS.index("SEMH")
INDEPENDENT = KINDS.index("independent_special")


def outcome_of(world: World, years: int = YEARS) -> Outcome:
    return simulate(world, definition(years=years), 0)


def totals(world: World, outcome: Outcome) -> list[int]:
    """Children to site for, by year."""
    totalled: list[int] = siting_demand(world, [outcome]).children[0].sum(axis=1).tolist()
    return totalled


def test_a_child_who_keeps_an_independent_place_is_none_to_site_for() -> None:
    world = tiny_world()
    one = outcome_of(world, 2)
    there = one.children[..., INMSS].sum(axis=(1, 2, 3, 4)) + one.children[..., UNMET].sum(axis=(1, 2, 3))
    assert totals(world, one) == (there - 1).tolist()


def test_at_the_next_phase_transfer_the_child_is_counted() -> None:
    """Another in Year 10 on the first day is decided on again two years later, for post-16."""
    before, after = (
        totals(world, outcome_of(world, 3))
        for world in (tiny_world(), with_more(child("kit", 10, "SEMH", "pool_indie")))
    )
    one = outcome_of(with_more(child("kit", 10, "SEMH", "pool_indie")), 3)
    assert one.children[0, SEMH, PHASES.index("KS4"), 0, INDEPENDENT] == 1
    assert after[:2] == before[:2]
    assert after[2] >= before[2]


def test_who_may_cease_is_expected_and_not_drawn() -> None:
    world = tiny_world(rates=steady_demand(yearly=0.0, cease=0.5))
    nobody = replace(outcome_of(world, 2), children=np.zeros_like(outcome_of(world, 2).children))
    full = nobody.children.copy()
    full[:, SEMH, PHASES.index("KS3"), 0, INDEPENDENT] = 10
    assert totals(world, nobody) == [0, 0]
    assert totals(world, replace(nobody, children=full))[0] == 9


def test_children_without_a_place_are_counted_by_replicate_and_cell() -> None:
    world = tiny_world()
    one = outcome_of(world, 1)
    children = np.zeros_like(one.children)
    children[0, :2, 1, 0, UNMET] = [5, 6]
    found = siting_demand(world, [replace(one, children=children), replace(one, children=2 * children)])
    cells = sorted((NEEDS[at], PHASES[1], world.areas[0]) for at in range(2))
    assert list(found.cells) == cells
    by_need = {NEEDS[0]: 5, NEEDS[1]: 6}
    assert found.children[:, 0].tolist() == [[times * by_need[cell[0]] for cell in cells] for times in (1, 2)]


@pytest.mark.parametrize("years", [1, YEARS])
def test_counts_are_never_below_nothing(years: int) -> None:
    world = tiny_world(rates=steady_demand())
    assert (siting_demand(world, [outcome_of(world, years)]).children >= 0).all()
