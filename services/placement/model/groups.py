"""Groups of place pools that share a limit, held as a forest.

A group caps several pools together: a school's total across its bases, or an authority's block contract. Groups are
laminar: two groups are nested or disjoint, so that the places form a tree and the whole plan stays a flow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
IndexArray = npt.NDArray[np.int32]

NO_PARENT = -1


@dataclass(frozen=True)
class PlaceGroup:
    """Several pools which together hold at most `places` cases.

    Parameters
    ----------
    id
        The group's own id, unique among groups.
    pools
        Indices of its pools, each at most once.
    places
        Most cases that its pools may hold together, 0 or more.
    """

    id: str
    pools: tuple[int, ...]
    places: int


@dataclass(frozen=True, eq=False)
class GroupForest:
    """Laminar groups as parent links.

    Parameters
    ----------
    ids
        Group ids, G of them.
    places
        int64[G], the most cases that each group may hold.
    parent
        int32[G], the smallest group around each group, or -1.
    pool_parent
        int32[P], the smallest group around each pool, or -1.
    """

    ids: tuple[str, ...]
    places: IntArray
    parent: IndexArray
    pool_parent: IndexArray

    @classmethod
    def of(cls, groups: Sequence[PlaceGroup], pool_count: int) -> GroupForest:
        """Link the groups; of two groups with the same pools the earlier one is inside the later one.

        Raises
        ------
        ValueError
            If a group names an unknown pool or one pool twice, or crosses another group.
        """
        innermost = np.full(pool_count, NO_PARENT, dtype=np.int32)
        parent = np.full(len(groups), NO_PARENT, dtype=np.int32)
        outermost = innermost.copy()
        for index in sorted(range(len(groups)), key=lambda g: len(groups[g].pools)):
            members = _members(groups, index, pool_count)
            for inner in np.unique(outermost[members]):
                if inner == NO_PARENT:
                    continue
                _refuse_crossing(groups, int(inner), index)
                parent[inner] = index
            innermost[members] = np.where(innermost[members] == NO_PARENT, index, innermost[members])
            outermost[members] = index
        places = np.array([group.places for group in groups], dtype=np.int64)
        return cls(tuple(group.id for group in groups), places, parent, innermost)

    def bottom_up(self) -> list[int]:
        """Return every group's index, each before the group around it."""
        depth = [self._depth(group) for group in range(len(self.ids))]
        return sorted(range(len(self.ids)), key=lambda group: -depth[group])

    def _depth(self, group: int) -> int:
        depth = 0
        while (group := int(self.parent[group])) != NO_PARENT:
            depth += 1
        return depth


def _members(groups: Sequence[PlaceGroup], index: int, pool_count: int) -> IntArray:
    members = np.array(groups[index].pools, dtype=np.int64)
    place = f"groups[{index}].pools"
    if members.size and (members.min() < 0 or members.max() >= pool_count):
        raise ValueError(f"{place}: every pool must be an index from 0 to {pool_count - 1}.")
    if np.unique(members).size != members.size:
        raise ValueError(f"{place}: a pool may appear only once in a group.")
    return members


def _refuse_crossing(groups: Sequence[PlaceGroup], inner: int, outer: int) -> None:
    outside = set(groups[inner].pools) - set(groups[outer].pools)
    if outside:
        raise ValueError(
            f"groups[{outer}].pools: group {groups[outer].id!r} crosses group {groups[inner].id!r}: "
            "two groups must be nested or have no pool in common."
        )
