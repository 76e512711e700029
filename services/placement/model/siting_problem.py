"""What siting decides on: bids, a budget, and children to come on sampled paths. Arrays alone; checked when built."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

LARGEST_PENCE = 10**12
LARGEST_PLACES = 10**5
GREEN_BOOK_RATE = 0.035
"""The Treasury's discount rate for the first thirty years (The Green Book, 2022, annex 6)."""


@dataclass(frozen=True, eq=False)
class SitingProblem:
    """B bids, C cells of children (one need, phase and area each), T years, S paths equally likely.

    Parameters
    ----------
    bid_ids
        B ids, all different.
    capital_pence
        int64[B], paid at the start for a bid that is funded, and counted against the budget.
    running_pence
        int64[B] a year in which a funded bid has its places, however many children come.
    places
        int64[B], 1 or more.
    least_children
        int64[B]: 0, or in a year in which the bid runs at all the fewest children that it may have (an HN unit: 4).
        Such a bid pays `running_pence` only in years in which it runs.
    given
        bool[B]: places that exist whatever is decided; their capital must be 0.
    exclusive
        Sets of bids of which one at most is funded.
    ready
        bool[S, T, B]: whether the bid, if funded, has its places in that year on that path.
    share
        float64[C, B] in [0, 1]: the part of a cell's children that the bid can take; 0 where it takes none.
    child_pence
        int64[C, B] a year: what a child of the cell costs in the bid beyond `running_pence`. Not read where share is 0.
    otherwise_pence
        int64[C] a year: what a child costs who is in none of the bids (an independent placement and its transport).
    children
        int64[S, T, C]: how many want a place in that year; each is counted in every year.
    budget_pence
        The capital there is, 0 or more.
    discount_rate
        A year, from 0 to 0.2; the first year is not discounted.
    """

    bid_ids: tuple[str, ...]
    capital_pence: IntArray
    running_pence: IntArray
    places: IntArray
    least_children: IntArray
    given: BoolArray
    exclusive: tuple[tuple[int, ...], ...]
    ready: BoolArray
    share: FloatArray
    child_pence: IntArray
    otherwise_pence: IntArray
    children: IntArray
    budget_pence: int
    discount_rate: float = GREEN_BOOK_RATE

    def __post_init__(self) -> None:
        bids, cells = len(self.bid_ids), self.otherwise_pence.size
        if not bids:
            raise ValueError("bid_ids: at least one bid is needed.")
        if len(set(self.bid_ids)) != bids:
            raise ValueError("bid_ids: an id may appear only once.")
        paths, years = self.children.shape[:2] if self.children.ndim == 3 else (0, 0)
        if not (paths and years):
            raise ValueError("children: at least one path and one year are needed.")
        _check_shape("children", self.children, (paths, years, cells))
        _check_shape("ready", self.ready, (paths, years, bids))
        for name in ("share", "child_pence"):
            _check_shape(name, getattr(self, name), (cells, bids))
        for name in ("capital_pence", "running_pence", "places", "least_children", "given"):
            _check_shape(name, getattr(self, name), (bids,))
        for name in ("capital_pence", "running_pence", "otherwise_pence", "child_pence"):
            _check_range(name, getattr(self, name), 0, LARGEST_PENCE)
        _check_range("places", self.places, 1, LARGEST_PLACES)
        _check_range("children", self.children, 0, LARGEST_PLACES)
        _check_range("share", self.share, 0, 1)
        if np.any(self.least_children < 0) or np.any(self.least_children > self.places):
            raise ValueError("least_children: must be from 0 to the bid's places.")
        if np.any(self.capital_pence[self.given] != 0):
            raise ValueError("capital_pence: places that exist already cost no capital.")
        if any(not 0 <= bid < bids for group in self.exclusive for bid in group):
            raise ValueError("exclusive: names a bid that there is not.")
        if any(self.given[list(group)].sum() > 1 for group in self.exclusive):
            raise ValueError("exclusive: two of the bids exist already.")
        if self.budget_pence < 0:
            raise ValueError("budget_pence: must be 0 or more.")
        if not 0 <= self.discount_rate <= 0.2:
            raise ValueError("discount_rate: must be from 0 to 0.2.")

    @property
    def bid_count(self) -> int:
        """B."""
        return len(self.bid_ids)

    @property
    def path_count(self) -> int:
        """S."""
        return int(self.children.shape[0])

    @property
    def year_count(self) -> int:
        """T."""
        return int(self.children.shape[1])

    @cached_property
    def discount(self) -> FloatArray:
        """float64[T]: what a pound of each year counts for."""
        made: FloatArray = (1 + self.discount_rate) ** -np.arange(self.year_count, dtype=np.float64)
        return made

    @cached_property
    def gain_pence(self) -> IntArray:
        """int64[C, B] a year: what a child in the bid costs less than otherwise; 0 where the bid takes none."""
        gain: IntArray = np.where(self.share > 0, self.otherwise_pence[:, None] - self.child_pence, 0)
        return gain

    @cached_property
    def unplaced_pence(self) -> FloatArray:
        """float64[S]: the whole period's discounted cost of each path if no bid took any child."""
        made: FloatArray = (self.children @ self.otherwise_pence).astype(np.float64) @ self.discount
        return made

    def only_path(self, path: int) -> SitingProblem:
        """The same decision with that path known to come."""
        return replace(self, children=self.children[path : path + 1], ready=self.ready[path : path + 1])

    def merged(self) -> SitingProblem:
        """An equal problem with fewer cells: cells alike to every bid are one, those that no bid takes are none.

        What a child costs otherwise is merged into the gain, so `unplaced_pence` differs and costs must be read with
        that of the problem itself. Parts of a cell are rounded to whole children after the merging.
        """
        useful = np.flatnonzero((self.share > 0).any(axis=1))
        traits = np.concatenate([self.gain_pence[useful].astype(np.float64), self.share[useful]], axis=1)
        _, first, of_cell = np.unique(traits, axis=0, return_index=True, return_inverse=True)
        joined = (of_cell.ravel()[:, None] == np.arange(first.size)).astype(np.int64)
        children = self.children[:, :, useful] @ joined
        kept = useful[first]
        return replace(
            self,
            children=children,
            share=self.share[kept],
            child_pence=self.child_pence[kept],
            otherwise_pence=self.otherwise_pence[kept],
        )


def sampled_slips(chance: FloatArray, paths: int, seed: int) -> IntArray:
    """int64[S, B]: by how many years each bid opens late on each path, 0 or 1, with `chance` float64[B] of 1.

    A bid's draws depend on its place in the list and the seed alone, so another bid's chance does not move them.
    """
    draws = np.stack([np.random.default_rng((seed, bid)).random(paths) for bid in range(chance.size)], axis=1)
    late: IntArray = (draws < chance).astype(np.int64)
    return late


def ready_from(first_ready_year: Sequence[int], slips: IntArray, first_year: int, years: int) -> BoolArray:
    """bool[S, T, B] from each bid's first year with its places, were it not late, and how late it is on each path."""
    opens = np.asarray(first_ready_year, dtype=np.int64) + slips
    calendar = np.arange(first_year, first_year + years)
    made: BoolArray = calendar[None, :, None] >= opens[:, None, :]
    return made


def _check_shape(name: str, array: npt.NDArray[np.generic], shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise ValueError(f"{name}: has the shape {array.shape}; {shape} is needed.")


def _check_range(name: str, array: npt.NDArray[np.generic], low: int, high: int) -> None:
    if array.size and not (np.all(array >= low) and np.all(array <= high)):  # type: ignore[operator]
        raise ValueError(f"{name}: must be from {low:,} to {high:,}.")
