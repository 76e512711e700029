"""One change to a placement problem: what a panel changes between two plans.

Only what changes is checked again, and the columns are spliced, so that an edit costs far less than building anew.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from services.placement.model.groups import IndexArray, IntArray
from services.placement.model.lots import seeds_of
from services.placement.model.problem import LARGEST_PLACES, PlacementProblem, check_term_range


@dataclass(frozen=True, eq=False)
class CaseOptions:
    """The options of one case.

    Parameters
    ----------
    pools
        int32[n], each pool at most once, in any order.
    terms
        int64[T, n].
    """

    pools: IndexArray
    terms: IntArray


def with_options(problem: PlacementProblem, case: int, options: CaseOptions) -> PlacementProblem:
    """Return the problem in which a case has these options instead of its own."""
    return _spliced(problem, case, case + 1, problem.case_ids, _checked(problem, options))


def with_case(problem: PlacementProblem, case_id: str, options: CaseOptions) -> PlacementProblem:
    """Return the problem with one more case, the last."""
    if case_id in problem.case_ids:
        raise ValueError(f"cases: {case_id!r} is a case already; every id must be unique.")
    last = problem.case_count
    return _spliced(problem, last, last, (*problem.case_ids, case_id), _checked(problem, options))


def without_case(problem: PlacementProblem, case: int) -> PlacementProblem:
    """Return the problem without a case; the cases after it move up by one."""
    case_ids = problem.case_ids[:case] + problem.case_ids[case + 1 :]
    return _spliced(problem, case, case + 1, case_ids, None)


def with_places(problem: PlacementProblem, pool: int, places: int) -> PlacementProblem:
    """Return the problem in which a pool has so many places."""
    if not 0 <= places <= LARGEST_PLACES:
        raise ValueError(f"pools[{pool}].places: {places} must be from 0 to {LARGEST_PLACES}.")
    pool_places = problem.pool_places.copy()
    pool_places[pool] = places
    return _with_columns(problem, pool_places=pool_places)


def with_all_places(problem: PlacementProblem, pool_places: IntArray, group_places: IntArray) -> PlacementProblem:
    """Return the problem in which all pools, int64[P], and groups, int64[G], have these places."""
    for name, places in (("pools", pool_places), ("groups", group_places)):
        if places.size and not 0 <= places.min() <= places.max() <= LARGEST_PLACES:
            raise ValueError(f"{name}: places must be from 0 to {LARGEST_PLACES}.")
    return _with_columns(problem, pool_places=pool_places, groups=replace(problem.groups, places=group_places))


def _checked(problem: PlacementProblem, options: CaseOptions) -> CaseOptions:
    """Return the options in order of pool, refusing a pool unknown or repeated, and terms out of range."""
    pools, terms = np.asarray(options.pools, dtype=np.int32), np.asarray(options.terms, dtype=np.int64)
    if terms.shape != (len(problem.terms), pools.size):
        raise ValueError(f"options: {terms.shape} terms; expected {len(problem.terms)} by {pools.size} options.")
    if pools.size and (pools.min() < 0 or pools.max() >= problem.pool_count):
        raise ValueError(f"options: every pool must be an index from 0 to {problem.pool_count - 1}.")
    order = np.argsort(pools, kind="stable")
    if (np.diff(pools[order]) == 0).any():
        raise ValueError("options: a case has at most one option in each pool.")
    check_term_range(terms)
    return CaseOptions(pools[order], terms[:, order])


def _spliced(
    problem: PlacementProblem, first_case: int, next_case: int, case_ids: tuple[str, ...], options: CaseOptions | None
) -> PlacementProblem:
    """Return the problem with the options of cases first_case to next_case - 1 replaced by one case's, or none's."""
    first, stop = int(problem.first_option[first_case]), int(problem.first_option[next_case])
    given = options or CaseOptions(np.zeros(0, np.int32), np.zeros((len(problem.terms), 0), np.int64))
    moved_up = len(case_ids) - problem.case_count
    own = np.full(given.pools.size, first_case, dtype=np.int32)
    edited = _with_columns(
        problem,
        case_ids=case_ids,
        option_case=np.concatenate([problem.option_case[:first], own, problem.option_case[stop:] + np.int32(moved_up)]),
        option_pool=np.concatenate([problem.option_pool[:first], given.pools, problem.option_pool[stop:]]),
        option_terms=np.concatenate(
            [problem.option_terms[:, :first], given.terms, problem.option_terms[:, stop:]], axis=1
        ),
    )
    own_end = np.array([first + given.pools.size] if options is not None else [], dtype=np.int64)
    after = problem.first_option[next_case + 1 :] + given.pools.size - (stop - first)
    edited.__dict__["first_option"] = np.concatenate([problem.first_option[: first_case + 1], own_end, after])
    seeds = [problem.case_seeds[:first_case], seeds_of(case_ids[first_case : first_case + len(own_end)])]
    edited.__dict__["case_seeds"] = np.concatenate([*seeds, problem.case_seeds[next_case:]])
    return edited


def _with_columns(problem: PlacementProblem, **columns: object) -> PlacementProblem:
    """Return a copy with these columns, which are known to be right, in place of its own."""
    edited = object.__new__(PlacementProblem)
    for column in fields(PlacementProblem):
        object.__setattr__(edited, column.name, columns.get(column.name, getattr(problem, column.name)))
    for known in ("first_option", "case_seeds", "pool_seeds"):
        edited.__dict__[known] = getattr(problem, known)
    return edited
