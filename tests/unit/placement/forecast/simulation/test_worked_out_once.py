"""What is worked out once for all replicates, or in a quicker way, is what it would be done plainly."""

from __future__ import annotations

import numpy as np
import pytest

from services.placement.forecast.rates.rates import NEEDS
from services.placement.forecast.simulation.categories import STAGE_OF_AGE
from services.placement.forecast.simulation.levers import Definition
from services.placement.forecast.simulation.new_ids import CELLS, NewIds
from services.placement.forecast.simulation.options import _best_step
from services.placement.forecast.simulation.prepare import NO_STEP, Prepared, prepare
from services.placement.forecast.simulation.simulate import run
from services.placement.forecast.simulation.world import CHILD_LINES, BoolArray, IntArray
from services.placement.model.lots import seeds_of
from tests.builders.world import FIRST_YEAR, definition, halton_world, steady_demand, tiny_world


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    levers = {"inflation": {"inmss_fee": 0.07}, "opportunities": {"mss_rather_than_inmss": 0.3}}
    return prepare(halton_world(children=120), definition(levers=levers, years=3))


def test_ids_and_seeds_of_new_children_do_not_depend_on_how_many_were_asked_for_before() -> None:
    rng, known = np.random.default_rng(1), NewIds()
    for _ in range(6):
        needed = rng.integers(0, 4, (CELLS // len(NEEDS), len(NEEDS)))
        ids, seeds = known.of(2027, needed)
        plain = [
            f"new:2027:{age}:{NEEDS[need]}:{at}"
            for age, need in np.ndindex(*needed.shape)
            for at in range(needed[age, need])
        ]
        assert ids.tolist() == plain
        assert seeds.tolist() == seeds_of(plain).tolist()


def test_a_year_without_new_children_has_no_ids() -> None:
    ids, seeds = NewIds().of(2027, np.zeros((CELLS // len(NEEDS), len(NEEDS)), dtype=np.int64))
    assert (ids.size, seeds.size) == (0, 0)


@pytest.mark.parametrize("seed", range(4))
def test_the_best_step_is_that_of_the_place_nearest_home_then_cheapest_then_first(
    prepared: Prepared, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, prepared.world.children.count, 200)
    stages = STAGE_OF_AGE[rng.integers(0, 26, rows.size)]
    settled = rng.random((rows.size, prepared.pools.count)) < rng.random((rows.size, 1)) ** 4
    found = _best_step(prepared, settled, rows, stages, prepared.pricing[2])
    assert found.tolist() == _plainly(prepared, settled, rows, stages)
    assert len(set(found.tolist())) > 3


def _plainly(prepared: Prepared, settled: BoolArray, rows: IntArray, stages: IntArray) -> list[int]:
    pricing, steps = prepared.pricing[2], []
    for case, (row, stage) in enumerate(zip(rows, stages, strict=True)):
        pools = np.flatnonzero(settled[case])
        lines = [pricing.of(line, prepared.prices.child[stage, at, row, pools]) for at, line in enumerate(CHILD_LINES)]
        cost = sum(lines) + pricing.for_place[pools]
        best = min(zip(prepared.is_away[pools], cost, pools, strict=True), default=None)
        steps.append(NO_STEP if best is None else int(prepared.step[best[2]]))
    return steps


def test_without_a_lever_that_opens_more_nothing_is_opened() -> None:
    plain = prepare(tiny_world(rates=steady_demand()), definition())
    assert not plain.may_open_more
    assert all((year.decided.options.opportunity == -1).all() for year in run(plain, 0))
    opened = {
        "name": "A",
        "kind": "resource_base",
        "needs": ["ASD"],
        "years": [0, 6],
        "places": 3,
        "opens": "2027-09-01",
        "urn": int(plain.pools.urn[0]),
        "suitable_share": 0.2,
    }
    assert prepare(plain.world, definition(levers={"open": [opened]})).may_open_more


def test_prices_of_the_first_year_are_those_on_file() -> None:
    plain = prepare(tiny_world(), Definition("Test", FIRST_YEAR, years=2))
    rows = np.arange(plain.world.children.count)
    stage, pool = np.zeros_like(rows), np.full_like(rows, 3)
    on_file = plain.world.prices.child[0, :, :, 3].astype(np.int64).sum(axis=0)
    assert plain.pricing[0].marginal(stage, rows, pool).tolist() == on_file.tolist()
