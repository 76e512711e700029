"""Pools that are not on file: where they would stand, whom they could admit, and what a place in them would cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from services.placement.forecast.simulation.categories import AGES_OF_PHASE, PLACE_KINDS, need_bits, year_group
from services.placement.forecast.simulation.judging import judge
from services.placement.forecast.simulation.levers import Definition, Probe
from services.placement.forecast.simulation.opening import OpenPool
from services.placement.forecast.simulation.world import CHILD_LINES, IntArray, Pools, Prices, Rules, World
from services.placement.model.facts import PoolFacts

HN_UNIT = PLACE_KINDS.index("hn_unit")
MAINSTREAM = PLACE_KINDS.index("mainstream")
NONE = -1
UNKNOWN_MINUTES = 240


@dataclass(frozen=True)
class AddedPool:
    """A pool that a lever opens, or a probe.

    `host` is the pool on file at whose setting it stands, for journeys and transport; `like` the one whose top-up, fee
    and place funding it copies, or -1 for a High Needs unit when there is none on file.
    """

    pool_id: str
    name: str
    kind: str
    needs: tuple[str, ...]
    years: tuple[int, int]
    host: int
    like: int
    suitable_share: float
    unit_block_pence: int


def added_pools(world: World, definition: Definition) -> tuple[AddedPool, ...]:
    """Return the pools of a definition's levers and then its probes.

    Raises ValueError naming the field where the facts show no setting to stand at, or no price to copy.
    """
    opened = [_opened(world, one, f"levers.open[{at}]") for at, one in enumerate(definition.levers.open)]
    probed = [_probed(world, one, at) for at, one in enumerate(definition.probes)]
    return (*opened, *probed)


def extended(world: World, added: Sequence[AddedPool]) -> tuple[Pools, Rules, Prices]:
    """Return the world's pools, rules and prices with the added pools after them."""
    if not added:
        return world.pools, world.rules, world.prices
    return _pools(world, added), _rules(world, added), _prices(world, added)


def _opened(world: World, one: OpenPool, field: str) -> AddedPool:
    if one.urn:
        at = np.flatnonzero(world.pools.urn == one.urn)
        if not at.size:
            raise ValueError(f"{field}.urn: no pool on file is at {one.urn}; name a setting that has one, or an area.")
        host = int(at[0])
    else:
        host = _middle_of(world, one.area, world.pools.kind == MAINSTREAM, f"{field}.area")
    needs = ("SEMH",) if one.kind == "hn_unit" else one.needs
    like = world.pools.ids.index(one.like) if one.like else _like(world, one.kind, needs, f"{field}.like")
    block = one.yearly_block_pence if one.kind == "hn_unit" else 0
    return AddedPool(f"lever:{one.name}", one.name, one.kind, needs, one.years, host, like, one.suitable_share, block)


def _probed(world: World, one: Probe, at: int) -> AddedPool:
    first, last = AGES_OF_PHASE[one.phase]
    years = (year_group(first), year_group(last))
    host = _middle_of(world, one.area, np.ones(world.pools.count, dtype=np.bool_), f"probes[{at}].area")
    like = _like(world, one.kind, (one.need,), f"probes[{at}].kind")
    block = int(world.pools.unit_block[like]) if like != NONE else 0
    name = f"{one.need} {one.phase} {one.kind} {one.area}".strip()
    return AddedPool(f"probe:{at}", name, one.kind, (one.need,), years, host, like, one.suitable_share, block)


def _middle_of(world: World, area: str, wanted: IntArray, field: str) -> int:
    """The pool in an area, or in the borough for "", with the least mean journey of the children who live there."""
    children, pools = world.children, world.pools
    here = pools.in_borough if not area else pools.area == world.areas.index(area)
    living = np.flatnonzero(children.area == world.areas.index(area)) if area else np.arange(children.count)
    found = np.flatnonzero(here & wanted)
    if not found.size:
        found = np.flatnonzero(here)
    if not found.size:
        raise ValueError(f"{field}: no setting on file is in {area or 'the borough'}; name another area or a urn.")
    if not living.size:
        return int(found[0])
    minutes = world.prices.minutes[np.ix_(living, found)].astype(np.float64)
    return int(found[np.where(minutes < 0, UNKNOWN_MINUTES, minutes).mean(axis=0).argmin()])


