"""Which tiers one stage of the solve decides at once.

The engine takes one whole number for each arc, and refuses large ones. So the tiers are decided in stages, the most
important first; a stage joins as many tiers as fit into one number.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.placement.model.groups import IntArray

ENGINE_LIMIT = 2**61
"""OR-Tools 9.15 scales costs by the number of nodes; from about 2**62 it refuses them (measured)."""
USUAL_MOVES = 3
"""Weights hold against rings of so many moves that each change a tier by the most it can. A longer ring that fools them
is rare, and found and turned afterwards; heavier weights only make the engine slower."""


@dataclass(frozen=True)
class Stage:
    """Tiers first to last - 1, each weighing so much more than all the tiers after it in the stage."""

    first: int
    last: int
    weights: tuple[int, ...]

    def cost(self, tiers: IntArray) -> IntArray:
        """Return int64[n], the joint cost of int64[t, n], the rows of this stage's tiers."""
        total: IntArray = tiers[0] * self.weights[0]
        for tier, weight in zip(tiers[1:], self.weights[1:], strict=True):
            total += tier * weight
        return total


def next_stage(first: int, largest_change: IntArray, node_count: int) -> Stage:
    """Return the stage that starts at a tier and joins as many of those after it as fit.

    Parameters
    ----------
    largest_change
        int64[t], the most by which one move can change each tier.
    node_count
        Nodes of the engine's network.
    """
    for last in range(len(largest_change), first, -1):
        changes = [int(change) for change in largest_change[first:last]]
        weights = _weights(changes)
        top = sum(weight * change for weight, change in zip(weights, changes, strict=True))
        if last == first + 1 or top * (node_count + 2) <= ENGINE_LIMIT:
            return Stage(first, last, weights)
    raise AssertionError("A stage holds at least one tier.")


def _weights(changes: list[int]) -> tuple[int, ...]:
    """Return weights such that one unit of a tier outweighs any change of the later ones along the usual moves."""
    weights: list[int] = []
    below = 0
    for change in reversed(changes):
        weights.insert(0, USUAL_MOVES * below + 1)
        below += weights[0] * change
    return tuple(weights)
