"""Over many replicates a simulation has the marginals that it was told."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from services.placement.forecast.rates.rates import NEEDS
from services.placement.forecast.simulation.draws import Draws
from services.placement.forecast.simulation.joining import joiners
from services.placement.forecast.simulation.prepare import prepare
from services.placement.forecast.simulation.state import State, cease_chances, children_on_file, turn_of_year
from services.placement.forecast.simulation.world import ELSEWHERE_ROW
from tests.builders.world import child, definition, steady_demand, tiny_world, with_more

REPLICATES = 1_500
YEARLY = 12.0


@cache
def drawn(year: int) -> list[State]:
    """The new plans of a year in every replicate."""
    prepared = prepare(tiny_world(rates=steady_demand(yearly=YEARLY, level_sd=0.1, growth_sd=0.05)), definition())
    return [joiners(prepared, Draws(1, replicate), year).state for replicate in range(REPLICATES)]


def test_new_plans_of_the_first_year_are_as_many_as_expected() -> None:
    counts = np.array([state.count for state in drawn(0)])
    assert counts.mean() == pytest.approx(YEARLY, rel=0.03)


def test_their_variance_is_that_of_the_level_and_of_the_cells() -> None:
    """Poisson, 0.1 a cell squared over 36 cells, and a log level of 0.1."""
    counts = np.array([state.count for state in drawn(0)])
    expected = YEARLY + 0.1 * 36 * (YEARLY / 36) ** 2 + (0.1 * YEARLY) ** 2
    assert counts.var() == pytest.approx(expected, rel=0.12)


def test_new_plans_grow_by_the_path() -> None:
    counts = np.array([state.count for state in drawn(3)])
    walk = 3 * 0.05**2 / 2
    assert counts.mean() == pytest.approx(YEARLY * np.exp(3 * 0.03 + walk), rel=0.04)


def test_needs_and_ages_come_in_their_shares() -> None:
    need = np.concatenate([state.need for state in drawn(0)])
    age = np.concatenate([state.age for state in drawn(0)])
    for code in ("SEMH", "ASD", "SLCN"):
        assert (need == NEEDS.index(code)).mean() == pytest.approx(1 / 3, abs=0.02)
    assert np.bincount(age, minlength=26)[4:16] == pytest.approx(np.full(12, age.size / 12), rel=0.15)


def test_a_new_child_is_like_one_on_file_of_the_same_need_and_nearly_the_same_age() -> None:
    children = tiny_world().children
    for state in drawn(0)[:50]:
        assert (children.need[state.row] == state.need).all()


def test_new_children_are_educated_elsewhere_as_often_as_their_like() -> None:
    """Joe, aged 8, is one of three with ASD within two years of that age; the others hold places."""
    states = drawn(0)
    pool, need, age = (np.concatenate([getattr(state, name) for state in states]) for name in ("pool", "need", "age"))
    asd = pool[(need == NEEDS.index("ASD")) & (age == 8)]
    assert (asd == ELSEWHERE_ROW).mean() == pytest.approx(1 / 3, abs=0.07)
    assert not (pool[need != NEEDS.index("ASD")] == ELSEWHERE_ROW).any()


def test_recent_plans_alone_are_copied_where_there_are_enough() -> None:
    recent = [child(f"new{at}", 5, "SEMH", "pool_indie", recent=True) for at in range(8)]
    world = with_more(*recent, rates=steady_demand(yearly=30))
    state = joiners(prepare(world, definition()), Draws(1, 0), 0).state
    semh = state.row[state.need == NEEDS.index("SEMH")]
    assert semh.size
    assert world.children.recent[semh].all()


def test_plans_cease_in_their_share() -> None:
    world = tiny_world(rates=steady_demand(yearly=0, cease=0.25))
    draws = (Draws(1, replicate) for replicate in range(REPLICATES))
    chance, state = cease_chances(world.rates.cease, ()), children_on_file(world)
    left = [turn_of_year(state, chance, 2027, one, ages=True)[1].ceased.sum() for one in draws]
    assert np.mean(left) == pytest.approx(0.25 * world.children.count, rel=0.05)