def _like(world: World, kind: str, needs: tuple[str, ...], field: str) -> int:
    """The pool on file of the kind that shares most needs, the first of several; NONE for a unit without one."""
    found = np.flatnonzero(world.pools.kind == PLACE_KINDS.index(kind))
    if not found.size and kind == "hn_unit":
        return NONE
    if not found.size:
        raise ValueError(
            f"{field}: no pool on file is of the kind {kind}, so its prices are not known; name one to copy."
        )
    shared = [bin(int(world.pools.needs[pool]) & need_bits(needs)).count("1") for pool in found]
    return int(found[int(np.argmax(shared))])


def _pools(world: World, added: Sequence[AddedPool]) -> Pools:
    pools = world.pools
    host = np.array([one.host for one in added])
    like = np.array([one.like for one in added])
    count = len(added)

    def more(column: IntArray, values: object) -> IntArray:
        return np.concatenate([column, np.asarray(values, dtype=column.dtype)])

    return replace(
        pools,
        ids=(*pools.ids, *(one.pool_id for one in added)),
        names=(*pools.names, *(one.name for one in added)),
        admits_sex=(*pools.admits_sex, *["mixed"] * count),
        urn=more(pools.urn, pools.urn[host]),
        kind=more(pools.kind, [PLACE_KINDS.index(one.kind) for one in added]),
        needs=more(pools.needs, [need_bits(one.needs) for one in added]),
        low=more(pools.low, [one.years[0] for one in added]),
        high=more(pools.high, [one.years[1] for one in added]),
        area=more(pools.area, pools.area[host]),
        in_borough=np.concatenate([pools.in_borough, pools.in_borough[host]]),
        must_admit=np.concatenate([pools.must_admit, np.ones(count, dtype=np.bool_)]),
        wheelchair=more(pools.wheelchair, np.ones(count)),
        places=np.concatenate([pools.places, np.zeros((count, world.horizon), dtype=pools.places.dtype)]),
        group=more(pools.group, np.full(count, NONE)),
        place_funding=more(pools.place_funding, np.where(like == NONE, 0, pools.place_funding[like])),
        unit_block=more(pools.unit_block, [one.unit_block_pence for one in added]),
    )


def _rules(world: World, added: Sequence[AddedPool]) -> Rules:
    facts = [
        PoolFacts(
            pool_id=one.pool_id,
            urn=-1000 - at,
            kind=one.kind,
            needs=one.needs,
            admits_sex="mixed",
            wheelchair_accessible=True,
        )
        for at, one in enumerate(added)
    ]
    more, rules = judge(world.rules.signatures, facts), world.rules
    return Rules(
        rules.signatures,
        np.concatenate([rules.open, more.open], axis=1),
        np.concatenate([rules.unsettled, more.unsettled], axis=1),
        np.concatenate([rules.fits, more.fits], axis=1),
        np.concatenate([rules.fits_unsettled, more.fits_unsettled], axis=1),
    )


def _prices(world: World, added: Sequence[AddedPool]) -> Prices:
    prices = world.prices
    host = [one.host for one in added]
    like = np.array([one.like for one in added])
    columns = prices.child[:, :, :, like].copy()
    columns[:, :, :, like == NONE] = 0
    columns[:, CHILD_LINES.index("transport")] = prices.child[:, CHILD_LINES.index("transport")][:, :, host]
    return Prices(
        np.concatenate([prices.child, columns], axis=3),
        np.concatenate([prices.minutes, prices.minutes[:, host]], axis=1),
    )
