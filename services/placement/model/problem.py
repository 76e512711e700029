"""The placement problem as columns: places, groups, cases, and the options between them.

Everything that the optimiser knows is here, and nothing else: no word of law, money or need. Each option has one
whole number for each term, and the terms are compared in their order, never weighed against one another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from services.placement.model.groups import GroupForest, IndexArray, IntArray, PlaceGroup
from services.placement.model.lots import Seeds, seeds_of

LARGEST_TERM = 10**11
LARGEST_PLACES = 10**9
LARGEST_COUNT = 10**6
UNPLACED = "unplaced"

AnyColumn = npt.NDArray[np.signedinteger]


@dataclass(frozen=True, eq=False)
class PlacementProblem:
    """Which cases may take which pools, and what each such option costs.

    Options are kept in order of case, then pool: given in any other order they are sorted, so that two problems
    which say the same thing hold the same arrays.

    Parameters
    ----------
    pool_ids, case_ids
        Ids, P and K of them, at most a million, each unique. Either may be empty.
    pool_places
        int64[P], places free for these cases, 0 to 10**9.
    terms
        Names of the T terms in their order of importance, each unique; none may be "unplaced", which always leads.
    option_case, option_pool
        int32[A], indices; a pair appears at most once.
    option_terms
        int64[T, A], each from -10**11 to 10**11; less is better.
    groups
        Pools that share a limit.

    Raises
    ------
    ValueError
        Naming the place and stating the rule that it breaks.
    """

    pool_ids: tuple[str, ...]
    pool_places: IntArray
    case_ids: tuple[str, ...]
    terms: tuple[str, ...]
    option_case: IndexArray
    option_pool: IndexArray
    option_terms: IntArray
    groups: GroupForest

    def __post_init__(self) -> None:
        for name in ("pool_places", "option_case", "option_pool", "option_terms"):
            _refuse_fractions(name, getattr(self, name))
        _check_ids(self)
        _check_places(self)
        _check_options(self)
        _sort_options(self)

    @property
    def case_count(self) -> int:
        """K, the number of cases."""
        return len(self.case_ids)

    @property
    def pool_count(self) -> int:
        """P, the number of pools."""
        return len(self.pool_ids)

    @property
    def option_count(self) -> int:
        """A, the number of options."""
        return int(self.option_case.size)

    @property
    def tiers(self) -> tuple[str, ...]:
        """The names "unplaced" and then the terms: the rows of every change and price."""
        return (UNPLACED, *self.terms)

    @cached_property
    def first_option(self) -> IntArray:
        """int64[K + 1]: case k's options are the rows from item k up to, not including, item k + 1."""
        return np.searchsorted(self.option_case, np.arange(self.case_count + 1)).astype(np.int64)

    @cached_property
    def case_seeds(self) -> Seeds:
        """uint64[K], from which with the pool's seed each option's lot is drawn."""
        return seeds_of(self.case_ids)

    @cached_property
    def pool_seeds(self) -> Seeds:
        """uint64[P]."""
        return seeds_of(self.pool_ids)

    def units(self) -> IntArray:
        """Return int64[T + 1], the largest number that divides every value of each tier; 1 for "unplaced".

        Costs are often whole pounds, or hundreds of them: smaller numbers are quicker, and more of them fit in a word.
        """
        return np.array([1, *map(_common_unit, self.option_terms)], dtype=np.int64)

    def largest_changes(self) -> IntArray:
        """Return int64[T + 1], the most by which one move can change each tier; being unplaced is 0 in each term."""
        terms = self.option_terms
        changes = np.maximum(terms.max(axis=1, initial=0), 0) - np.minimum(terms.min(axis=1, initial=0), 0)
        return np.concatenate([[1], changes]).astype(np.int64)


def build_problem(
    *,
    pool_ids: Sequence[str],
    pool_places: Sequence[int] | AnyColumn,
    case_ids: Sequence[str],
    terms: Sequence[str],
    option_case: Sequence[int] | AnyColumn,
    option_pool: Sequence[int] | AnyColumn,
    option_terms: Sequence[Sequence[int]] | AnyColumn,
    groups: Sequence[PlaceGroup] = (),
) -> PlacementProblem:
    """Return the problem with its groups, given as lists of pools, linked; see `PlacementProblem` for the columns."""
    term_rows = np.asarray(option_terms)
    if not term_rows.size:
        term_rows = np.zeros((len(terms), len(option_case)), dtype=np.int64)
    return PlacementProblem(
        pool_ids=tuple(pool_ids),
        pool_places=_column(pool_places, np.int64),
        case_ids=tuple(case_ids),
        terms=tuple(terms),
        option_case=_column(option_case, np.int32),
        option_pool=_column(option_pool, np.int32),
        option_terms=_column(term_rows, np.int64),
        groups=GroupForest.of(groups, len(pool_ids)),
    )


