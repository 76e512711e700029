"""The cheapest moves between the places of a standing plan, kept from one change to the next.

Where a few cases have moved, only the links from the places that they left or came to are worked out again; so a plan
that is changed, and changed again, costs each time only what the change touches.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from services.placement.model.contracted import Edges, unbeaten
from services.placement.model.groups import IntArray
from services.placement.model.lexicographic import BoolArray, Packing
from services.placement.model.lots import LARGEST_LOT, lots_of
from services.placement.model.places import PlaceTree
from services.placement.model.problem import PlacementProblem

SPARE = 8
"""What part of the range of a tier is kept to spare on either side, for options yet to come."""


@dataclass(frozen=True, eq=False)
class PlaceLinks:
    """The cheapest move of one case from each pool, or from being unplaced, to each other.

    Parameters
    ----------
    tree
        Of the problem.
    units, lowest, highest
        int64[T + 1], what every value of each tier is a multiple of, and the least and most that they can be.
    packing, longest
        How tiers with the lots share words, and int64[T + 2], the largest potential that they have room for.
    edges
        The links, each with the case that moves as its row.
    """

    tree: PlaceTree
    units: IntArray
    lowest: IntArray
    highest: IntArray
    packing: Packing
    longest: IntArray
    edges: Edges

    @classmethod
    def of(cls, problem: PlacementProblem, node: IntArray, potentials: IntArray) -> PlaceLinks:
        """Return the links of a plan, given each case's node and the potentials that they must have room for."""
        tree = PlaceTree.of(problem)
        units = np.gcd(problem.units(), np.gcd.reduce(potentials[:-1], axis=1))
        lowest = np.append(0, problem.option_terms.min(axis=1, initial=0))
        highest = np.append(1, problem.option_terms.max(axis=1, initial=0))
        to_spare = (highest - lowest) // SPARE
        lowest, highest = lowest - to_spare, highest + to_spare
        longest = tree.longest_sums(np.append((highest - lowest) // units, LARGEST_LOT))
        longest = np.maximum(longest, np.abs(potentials // np.append(units, 1)[:, np.newaxis]).max(axis=1))
        nothing = np.zeros(0, dtype=np.int64)
        packing = Packing.of_paths(longest)
        edges = Edges(nothing, nothing, np.zeros((packing.word_count, 0), dtype=np.int64), nothing)
        links = cls(tree, units, lowest, highest, packing, longest, edges)
        return links.renewed(problem, node, np.ones(tree.root + 1, dtype=np.bool_))

    def have_room_for(self, terms: IntArray, potentials: IntArray) -> bool:
        """Return whether the words have room for an option with these terms, int64[T, n], and for these potentials."""
        units, lowest, highest = self.units[1:, None], self.lowest[1:, None], self.highest[1:, None]
        alike = (terms // units * units == terms) & (terms >= lowest) & (terms <= highest)
        words = potentials // np.append(self.units, 1)[:, np.newaxis]
        return bool(alike.all() and (np.abs(words).max(axis=1) <= self.longest).all())

    def renewed(self, problem: PlacementProblem, node: IntArray, stale: BoolArray) -> PlaceLinks:
        """Return the links of a plan that differs only in the places that are stale, bool[P + G + 1].

        Parameters
        ----------
        node
            int64[K], each case's pool or the root, or below 0 for a case that cannot move.
        """
        cases = np.flatnonzero(stale[node] & (node >= 0))
        rows, case = rows_of(problem, cases)
        source, target = node[case], nodes_of(problem, rows, self.tree.root)
        words, now = self.words(problem, rows, case), np.empty((self.packing.word_count, node.size), dtype=np.int64)
        here = target == source
        now[:, case[here]] = words[:, here]
        words -= now[:, case]

        def change_of(word: int, at: IntArray) -> IntArray:
            return np.asarray(words[word, at])

        at = unbeaten(source.astype(np.int32), target.astype(np.int32), self.tree.root + 1, change_of, len(words))
        fresh = Edges.cheapest(source[at], target[at], words[:, at], case[at])
        return replace(self, edges=Edges.joined(self.edges.where(~stale[self.edges.source]), fresh))

    def without(self, case: int) -> PlaceLinks:
        """Return the links with the cases after this one, which moves nowhere, moved up by one."""
        moved_up = np.where(self.edges.row > case, self.edges.row - 1, self.edges.row)
        return replace(self, edges=replace(self.edges, row=moved_up))

    def words(self, problem: PlacementProblem, rows: IntArray, case: IntArray) -> IntArray:
        """Return int64[w, n], the words of moves; row A + k is case k unplaced, and all such come last."""
        tiers = np.zeros((self.units.size + 1, rows.size), dtype=np.int64)
        placed = int(np.count_nonzero(rows < problem.option_count))
        options = rows[:placed]
        tiers[0, placed:] = 1
        for tier, term, unit in zip(tiers[1:-1], problem.option_terms, self.units[1:].tolist(), strict=True):
            tier[:placed] = term[options] // unit
        tiers[-1, :placed] = lots_of(
            problem.case_seeds[case[:placed]], problem.pool_seeds[problem.option_pool[options]]
        )
        return self.packing.pack(tiers)

    def packed(self, potentials: IntArray) -> IntArray:
        """Return int64[w, P + G + 1] words of int64[T + 2, P + G + 1] potentials."""
        return self.packing.pack(potentials // np.append(self.units, 1)[:, np.newaxis])

    def unpacked(self, words: IntArray) -> IntArray:
        """Return int64[T + 2, P + G + 1] potentials of their words."""
        return np.asarray(self.packing.unpack(words) * np.append(self.units, 1)[:, np.newaxis])


def rows_of(problem: PlacementProblem, cases: IntArray) -> tuple[IntArray, IntArray]:
    """Return int64[n] each, all rows of these cases, with being unplaced, and the case of each."""
    first, after = problem.first_option[cases], problem.first_option[cases + 1]
    lengths = after - first
    options = np.arange(lengths.sum()) + np.repeat(first - (np.cumsum(lengths) - lengths), lengths)
    rows = np.concatenate([options, problem.option_count + cases])
    return rows, np.concatenate([np.repeat(cases, lengths), cases])


def nodes_of(problem: PlacementProblem, rows: IntArray, root: int) -> IntArray:
    """Return int64[n], the pool of each row, or the root."""
    nodes = np.full(rows.size, root, dtype=np.int64)
    placed = rows < problem.option_count
    nodes[placed] = problem.option_pool[rows[placed]]
    return nodes
