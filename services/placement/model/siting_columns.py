"""The siting problem written out as one mixed-integer programme: columns and rows, money in thousands of pounds.

Minimise capital and expected running cost less what children in the bids save; constants are left out, so the least
value is the greatest net saving with its sign turned.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.placement.model.siting_problem import FloatArray, IntArray, SitingProblem

THOUSAND_POUNDS = 100_000
"""Pence. Amounts near 1 keep the engine's tolerances, which are absolute, far below a penny a path."""


@dataclass(frozen=True, eq=False)
class Columns:
    """A programme: minimise `cost @ v`, `low <= A v <= high`, `0 <= v <= upper`, the first `whole` columns whole.

    Columns: one for each bid; one for each unit, path and year in which it may run; one for each arc, the children of
    a cell that a bid takes in a year of a path. A is sparse by rows: `start`, `index`, `value`. `arc_path` and the like
    say what each arc is, `run_path` and the like what each run.
    """

    cost: FloatArray
    upper: FloatArray
    whole: int
    low: FloatArray
    high: FloatArray
    start: IntArray
    index: IntArray
    value: FloatArray
    run_path: IntArray
    run_year: IntArray
    run_bid: IntArray
    arc_path: IntArray
    arc_year: IntArray
    arc_cell: IntArray
    arc_bid: IntArray


class _Rows:
    """Rows gathered block by block: where each entry stands, its value, and the limits."""

    def __init__(self) -> None:
        self.count = 0
        self.row: list[IntArray] = []
        self.column: list[IntArray] = []
        self.value: list[FloatArray] = []
        self.low: list[FloatArray] = []
        self.high: list[FloatArray] = []

    def add(self, low: FloatArray, high: FloatArray, *entries: tuple[IntArray, IntArray, FloatArray]) -> None:
        """Add a block of rows, and its entries as (row within the block, column, value)."""
        for row, column, value in entries:
            self.row.append(row + self.count)
            self.column.append(column)
            self.value.append(np.broadcast_to(np.asarray(value, dtype=np.float64), column.shape))
        self.low.append(low)
        self.high.append(high)
        self.count += low.size

    def sorted_by_row(self) -> tuple[IntArray, IntArray, FloatArray]:
        """`start`, `index`, `value`."""
        row = np.concatenate(self.row)
        order = np.argsort(row, kind="stable")
        start = np.zeros(self.count + 1, dtype=np.int64)
        np.cumsum(np.bincount(row, minlength=self.count), out=start[1:])
        return start, np.concatenate(self.column)[order], np.concatenate(self.value)[order]


def columns_of(problem: SitingProblem) -> Columns:
    """Write the problem out. Merge its cells first: it is equal then, and smaller."""
    least = problem.least_children
    most = np.rint(problem.share * problem.children[..., None]).astype(np.int64)  # [S, T, C, B]
    worth = (problem.gain_pence > 0) | (least > 0)
    arc_path, arc_year, arc_cell, arc_bid = np.nonzero((most > 0) & problem.ready[:, :, None, :] & worth)
    run_path, run_year, run_bid = _runs(problem, arc_path, arc_year, arc_bid)
    bids, runs, arcs = problem.bid_count, run_bid.size, arc_bid.size
    run_column, arc_column = bids + np.arange(runs), bids + runs + np.arange(arcs)

    weight = problem.discount / problem.path_count
    steady = np.where(least > 0, 0.0, np.einsum("stb,t->b", problem.ready, weight) * problem.running_pence)
    cost = np.concatenate(
        [
            problem.capital_pence + steady,
            weight[run_year] * problem.running_pence[run_bid],
            -weight[arc_year] * problem.gain_pence[arc_cell, arc_bid],
        ]
    )
    upper = np.concatenate([np.ones(bids + runs), most[arc_path, arc_year, arc_cell, arc_bid]])

    rows = _Rows()
    _budget(rows, problem)
    _exclusive(rows, problem)
    _places(rows, problem, (arc_path, arc_year, arc_bid), arc_column, (run_path, run_year, run_bid), run_column)
    _children(rows, problem, (arc_path, arc_year, arc_cell), arc_column, upper[bids + runs :])
    start, index, value = rows.sorted_by_row()
    return Columns(
        cost=cost / THOUSAND_POUNDS,
        upper=upper,
        whole=bids + runs,
        low=np.concatenate(rows.low),
        high=np.concatenate(rows.high),
        start=start,
        index=index,
        value=value,
        run_path=run_path,
        run_year=run_year,
        run_bid=run_bid,
        arc_path=arc_path,
        arc_year=arc_year,
        arc_cell=arc_cell,
        arc_bid=arc_bid,
    )