def _column(numbers: npt.ArrayLike, dtype: type[np.signedinteger]) -> npt.NDArray[Any]:
    """Return the numbers in their own type, or as they came if that would change one, for the checks to refuse."""
    column = np.asarray(numbers)
    if column.size == 0:
        return column.astype(dtype)
    limits = np.iinfo(dtype)
    fits = column.dtype.kind in "iu" and column.min() >= limits.min and column.max() <= limits.max
    return column.astype(dtype, copy=False) if fits else column


def _refuse_fractions(name: str, column: npt.NDArray[np.generic]) -> None:
    if not np.issubdtype(column.dtype, np.integer):
        raise ValueError(f"{name}: must hold whole numbers, not {column.dtype}.")


def _common_unit(term: IntArray) -> int:
    """Return the largest number that divides every value, 1 or more: that of the first few, unless it fails others."""
    unit = int(np.gcd.reduce(term[:256]))
    while unit != 1:
        odd = term[term // max(1, unit) * unit != term]
        if not odd.size:
            break
        unit = int(np.gcd(unit, np.gcd.reduce(odd[:256])))
    return max(1, unit)


def _check_ids(problem: PlacementProblem) -> None:
    ids = {"pools": problem.pool_ids, "groups": problem.groups.ids, "cases": problem.case_ids, "terms": problem.terms}
    check_unique(ids)
    for name, listed in ids.items():
        if len(listed) > LARGEST_COUNT:
            raise ValueError(f"{name}: {len(listed)} are more than the {LARGEST_COUNT} for which sums are exact.")
    if UNPLACED in problem.terms:
        index = problem.terms.index(UNPLACED)
        raise ValueError(f'terms[{index}]: "unplaced" always leads and cannot be a term.')


def check_unique(named: Mapping[str, Sequence[str]]) -> None:
    """Refuse a repeat in any list of ids, given by the lists' names."""
    for name, ids in named.items():
        if len(set(ids)) != len(ids):
            index = first_repeat(ids)
            raise ValueError(f"{name}[{index}]: {ids[index]!r} appears twice; every id must be unique.")


def first_repeat(ids: Sequence[str]) -> int:
    """Return the index of the first id that appeared before it; the ids must hold a repeat."""
    first = {one: index for index, one in reversed(list(enumerate(ids)))}
    return next(index for index, one in enumerate(ids) if first[one] != index)


def _check_places(problem: PlacementProblem) -> None:
    for name, places, count in (
        ("pools", problem.pool_places, problem.pool_count),
        ("groups", problem.groups.places, len(problem.groups.ids)),
    ):
        if places.shape != (count,):
            raise ValueError(f"{name}: expected one number of places for each of the {count}.")
        wrong = np.flatnonzero((places < 0) | (places > LARGEST_PLACES))
        if wrong.size:
            at = int(wrong[0])
            raise ValueError(f"{name}[{at}].places: {places[at]} must be from 0 to {LARGEST_PLACES}.")
    if problem.groups.pool_parent.shape != (problem.pool_count,):
        raise ValueError("groups: expected one parent link for each pool.")


def _check_options(problem: PlacementProblem) -> None:
    count = problem.option_count
    if problem.option_terms.shape != (len(problem.terms), count) or problem.option_pool.shape != (count,):
        raise ValueError(
            f"option_terms: has shape {problem.option_terms.shape}; "
            f"expected {len(problem.terms)} terms by {count} options, and as many pools."
        )
    for name, column, size in (
        ("case", problem.option_case, problem.case_count),
        ("pool", problem.option_pool, problem.pool_count),
    ):
        if count and (column.min() < 0 or column.max() >= size):
            at = int(np.flatnonzero((column < 0) | (column >= size))[0])
            raise ValueError(f"options[{at}].{name}: {column[at]} must be an index from 0 to {size - 1}.")
    check_term_range(problem.option_terms)


def check_term_range(option_terms: IntArray) -> None:
    """Refuse a term, int64[T, A], outside the range in which every sum that the model forms is exact."""
    if option_terms.size and max(-int(option_terms.min()), int(option_terms.max())) > LARGEST_TERM:
        at = np.argwhere((option_terms < -LARGEST_TERM) | (option_terms > LARGEST_TERM))[0]
        raise ValueError(
            f"options[{at[1]}].terms[{at[0]}]: {option_terms[at[0], at[1]]} "
            f"must be from -{LARGEST_TERM} to {LARGEST_TERM}."
        )


def _sort_options(problem: PlacementProblem) -> None:
    """Put the options in order of case, then pool, refusing a pair that appears twice."""
    pair = problem.option_case.astype(np.int64) * problem.pool_count + problem.option_pool
    step = np.diff(pair)
    if np.all(step > 0):
        return
    order = np.argsort(pair, kind="stable")
    repeat = np.flatnonzero(np.diff(pair[order]) == 0)
    if repeat.size:
        at = int(order[repeat + 1].min())
        case, pool = problem.case_ids[problem.option_case[at]], problem.pool_ids[problem.option_pool[at]]
        raise ValueError(f"options[{at}]: case {case!r} already has an option in pool {pool!r}.")
    for name in ("option_case", "option_pool"):
        object.__setattr__(problem, name, getattr(problem, name)[order])
    object.__setattr__(problem, "option_terms", problem.option_terms[:, order])
