"""The optimum by HiGHS, a solver of another family, one tier after the other; no tier is ever weighed with another.

Twice over, by methods that share nothing. As an integer programme each tier settled becomes a row which later plans may
not exceed: it uses no theory at all, and does for small instances. As a linear programme each tier settled leaves the
face of plans that are best so far, which the prices of that tier describe: it does for large ones.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt

from tests.builders.instances import Instance

Totals = tuple[int, ...]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
LARGEST_EXACT = 10**9
"""The largest term for which a sum of a few is told from the next whole number by a solver in doubles."""


class TookTooLongError(Exception):
    """HiGHS did not finish in the seconds given."""


@dataclass(frozen=True)
class Rows:
    """An instance as an integer programme: a column for each option, which is 1 where it is taken.

    Parameters
    ----------
    tiers
        int64[T + 1, A], what taking each option adds to each tier: minus one case unplaced, and its terms.
    start, column
        int64[r + 1], int64[n]: the columns of each row, one row a case, then a pool, then a group.
    limit
        float64[r], how many of them may be taken at most.
    """

    tiers: IntArray
    start: IntArray
    column: IntArray
    limit: FloatArray

    @classmethod
    def of(cls, instance: Instance) -> Rows:
        """Return the rows of an instance."""
        case, pool = (np.array([option[at] for option in instance.options], dtype=np.int64) for at in (0, 1))
        terms = np.zeros((case.size, instance.term_count), dtype=np.int64)
        terms[:] = [terms for _, _, terms in instance.options] or 0
        members = [
            *(np.flatnonzero(case == one) for one in range(len(instance.case_ids))),
            *(np.flatnonzero(pool == one) for one in range(len(instance.places))),
            *(np.flatnonzero(np.isin(pool, pools)) for pools, _ in instance.groups),
        ]
        limits = [*(1 for _ in instance.case_ids), *instance.places, *(places for _, places in instance.groups)]
        return cls(
            tiers=np.concatenate([np.full((1, case.size), -1), terms.T]),
            start=np.cumsum([0, *map(len, members)]),
            column=np.concatenate([np.zeros(0, np.int64), *members]),
            limit=np.array(limits, dtype=np.float64),
        )


def optimum_by_rows(instance: Instance, forced: Mapping[int, int] | None = None) -> Totals | None:
    """Return cases unplaced and each term's total, by integer programmes; None where no plan has the forced pools."""
    rows = Rows.of(instance)
    must = np.array([(forced or {}).get(case) == pool for case, pool, _ in instance.options], dtype=np.float64)
    if must.sum() < len(forced or {}):
        return None
    engine, columns = _engine(rows, must, whole=True), np.arange(must.size)
    totals = [len(instance.case_ids), *(0,) * instance.term_count]
    for tier, cost in enumerate(rows.tiers if columns.size else ()):
        engine.changeColsCost(columns.size, columns, cost.astype(np.float64))
        if not _run(engine):
            return None
        taken = np.asarray(engine.getSolution().col_value) > 0.5
        totals[tier] += (best := int(cost[taken].sum()))
        engine.addRow(-np.inf, best + 0.5, columns.size, columns, cost.astype(np.float64))
    return tuple(totals)


def optimum_by_faces(instance: Instance, seconds: float) -> Totals:
    """Return cases unplaced and each term's total, by linear programmes. Raises TookTooLongError after `seconds`."""
    rows, until = Rows.of(instance), time.monotonic() + seconds
    count = rows.tiers.shape[1]
    engine = _engine(rows, np.zeros(count), whole=False)
    engine.setOptionValue("solver", "ipm")  # at an authority's size a third of what the simplex method takes
    for cost in rows.tiers if count else ():
        engine.changeColsCost(count, np.arange(count), cost.astype(np.float64))
        engine.setOptionValue("time_limit", engine.getRunTime() + until - time.monotonic())
        if not _run(engine):
            raise AssertionError("It is always possible to place nobody.")
        _keep_face(engine, rows)
    values = np.asarray(engine.getSolution().col_value)
    if np.abs(values - values.round()).max(initial=0) > 1e-6:
        raise AssertionError("HiGHS ended between corners.")
    totals = rows.tiers[:, values > 0.5].sum(axis=1)
    return (len(instance.case_ids) + int(totals[0]), *totals[1:].tolist())


def _engine(rows: Rows, must: FloatArray, *, whole: bool) -> highspy.Highs:
    """Return HiGHS with the rows; in a whole plan every option is taken or not, else it may be in part."""
    engine = highspy.Highs()  # type: ignore[no-untyped-call]
    options = {"output_flag": False, "threads": 1, "random_seed": 1, "mip_rel_gap": 0.0, "mip_abs_gap": 0.0}
    for option, value in options.items():
        engine.setOptionValue(option, value)
    count, free = must.size, np.ones(must.size)
    engine.addVars(count, must, free if whole else np.full(count, np.inf))
    if whole:
        kinds = np.full(count, highspy.HighsVarType.kInteger)
        engine.changeColsIntegrality(count, np.arange(count), kinds)
    limits, starts = rows.limit, rows.start[:-1]
    engine.addRows(
        limits.size,
        np.full(limits.size, -np.inf),
        limits,
        rows.column.size,
        starts,
        rows.column,
        np.ones(rows.column.size),
    )
    return engine


def _run(engine: highspy.Highs) -> bool:
    """Return whether there is an optimum; there is none where a forced place does not exist."""
    engine.run()
    status = engine.getModelStatus()
    if status == highspy.HighsModelStatus.kTimeLimit:
        raise TookTooLongError
    if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible):
        raise AssertionError(engine.modelStatusToString(status))
    return bool(status == highspy.HighsModelStatus.kOptimal)


def _keep_face(engine: highspy.Highs, rows: Rows) -> None:
    """Leave only the plans as good as this one: an option with a price stays untaken, a limit with a price full.

    All prices are whole numbers, as places and cases make a network; so half of one tells them from nothing.
    """
    solution = engine.getSolution()
    dear = np.flatnonzero(np.abs(solution.col_dual) > 0.5)
    full = np.flatnonzero(np.abs(solution.row_dual) > 0.5)
    engine.changeColsBounds(dear.size, dear, np.zeros(dear.size), np.zeros(dear.size))
    for row in full.tolist():
        engine.changeRowBounds(row, rows.limit[row], rows.limit[row])
