"""Whether a world's columns are as `World` says."""

from __future__ import annotations

from services.placement.forecast.rates.rates import AGE_COUNT, NEEDS
from services.placement.forecast.simulation.categories import PLACE_KINDS
from services.placement.forecast.simulation.world import CHILD_LINES, NO_PLACE, World


def check_world(world: World) -> None:
    """Raise ValueError naming the first column that is not as `World` says."""
    children, pools, rules, prices = world.children, world.pools, world.rules, world.prices
    shapes = {
        "children.age": (children.age, (children.count,)),
        "children.signature": (children.signature, (3, children.count)),
        "children.request_first": (children.request_first, (children.count + 1,)),
        "pools.kind": (pools.kind, (pools.count,)),
        "pools.places": (pools.places, (pools.count, world.horizon)),
        "pools.group_places": (pools.group_places, (len(pools.group_ids), world.horizon)),
        "rules.open": (rules.open, (len(rules.signatures), pools.count)),
        "rules.fits": (rules.fits, (len(rules.signatures), pools.count)),
        "prices.child": (prices.child, (3, len(CHILD_LINES), children.count, pools.count)),
        "prices.minutes": (prices.minutes, (children.count, pools.count)),
    }
    for name, (column, shape) in shapes.items():
        if column.shape != shape:
            raise ValueError(f"{name}: has shape {column.shape}; expected {shape}.")
    for name, column, low, count in (
        ("children.age", children.age, 0, AGE_COUNT),
        ("children.need", children.need, 0, len(NEEDS)),
        ("children.area", children.area, 0, len(world.areas)),
        ("children.pool", children.pool, NO_PLACE, pools.count),
        ("pools.kind", pools.kind, 0, len(PLACE_KINDS)),
        ("pools.area", pools.area, 0, len(world.areas)),
    ):
        if column.size and not low <= column.min() <= column.max() < count:
            raise ValueError(f"{name}: every number must be from {low} to {count - 1}.")
