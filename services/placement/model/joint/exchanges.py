"""Take the difference between two plans apart into exchanges that can each be made alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from services.placement.model.groups import IntArray
from services.placement.model.places import PlaceTree
from services.placement.model.problem import PlacementProblem
from services.placement.model.solution import NOT_PLACED

Exchange = tuple[int, ...]
"""Cases, in ascending order, that move together."""


def exchanges(problem: PlacementProblem, present: IntArray, proposed: IntArray) -> list[Exchange]:
    """Return the moves from one plan to another as exchanges, none of which overfills a place when it is made alone.

    A case that moves into a full pool needs another that leaves it, or leaves the group around it; following these
    from a case that moves until nothing is overfull gives one exchange; exchanges that need the same case are one. Both
    plans must keep to the places. `present` and `proposed` are as in Solution.
    """
    moving = np.flatnonzero(present != proposed).tolist()
    found: list[frozenset[int]] = []
    for case in moving:
        if any(case in cases for cases in found):
            continue
        chain = frozenset({case})
        while (grown := _completed(problem, present, proposed, moving, chain)) != chain:
            chain = grown.union(*(cases for cases in found if cases & grown))
        found = [cases for cases in found if not cases & chain] + [chain]
    return [tuple(sorted(cases)) for cases in found]


def _completed(
    problem: PlacementProblem, present: IntArray, proposed: IntArray, moving: list[int], chain: frozenset[int]
) -> frozenset[int]:
    """These cases, and more of those that move until they overfill nothing."""
    places, grown = _Places(problem, made(present, proposed, tuple(chain))), set(chain)
    while (full := places.find_overfull()) is not None:
        # There is one that leaves: the proposed plan does not overfill this node.
        case = next(case for case in moving if case not in grown and places.leaves(full, present[case], proposed[case]))
        grown.add(case)
        places.move(present[case], proposed[case])
    return frozenset(grown)


def made(present: IntArray, proposed: IntArray, cases: Exchange) -> IntArray:
    """Return the plan with these cases moved."""
    after = present.copy()
    after[list(cases)] = proposed[list(cases)]
    return after


def keeps_places(problem: PlacementProblem, chosen: IntArray) -> bool:
    """Whether a plan overfills no pool and no group."""
    return _Places(problem, chosen).find_overfull() is None


class _Places:
    """How many places are left in each pool and group as cases move."""

    def __init__(self, problem: PlacementProblem, chosen: IntArray) -> None:
        tree = PlaceTree.of(problem)
        self._parent, self._free = tree.parent.tolist(), tree.places.tolist()
        self._pool = problem.option_pool.tolist()
        for row in chosen.tolist():
            self._take(row, 1)

    def move(self, before: int, after: int) -> None:
        """Take a case from one option to another."""
        self._take(before, -1)
        self._take(after, 1)

    def find_overfull(self) -> int | None:
        """The first node that holds more than it may."""
        return next((node for node, free in enumerate(self._free) if free < 0), None)

    def leaves(self, node: int, before: int, after: int) -> bool:
        """Whether a move goes out of a node."""
        return node in self._nodes(before) and node not in self._nodes(after)

    def _take(self, row: int, count: int) -> None:
        for node in self._nodes(row):
            self._free[node] -= count

    def _nodes(self, row: int) -> Iterator[int]:
        node = self._pool[row] if row != NOT_PLACED else len(self._parent)
        while node < len(self._parent):
            yield node
            node = self._parent[node]
