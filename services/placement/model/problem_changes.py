"""What makes one problem of another: few numbers, where few cases changed, in place of all options."""

from __future__ import annotations

from dataclasses import dataclass, replace

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
        starts = before.first_option[:-1][self.case_before]
        counts[self.changed] = self.counts
        starts[self.changed] = before.option_count + np.cumsum(self.counts) - self.counts
        rows = _ranges(starts, counts)
        made = PlacementProblem(
            pool_ids=before.pool_ids,
            pool_places=self.pool_places,
            case_ids=case_ids,
            terms=before.terms,
            option_case=np.repeat(np.arange(len(case_ids), dtype=np.int32), counts),
            option_pool=np.concatenate([before.option_pool, self.pools])[rows],
            option_terms=np.concatenate([before.option_terms, self.terms], axis=1)[:, rows],
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
    alike = np.flatnonzero(~known)
    rows = np.flatnonzero(~known[now.option_case])
    were = _ranges(before.first_option[:-1][case_before[alike]], np.diff(now.first_option)[alike])
    other = before.option_pool[were] != now.option_pool[rows]
    for term_before, term in zip(before.option_terms, now.option_terms, strict=True):
        other |= term_before[were] != term[rows]
    found = np.zeros(now.case_count, dtype=np.bool_)
    found[now.option_case[rows[other]]] = True
    return found


def _ranges(starts: IntArray, counts: IntArray) -> IntArray:
    """int64[sum of counts], starts[i], starts[i] + 1, and so on, as many of each as counted, one after another."""
    ends = np.cumsum(counts)
    found: IntArray = np.arange(ends[-1] if ends.size else 0) + np.repeat(starts - (ends - counts), counts)
    return found
