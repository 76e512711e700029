"""The tree of places: each pool inside its groups, and all of them inside the whole authority.

Nodes are numbered: pools 0 to P - 1, then groups P to P + G - 1, then the root P + G. The root stands for everything
that never runs out, and so for being unplaced as well.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.placement.model.groups import NO_PARENT, IntArray
from services.placement.model.lexicographic import BoolArray
from services.placement.model.problem import PlacementProblem

MOST_UNPLACED = 8
"""More often than a path, or a search before it looks for rings, passes through the root."""


@dataclass(frozen=True, eq=False)
class PlaceTree:
    """Parent links and limits of the nodes below the root.

    Parameters
    ----------
    pool_count
        P, the number of pools.
    parent
        int64[P + G], the node around each node.
    places
        int64[P + G], the most cases that each node may hold.
    groups_bottom_up
        Group nodes, each before the node around it.
    """

    pool_count: int
    parent: IntArray
    places: IntArray
    groups_bottom_up: tuple[int, ...]

    @classmethod
    def of(cls, problem: PlacementProblem) -> PlaceTree:
        """Return the tree of a problem's pools and groups."""
        pools, groups = problem.pool_count, problem.groups
        links = np.concatenate([groups.pool_parent, groups.parent]).astype(np.int64)
        parent = np.where(links == NO_PARENT, pools + len(groups.ids), links + pools)
        places = np.concatenate([problem.pool_places, groups.places])
        return cls(pools, parent, places, tuple(group + pools for group in groups.bottom_up()))

    @property
    def root(self) -> int:
        """The root's number, P + G; there are P + G + 1 nodes."""
        return int(self.parent.size)

    def longest_sums(self, largest_change: IntArray) -> IntArray:
        """Return int64[t], the most that one path through the tree's nodes can sum to in each tier.

        A path has no more moves than there are nodes, as it visits each once. It visits the root once, too, and so
        unplaces one case at most and places one at most; a search that has yet to find a ring may do so a few times.

        Parameters
        ----------
        largest_change
            int64[t], the most by which one move can change each tier, of which the first is "unplaced".
        """
        longest = largest_change * (self.root + 2)
        longest[0] = MOST_UNPLACED
        return longest

    def loads(self, assigned: npt.NDArray[np.signedinteger], cases: IntArray | None = None) -> IntArray:
        """Return int64[P + G], the cases that each node holds.

        Parameters
        ----------
        assigned
            The node, a pool or the root, of each case; or of so many of them.
        cases
            int64[n], how many; one each by default.
        """
        loads = np.bincount(assigned, cases, minlength=self.root + 1).astype(np.int64)
        np.add.at(loads, self.parent[: self.pool_count], loads[: self.pool_count])
        for group in self.groups_bottom_up:
            loads[self.parent[group]] += loads[group]
        return loads[: self.root]

    def is_alike(self, some: IntArray, other: IntArray) -> bool:
        """Return whether the same nodes are full, and the same hold a case, under both loads, int64[P + G] each."""
        full = (some < self.places) == (other < self.places)
        return bool((full & ((some > 0) == (other > 0))).all())

    def shut(self) -> BoolArray:
        """Return bool[P + G + 1], the nodes that hold nobody in any plan: without places, or in a group without."""
        shut = np.append(self.places == 0, False)
        for group in reversed(self.groups_bottom_up):
            shut[group] |= shut[self.parent[group]]
        shut[: self.pool_count] |= shut[self.parent[: self.pool_count]]
        return shut

    def standing_for(self, loads: IntArray) -> IntArray:
        """Return int64[P + G + 1]: the node that each node is one with, because it has places free.

        One more case in a node with a place free is one more case in the node around it, and nothing else changes; so
        such a node needs no node of its own in the contracted graph. Full nodes, and the root, stand for themselves.
        """
        standing = np.arange(self.root + 1)
        for group in reversed(self.groups_bottom_up):
            if loads[group] < self.places[group]:
                standing[group] = standing[self.parent[group]]
        pools = np.arange(self.pool_count)
        free = loads[pools] < self.places[pools]
        standing[pools] = np.where(free, standing[self.parent[pools]], pools)
        return standing