def _runs(problem: SitingProblem, path: IntArray, year: IntArray, bid: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Path, year and bid of each year in which a bid with a least number of children may run."""
    may = np.zeros(problem.ready.shape, dtype=np.bool_)
    may[path, year, bid] = True
    found_path, found_year, found_bid = np.nonzero(may & (problem.least_children > 0))
    return found_path, found_year, found_bid


def _budget(rows: _Rows, problem: SitingProblem) -> None:
    bids = np.arange(problem.bid_count)
    budget = np.array([problem.budget_pence / THOUSAND_POUNDS])
    rows.add(np.array([-np.inf]), budget, (np.zeros_like(bids), bids, problem.capital_pence / THOUSAND_POUNDS))


def _exclusive(rows: _Rows, problem: SitingProblem) -> None:
    for group in problem.exclusive:
        members = np.array(sorted(set(group)), dtype=np.int64)
        rows.add(np.array([-np.inf]), np.ones(1), (np.zeros_like(members), members, np.ones(members.size)))


def _places(
    rows: _Rows,
    problem: SitingProblem,
    arc: tuple[IntArray, IntArray, IntArray],
    arc_column: IntArray,
    run: tuple[IntArray, IntArray, IntArray],
    run_column: IntArray,
) -> None:
    """In each year of a path a funded bid takes up to its places; a unit none, or from its least to its places."""
    key, row_of_arc = np.unique(np.ravel_multi_index(arc, problem.ready.shape), return_inverse=True)
    bid = key % problem.bid_count
    column = bid.copy()  # what opens the places: the bid, or the unit's run
    is_run = problem.least_children[bid] > 0
    column[is_run] = run_column[np.searchsorted(np.ravel_multi_index(run, problem.ready.shape), key[is_run])]
    count, arcs = np.arange(key.size), np.ones(arc_column.size)
    none, no_limit = np.zeros(key.size), np.full(key.size, -np.inf)
    rows.add(no_limit, none, (row_of_arc, arc_column, arcs), (count, column, -problem.places[bid].astype(np.float64)))

    ran = np.flatnonzero(is_run)
    of_run = np.full(key.size, -1)
    of_run[ran] = np.arange(ran.size)
    taken = of_run[row_of_arc] >= 0
    least = -problem.least_children[bid[ran]].astype(np.float64)
    each = np.arange(ran.size)
    rows.add(
        np.zeros(ran.size),
        np.full(ran.size, np.inf),
        (of_run[row_of_arc[taken]], arc_column[taken], arcs[taken]),
        (each, column[ran], least),
    )
    ones = np.ones(run_column.size)
    runs = np.arange(run_column.size)
    rows.add(np.full(runs.size, -np.inf), np.zeros(runs.size), (runs, run_column, ones), (runs, run[2], -ones))


def _children(
    rows: _Rows, problem: SitingProblem, arc: tuple[IntArray, IntArray, IntArray], column: IntArray, most: FloatArray
) -> None:
    """The bids take no more of a cell together than there are; a row only where their own limits do not see to it."""
    key, row_of_arc = np.unique(np.ravel_multi_index(arc, problem.children.shape), return_inverse=True)
    there = problem.children.reshape(-1)[key].astype(np.float64)
    binds = np.bincount(row_of_arc, weights=most, minlength=key.size) > there
    row = np.cumsum(binds) - 1
    kept = binds[row_of_arc]
    rows.add(
        np.full(int(binds.sum()), -np.inf), there[binds], (row[row_of_arc[kept]], column[kept], np.ones(kept.sum()))
    )
