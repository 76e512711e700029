"""What children take up and vehicles have: seats, wheelchair places, assistance, settings, and who is kept apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.cost.transport.runs.cliques import cover_by_cliques
from services.cost.transport.runs.problem import IntArray, RunsProblem
from services.cost.transport.runs.timetable import SettingOrder
from services.cost.transport.runs.vehicles import Vehicle


@dataclass(frozen=True, eq=False)
class Loads:
    """Dimensions of load that a vehicle is never over.

    `children` is int64[n, L]: 1 where the child takes one; `vehicles` is int64[H, L]: how many there are. A dimension
    that no child asks for is left out.
    """

    children: IntArray
    vehicles: IntArray


def build_loads(problem: RunsProblem, rows: Sequence[int], hired: Sequence[tuple[SettingOrder, Vehicle]]) -> Loads:
    """The loads of these children and of these vehicles, each with the settings that it reaches."""
    index = np.asarray(rows, dtype=np.int64)
    wheelchair, settings = problem.travellers.wheelchair[index], range(problem.setting_count)
    cliques = cover_by_cliques([problem.travellers.ids[row] for row in rows], problem.apart)
    children = np.column_stack(
        [
            ~wheelchair,
            wheelchair,
            problem.travellers.assistant[index],
            *(problem.destination[index] == setting for setting in settings),
            *(np.isin(np.arange(index.size), clique) for clique in cliques),
        ]
    ).astype(np.int64)
    vehicles = np.array(
        [
            [
                vehicle.seats,
                vehicle.wheelchair_places,
                index.size * vehicle.assistant,
                *(index.size * (setting in order.settings) for setting in settings),
                *(1 for _ in cliques),
            ]
            for order, vehicle in hired
        ],
        dtype=np.int64,
    )
    binding = children.any(axis=0) & (children.sum(axis=0) > vehicles.min(axis=0))
    return Loads(children[:, binding], vehicles[:, binding])
