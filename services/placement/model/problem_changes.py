"""What makes one problem of another: few numbers, where few cases changed, in place of all options."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from services.placement.model.groups import IndexArray, IntArray
from services.placement.model.lexicographic import BoolArray
from services.placement.model.lots import seeds_of
from services.placement.model.problem import PlacementProblem


@dataclass(frozen=True, eq=False)
class ProblemChanges:
    """Changes from a problem to one with the same pools, groups and terms.

    Parameters
    ----------
    case_before
        int32[K], the row that each case had; -1 for a new one.
    new_ids
        Ids of the new cases, in order.
    changed
        bool[K], whether a case is new or has other options than it had.
    counts, pools, terms
        The options of the changed cases, one case after another: int64[c] how many each has, int32[n] and int64[T, n].
    pool_places, group_places
        int64[P] and int64[G], all places as they are now.
    """

    case_before: IndexArray
    new_ids: tuple[str, ...]
    changed: BoolArray
    counts: IntArray
    pools: IndexArray
    terms: IntArray
    pool_places: IntArray
    group_places: IntArray

    def made_to(self, before: PlacementProblem) -> PlacementProblem:
        """The problem that these changes make of the one before."""
        new_ids = iter(self.new_ids)
        case_ids = tuple(before.case_ids[row] if row >= 0 else next(new_ids) for row in self.case_before.tolist())
        counts = np.diff(before.first_option)[self.case_before]
        counts[self.changed] = self.counts
        own_first = np.append(0, np.cumsum(self.counts))
        own_row: IntArray = np.cumsum(self.changed) - self.changed
        pools, terms = [before.option_pool[:0]], [before.option_terms[:, :0]]
        for first, stop in _runs(self.changed, self.case_before):
            if self.changed[first]:
                rows = slice(int(own_first[own_row[first]]), int(own_first[own_row[stop - 1] + 1]))
                pools.append(self.pools[rows])
                terms.append(self.terms[:, rows])
            else:
                rows = _rows_of(before, self.case_before[first], self.case_before[stop - 1])
                pools.append(before.option_pool[rows])
                terms.append(before.option_terms[:, rows])
        made = PlacementProblem(
            pool_ids=before.pool_ids,
            pool_places=self.pool_places,
            case_ids=case_ids,
            terms=before.terms,
            option_case=np.repeat(np.arange(len(case_ids), dtype=np.int32), counts),
            option_pool=np.concatenate(pools),
            option_terms=np.concatenate(terms, axis=1),
            groups=replace(before.groups, places=self.group_places),
        )
        seeds = before.case_seeds[self.case_before]
        seeds[self.case_before < 0] = seeds_of(self.new_ids)
        made.__dict__.update(case_seeds=seeds, pool_seeds=before.pool_seeds)
        return made


def changes_between(before: PlacementProblem, now: PlacementProblem) -> ProblemChanges | None:
    """What makes `now` of `before`; None where they have other pools, groups or terms, or nothing to go by."""
    if (before.pool_ids, before.terms, before.groups.ids) != (now.pool_ids, now.terms, now.groups.ids):
        return None
    links = ((before.groups.parent, now.groups.parent), (before.groups.pool_parent, now.groups.pool_parent))
    if not before.option_count or not all(np.array_equal(one, other) for one, other in links):
        return None
    rows = {case_id: row for row, case_id in enumerate(before.case_ids)}
    case_before = np.array([rows.get(case_id, -1) for case_id in now.case_ids], dtype=np.int32)
    changed = (case_before < 0) | (np.diff(before.first_option)[case_before] != np.diff(now.first_option))
    changed |= _differ(before, now, case_before, changed)
    own = changed[now.option_case]
    return ProblemChanges(
        case_before=case_before,
        new_ids=tuple(now.case_ids[row] for row in np.flatnonzero(case_before < 0)),
        changed=changed,
        counts=np.diff(now.first_option)[changed],
        pools=now.option_pool[own],
        terms=now.option_terms[:, own],
        pool_places=now.pool_places,
        group_places=now.groups.places,
    )


def _differ(before: PlacementProblem, now: PlacementProblem, case_before: IndexArray, known: BoolArray) -> BoolArray:
    """bool[K], of the cases not known to have changed, which have as many options as they had: whether any differs."""
    found = np.zeros(now.case_count, dtype=np.bool_)
    for first, stop in _runs(known, case_before):
        if not known[first]:
            was, rows = _rows_of(before, case_before[first], case_before[stop - 1]), _rows_of(now, first, stop - 1)
            other = before.option_pool[was] != now.option_pool[rows]
            for term_before, term in zip(before.option_terms, now.option_terms, strict=True):
                other |= term_before[was] != term[rows]
            found[now.option_case[rows][other]] = True
    return found


def _runs(changed: BoolArray, case_before: IndexArray) -> Iterator[tuple[int, int]]:
    """First rows, and rows after the last, of cases in a row that all changed, or all followed one another before."""
    if changed.size:
        breaks = (changed[1:] != changed[:-1]) | (~changed[1:] & (np.diff(case_before) != 1))
        ends = [0, *(np.flatnonzero(breaks) + 1).tolist(), changed.size]
        yield from pairwise(ends)


def _rows_of(problem: PlacementProblem, first: int, last: int) -> slice:
    """The rows of the options of cases one after another."""
    return slice(int(problem.first_option[first]), int(problem.first_option[last + 1]))
