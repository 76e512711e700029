"""The same children whatever the levers, and the same outcome whichever process runs it."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256

import numpy as np

from services.placement.forecast.simulation.draws import Draws, counts
from services.placement.forecast.simulation.outcome import Outcome
from services.placement.forecast.simulation.prepare import prepare
from services.placement.forecast.simulation.simulate import run, simulate
from services.placement.forecast.simulation.world import World
from services.placement.model.lots import seeds_of
from tests.builders.world import CHILDREN, GROUPS, POOLS, definition, steady_demand, tiny_world

WORLD = tiny_world(rates=steady_demand(yearly=20))
ELSEWHERE = """
from hashlib import sha256
from services.placement.forecast.simulation.simulate import simulate
from tests.builders.world import definition, steady_demand, tiny_world
world = tiny_world(rates=steady_demand(yearly=20))
print(sha256(simulate(world, definition(), 3).to_bytes()).hexdigest())
"""


def test_another_process_gives_the_same_bytes() -> None:
    here = sha256(simulate(WORLD, definition(), 3).to_bytes()).hexdigest()
    there = subprocess.run([sys.executable, "-c", ELSEWHERE], capture_output=True, text=True, check=True)
    assert there.stdout.strip() == here


def test_a_world_read_back_gives_the_same_bytes() -> None:
    again = World.from_bytes(WORLD.to_bytes())
    assert again.content_hash == WORLD.content_hash
    assert simulate(again, definition(), 1).to_bytes() == simulate(WORLD, definition(), 1).to_bytes()


def test_an_outcome_survives_its_bytes() -> None:
    found = simulate(WORLD, definition(), 0)
    assert Outcome.from_bytes(found.to_bytes()).to_bytes() == found.to_bytes()


def test_the_order_of_the_facts_changes_nothing() -> None:
    other = tiny_world(children=CHILDREN[::-1], pools=POOLS[::-1], groups=GROUPS, rates=steady_demand(yearly=20))
    assert other.content_hash == WORLD.content_hash


def test_replicates_differ() -> None:
    first, second = (simulate(WORLD, definition(), replicate) for replicate in (0, 1))
    assert (first.new_plans != second.new_plans).any()


def test_a_seed_of_its_own_gives_other_draws() -> None:
    first, second = (simulate(WORLD, definition(seed=seed), 0) for seed in (1, 2))
    assert (first.new_plans != second.new_plans).any()


def test_a_lever_that_touches_nothing_changes_nothing() -> None:
    idle = {
        "open": [{"name": "late", "kind": "resource_base", "places": 5, "opens": "2060-09-01", "urn": 900_001}],
        "demand": [{"need": "HI", "factor": 3}, {"factor": 2, "from_year": 2070}],
        "opportunities": {"mainstream_rather_than_mss": 0.0},
    }
    with_it = simulate(WORLD, definition(levers=idle), 0)
    without = simulate(WORLD, definition(), 0)
    assert (with_it.children == without.children).all()
    assert (with_it.deficit == without.deficit).all()
    assert (with_it.used[:, :-1] == without.used).all()


def test_a_lever_on_one_need_leaves_the_children_of_the_others_the_same() -> None:
    more = definition(levers={"demand": [{"need": "SEMH", "factor": 3}]})
    before, after = (list(run(prepare(WORLD, one), 0)) for one in (definition(), more))
    for one, other in zip(before, after, strict=True):
        usual = {id for id in one.new.ids if "SEMH" not in id}
        assert usual == {id for id in other.new.ids if "SEMH" not in id}
        assert {id for id in one.new.ids if "SEMH" in id} <= set(other.new.ids)


def test_a_draw_hangs_on_the_child_and_not_on_the_others() -> None:
    draws, seeds = Draws(1, 0), seeds_of(["a", "b", "c"])
    assert draws.uniform_of("cease", 2027, seeds)[2] == draws.uniform_of("cease", 2027, seeds[2:])[0]


def test_counts_follow_their_distribution() -> None:
    uniform = (np.arange(20_000) + 0.5) / 20_000
    mean = np.full(uniform.size, 6.0)
    for dispersion in (0.0, 0.3):
        found = counts(mean, dispersion, uniform)
        assert abs(found.mean() - 6.0) < 0.01
        assert abs(found.var() - (6.0 + dispersion * 36.0)) < 0.1


def test_a_higher_mean_never_gives_fewer() -> None:
    uniform = np.random.default_rng(1).random(500)
    lower, higher = (counts(np.full(500, mean), 0.2, uniform) for mean in (3.0, 3.3))
    assert (higher >= lower).all()
