"""Children who might travel to a group's settings, whether they do already or not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.cost.transport.runs.pricing import apart_both_ways
from services.cost.transport.runs.problem import (
    BoolArray,
    IntArray,
    Legs,
    RunsProblem,
    Travellers,
    check_range,
    check_shape,
)


@dataclass(frozen=True, eq=False)
class Candidates:
    """H children, and C pairs of one of them with one of the problem's settings.

    Parameters
    ----------
    travellers
        The H children. Whoever has an id of the problem's own travellers is the same child.
    to_points, from_points
        [H, D + N] and [D + N, H]: legs from each one's home to the problem's points, and from them to it.
    traveller, destination
        int64[C]: candidate i is `traveller[i]` of them, in 0 to H - 1, going to setting `destination[i]`, 0 to D - 1.
    """

    travellers: Travellers
    to_points: Legs
    from_points: Legs
    traveller: IntArray
    destination: IntArray

    def __post_init__(self) -> None:
        children, points = self.travellers.count, self.to_points.metres.shape[-1]
        check_shape("to_points", self.to_points.metres, (children, points))
        check_shape("from_points", self.from_points.metres, (points, children))
        check_shape("destination", self.destination, self.traveller.shape)
        check_range("traveller", self.traveller, 0, children - 1)
        check_range("destination", self.destination, 0, points - 1)

    @property
    def count(self) -> int:
        """C."""
        return int(self.traveller.size)

    def riding_as(self, problem: RunsProblem) -> IntArray:
        """int64[C]: the row of the problem's own traveller who is the same child; -1 where there is none."""
        row_of = {traveller: row for row, traveller in enumerate(problem.travellers.ids)}
        rows = np.array([row_of.get(traveller, -1) for traveller in self.travellers.ids], dtype=np.int64)
        found: IntArray = rows[self.traveller]
        return found

    def kept_apart(self, problem: RunsProblem) -> BoolArray:
        """bool[H, N]: whom each child may not share a vehicle with."""
        apart = apart_both_ways(problem.apart)
        kept: BoolArray = np.zeros((self.travellers.count, problem.travellers.count), dtype=np.bool_)
        for row, traveller in enumerate(self.travellers.ids):
            for column, other in enumerate(problem.travellers.ids if traveller in apart else ()):
                kept[row, column] = other in apart[traveller]
        return kept
