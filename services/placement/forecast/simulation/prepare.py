"""A world made ready for a definition, once for all its replicates: the pools that levers open, and the probes, added.

Here a definition meets the facts: what names no pool, area or setting on file is refused, naming the field.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from services.placement.forecast.simulation.adding import AddedPool, added_pools, extended
from services.placement.forecast.simulation.categories import INMSS, PLACE_KINDS
from services.placement.forecast.simulation.draws import Seeds
from services.placement.forecast.simulation.levers import Definition
from services.placement.forecast.simulation.new_ids import NewIds
from services.placement.forecast.simulation.opening import UNIT_PLACES_MOST
from services.placement.forecast.simulation.outcome import OPPORTUNITIES
from services.placement.forecast.simulation.pricing import Pricing
from services.placement.forecast.simulation.state import State, children_on_file
from services.placement.forecast.simulation.templates import Templates
from services.placement.forecast.simulation.world import BoolArray, IntArray, Pools, Prices, Rules, World
from services.placement.model.lots import seeds_of
from services.placement.model.policy import Policy, find_policy

LADDER = {
    "mainstream": 0,
    "resource_base": 1,
    "sen_unit": 1,
    "hn_unit": 2,
    "state_special": 3,
    "non_maintained_special": 4,
    "independent_special": 4,
}
"""How far from mainstream a kind of place is; a substitution is a step down. Other kinds are on no step."""
NO_STEP = 9


@dataclass(frozen=True, eq=False)
class Prepared:
    """A world with the pools that might be: P of the world, L of levers, Q probes, N = P + L + Q in all.

    Parameters
    ----------
    pools, rules, prices
        As the world's, over all N pools.
    added
        Those of levers and then the probes.

    What is the same in every replicate is worked out once, and nobody writes to it.
    """

    world: World
    definition: Definition
    policy: Policy
    pools: Pools
    rules: Rules
    prices: Prices
    added: tuple[AddedPool, ...]
    templates: Templates
    new_ids: NewIds

    @property
    def lever_count(self) -> int:
        """L, how many pools levers open."""
        return len(self.definition.levers.open)

    @property
    def told_count(self) -> int:
        """P + L, the pools of an outcome's arrays; the probes come after them."""
        return self.world.pools.count + self.lever_count

    @cached_property
    def on_file(self) -> State:
        """The children of the world on 1 September of the first year."""
        return children_on_file(self.world)

    @cached_property
    def pricing(self) -> tuple[Pricing, ...]:
        """Each year's prices."""
        return tuple(Pricing(self, year) for year in range(self.definition.years))

    @cached_property
    def may_open_more(self) -> bool:
        """Whether any lever opens to a child what the advice does not name."""
        shares = self.definition.levers.opportunities
        by_chance = any(getattr(shares, name) for name in OPPORTUNITIES[1:])
        return by_chance or any(one.suitable_share for one in self.added)

    @cached_property
    def is_inmss(self) -> BoolArray:
        """bool[N]."""
        found: BoolArray = INMSS[self.pools.kind]
        return found

    @cached_property
    def is_away(self) -> BoolArray:
        """bool[N], INMSS or outside the authority's area."""
        found: BoolArray = self.is_inmss | ~self.pools.in_borough
        return found

    @cached_property
    def units(self) -> IntArray:
        """Pools that are High Needs units."""
        return np.flatnonzero(self.pools.kind == PLACE_KINDS.index("hn_unit"))

    @cached_property
    def unit_places(self) -> IntArray:
        """int64[N], among how many places a unit's block is shared when options are compared; 1 for other kinds."""
        most = np.maximum(self.pools.places.max(axis=1, initial=1), 1).astype(np.int64)
        for at, one in enumerate(self.definition.levers.open):
            most[self.world.pools.count + at] = one.places
        most[self.told_count :] = UNIT_PLACES_MOST
        return np.where(self.pools.kind == PLACE_KINDS.index("hn_unit"), most, 1)

    @cached_property
    def step(self) -> IntArray:
        """int[N], each pool's step of LADDER, or NO_STEP."""
        steps = np.array([LADDER.get(kind, NO_STEP) for kind in PLACE_KINDS])
        found: IntArray = steps[self.pools.kind]
        return found

    @cached_property
    def pool_seeds(self) -> Seeds:
        """uint64[N]."""
        return seeds_of(self.pools.ids)

    @cached_property
    def kept_in_group(self) -> BoolArray:
        """bool[N, N], whether two pools share a group."""
        group = self.pools.group
        found: BoolArray = (group[:, None] == group) & (group >= 0)
        return found


@lru_cache(maxsize=4)
def prepare(world: World, definition: Definition) -> Prepared:
    """Return the world made ready. Raises ValueError naming the field of the definition that the facts contradict."""
    check_definition(world, definition)
    policy = find_policy(definition.policy_label)
    assert policy is not None  # the reader checked it
    added = added_pools(world, definition)
    pools, rules, prices = extended(world, added)
    return Prepared(world, definition, policy, pools, rules, prices, added, Templates.of(world.children), NewIds())


def check_definition(world: World, definition: Definition) -> None:
    """Raise ValueError naming the first field of the definition that the facts contradict."""
    if definition.first_year != world.first_year:
        raise ValueError(f"first_year: {definition.first_year} is not the facts' first year, {world.first_year}.")
    levers = definition.levers
    known = set(world.pools.ids)
    opened = {f"lever:{one.name}" for one in levers.open}
    named = [
        *((f"levers.extend[{at}].pool", one.pool, known) for at, one in enumerate(levers.extend)),
        *((f"levers.delay[{at}].pool", one.pool, known | opened) for at, one in enumerate(levers.delay)),
        *((f"levers.close[{at}].pool", one.pool, known) for at, one in enumerate(levers.close)),
        *((f"levers.open[{at}].like", one.like, known | {""}) for at, one in enumerate(levers.open)),
    ]
    for field, pool_id, allowed in named:
        if pool_id not in allowed:
            raise ValueError(f"{field}: no pool on file is {pool_id!r}; `inborough pools` lists them.")
    for at, longer in enumerate(levers.extend):
        if world.pools.places[world.pools.ids.index(longer.pool), 0] < 0:
            raise ValueError(f"levers.extend[{at}].pool: {longer.pool} has no fixed number of places to extend.")
    _check_areas(world, definition)
    added_pools(world, definition)


def _check_areas(world: World, definition: Definition) -> None:
    named: Sequence[tuple[str, str]] = [
        *((f"levers.open[{at}].area", one.area) for at, one in enumerate(definition.levers.open)),
        *((f"probes[{at}].area", one.area) for at, one in enumerate(definition.probes)),
    ]
    for field, area in named:
        if area and area not in world.areas:
            listed = ", ".join(sorted(filter(None, world.areas)))
            raise ValueError(f"{field}: {area!r} is no area; there are {listed}.")
