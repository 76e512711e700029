"""The first year of a simulation decides the cases on file as today's plan of the same facts would."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from services.placement.forecast.rates.rates import NEEDS
from services.placement.forecast.simulation.build_world import LABELS, ChildFacts, PoolYears, QuotedPrices
from services.placement.forecast.simulation.prepare import prepare
from services.placement.forecast.simulation.simulate import run
from services.placement.model.facts import KINDS_IN_WORDS, PlacementFacts, Request
from services.placement.model.judge import Judgement
from services.placement.model.objective import PricedOptions, Quotes
from services.placement.model.problem import PlacementProblem
from services.placement.model.solve import solve
from tests.builders.placement import FIRST_DAY, the_policy
from tests.builders.world import YEARS, child, definition, invented_prices, pool, tiny_world

KINDS = tuple(kind for kind in KINDS_IN_WORDS if kind != "hn_unit")
"""A unit opens with enough pupils or not at all: today's plan does not know that."""
PLACE_LINES = ("place_funding", "hn_unit_block")
STAGE_8_TO_15 = 1
POLICIES = ("", "suitable-then-least-cost", "keeps-places-for-later-arrivals")


def some_pools(rng: np.random.Generator) -> list[PoolYears]:
    found = []
    for at in range(14):
        kind = str(rng.choice(KINDS))
        needs = tuple(rng.choice(NEEDS[:5], size=int(rng.integers(0, 3)), replace=False).tolist())
        low = int(rng.integers(0, 7))
        places = int(rng.integers(1, 4))
        facts: dict[str, Any] = {
            "needs": needs,
            "urn": 1_000 + at // 2,
            "in_borough": bool(rng.random() < 0.7),
            "s38_3": bool(rng.random() < 0.8),
            "wheelchair_accessible": [None, True, False][int(rng.integers(3))],
            "admits_sex": str(rng.choice(["mixed", "girls"], p=[0.8, 0.2])),
            "location": (int(rng.integers(340_000, 370_000)), 385_000),
        }
        found.append(pool(f"pool_{at:02}", kind, (low, low + int(rng.integers(3, 9))), (places,) * YEARS, **facts))
    return found


def some_children(rng: np.random.Generator, pools: list[PoolYears]) -> list[ChildFacts]:
    found = []
    for at in range(30):
        held = pools[int(rng.integers(len(pools)))].pool
        settled = held.year_group_low <= 7 <= held.year_group_high and rng.random() < 0.2
        facts: dict[str, Any] = {
            "sex": str(rng.choice(["F", "M"])),
            "wheelchair": bool(rng.random() < 0.2),
            "advised_kinds": tuple(rng.choice(KINDS, size=int(rng.integers(0, 4)), replace=False).tolist()),
        }
        if not settled:
            facts |= _due(rng, pools, held.urn)
        keeps = settled or facts["reason"] == "breakdown"
        need = str(rng.choice(NEEDS[:5]))
        found.append(child(f"case_{at:02}", 7, need, held.pool_id if keeps else "", **facts))
    return found


def _due(rng: np.random.Generator, pools: list[PoolYears], held_urn: int) -> dict[str, Any]:
    """A decision due, half of them with requests."""
    reason = str(rng.choice(["new_plan", "phase_transfer", "breakdown"]))
    asked = rng.choice(len(pools), size=int(rng.integers(0, 3)), replace=False).tolist()
    urns = list(dict.fromkeys(pools[at].pool.urn for at in asked))
    requests = tuple(
        Request(
            urn=urn,
            rank=rank,
            s38_3=all(one.pool.s38_3 for one in pools if one.pool.urn == urn),
            ground=str(rng.choice(["", "efficient_use_of_resources"], p=[0.8, 0.2])),
            kinds=tuple(sorted({one.pool.kind for one in pools if one.pool.urn == urn})),
        )
        for rank, urn in enumerate(urns, 1)
    )
    return {"reason": reason, "requests": requests, "current_urn": held_urn if reason == "breakdown" else 0}


def planned_today(children: list[ChildFacts], pools: list[PoolYears], policy: str) -> PlacementProblem:
    """The problem of `model/objective.py` for the cases due, with the places that the others leave."""
    due = [one for one in children if one.case.reason]
    held = {one.pool.pool_id: sum(child.pool_id == one.pool.pool_id for child in children) for one in pools}
    facts = PlacementFacts(
        first_day=FIRST_DAY,
        cases=tuple(one.case for one in due),
        pools=tuple(_with_places(one, held[one.pool.pool_id]) for one in pools),
    )
    # Today a full pool is no option but by request; in a simulation it stays one that takes nobody, to have a price.
    roomy = replace(facts, pools=tuple(replace(one, places_free=max(1, one.places_free or 0)) for one in facts.pools))
    judgement = Judgement(roomy)
    options = judgement.open_options
    quotes = _quotes(invented_prices(due, pools), options.case, options.pool)
    problem = PricedOptions(judgement, quotes, the_policy(policy)).problem()
    free = np.array([one.places_free or 0 for one in facts.pools], dtype=np.int64)
    return replace(problem, pool_places=free)


def _with_places(one: PoolYears, held: int) -> Any:
    places = one.places[0]
    free = max(0, places - held)
    return replace(one.pool, places_commissioned=places, places_filled=held, places_free=free)


def _quotes(quoted: QuotedPrices, case: Any, at: Any) -> Quotes:
    lines = {label: pence[case, at] for label, pence in quoted.lines[STAGE_8_TO_15].items()}
    budget = sum(lines.values())
    for_the_place = sum(
        pence for label, pence in lines.items() if LABELS.get(label) in ("place_funding", "hn_unit_block")
    )
    minutes = quoted.minutes[case, at].astype(np.int32)
    return Quotes(minutes, minutes, np.asarray(budget), np.asarray(budget - for_the_place))


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("seed", range(12))
def test_the_first_years_plan_is_todays(seed: int, policy: str) -> None:
    rng = np.random.default_rng(seed)
    pools = some_pools(rng)
    children = some_children(rng, pools)
    world = tiny_world(children=children, pools=pools, groups=())
    scenario = definition(years=1, policy=policy or "suitable-then-near")
    (year,) = run(prepare(world, scenario), 0)
    today = planned_today(children, pools, policy)
    simulated = year.decided.problem
    assert simulated.case_ids == today.case_ids
    assert (simulated.option_case == today.option_case).all()
    assert (simulated.option_pool == today.option_pool).all()
    assert (simulated.option_terms == today.option_terms).all()
    assert (year.decided.pool == solve(today).assigned_pool).all()
