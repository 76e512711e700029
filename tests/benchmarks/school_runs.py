"""School runs like a borough's, invented from a seed: homes around it, four vehicle types, every kind of child."""

from __future__ import annotations

import numpy as np

from services.cost.transport.runs.problem import Fleet, Legs, RunsProblem, Travellers, VehicleType

FLEET = Fleet(
    (
        VehicleType("taxi", 4, 0, 4_500, 90),
        VehicleType("accessible taxi", 3, 1, 6_500, 110),
        VehicleType("minibus", 8, 0, 8_500, 110),
        VehicleType("accessible minibus", 12, 2, 13_500, 140),
    ),
    assistant_pence_per_day=6_500,
)
DETOUR, METRES_AN_HOUR = 1.3, 30_000
ASSISTANT, WHEELCHAIR, PRIMARY = 0.3, 0.15, 0.5
SPREAD_METRES, NEAR_METRES = 5_000, 1_200


def some_school_runs(children: int, settings: int, seed: int = 0) -> RunsProblem:
    """Nobody rides alone, for that is no question of routes; two pairs are kept apart."""
    random = np.random.default_rng(seed)
    around = random.integers(-NEAR_METRES, NEAR_METRES, (settings, 2))
    points = np.concatenate([around, random.normal(0, SPREAD_METRES, (children, 2)).astype(np.int64)])
    straight = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    metres = np.floor(straight * DETOUR + 0.5).astype(np.int64)
    ids = tuple(f"c{at:03}" for at in range(children))
    wheelchair = random.random(children) < WHEELCHAIR
    travellers = Travellers(
        ids,
        wheelchair,
        random.random(children) < ASSISTANT,
        np.zeros(children, dtype=np.bool_),
        np.where(random.random(children) < PRIMARY, 45, 75),
        np.where(wheelchair, 4, 1),
    )
    return RunsProblem(
        fleet=FLEET,
        destination_ids=tuple(range(100_001, 100_001 + settings)),
        bell_minutes=random.choice([520, 525, 530], settings),
        travellers=travellers,
        destination=random.integers(0, settings, children),
        legs=Legs(metres, -(-metres * 60 // METRES_AN_HOUR)),
        apart=frozenset({(ids[0], ids[1]), (ids[2], ids[3])}),
    )
