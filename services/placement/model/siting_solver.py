"""HiGHS, the engine of siting. Nothing else knows it.

One thread, one seed, so that the same programme gives the same answer on any machine. It runs beside the thread that
asked, which stays free to show progress and to be stopped with Ctrl-C.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from services.placement.model.siting_columns import THOUSAND_POUNDS, Columns
from services.placement.model.siting_problem import FloatArray

HALF_A_PENNY = 0.5 / THOUSAND_POUNDS
WAIT_SECONDS = 0.1
TELL_SECONDS = 0.2
OPTIONS: dict[str, Any] = {
    "output_flag": False,
    "threads": 1,
    "parallel": "off",
    "random_seed": 0,
    "mip_abs_gap": HALF_A_PENNY,
    "mip_feasibility_tolerance": 1e-7,
}


@dataclass(frozen=True)
class Found:
    """What the engine found: the columns' values, their cost, and a cost that none is below, in thousands of pounds."""

    values: FloatArray
    cost: float
    bound: float
    seconds: float


@dataclass(frozen=True)
class Standing:
    """Where the engine is: the best cost so far (infinite before the first), and a cost that none is below."""

    seconds: float
    cost: float
    bound: float


Watch = Callable[[Standing], None]


class _Quiet(highspy.Highs):
    """The engine without its banner, which it prints while it is made, into the answer on standard output."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def enableCallbacks(self) -> None:  # noqa: N802  # the engine's own name
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def quiet_engine() -> highspy.Highs:
    """An engine of one thread and a fixed seed, without output."""
    engine = _Quiet()
    for option, value in OPTIONS.items():
        engine.setOptionValue(option, value)
    return engine


class Engine:
    """One programme, solved again after a row more or other bounds."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._engine = quiet_engine()
        self._engine.passModel(_model(columns))

    def fix(self, column: int, value: int) -> None:
        """Hold a column at a value."""
        self._engine.changeColBounds(column, float(value), float(value))

    def at_least(self, least: float, columns: list[int], values: list[float]) -> None:
        """Add a row: `values @ v[columns] >= least`."""
        index = np.array(columns, dtype=np.int32)
        self._engine.addRow(least, highspy.kHighsInf, index.size, index, np.array(values, dtype=np.float64))

    def solve(self, gap: float, seconds: float | None = None, watch: Watch | None = None) -> Found | None:
        """The least cost, proven to within `gap` of it, or the best found in time; None if no values are possible.

        Raises KeyboardInterrupt, once the engine has stopped, when the person wants no more.
        """
        self._engine.setOptionValue("mip_rel_gap", gap)
        limit = highspy.kHighsInf if seconds is None else self._engine.getRunTime() + seconds
        self._engine.setOptionValue("time_limit", limit)
        began = self._engine.getRunTime()
        if self._columns.cost.size:
            self._run(watch)
        return self._found(began)

    def _run(self, watch: Watch | None) -> None:
        engine = self._engine
        engine.HandleUserInterrupt = True
        if watch:
            engine.cbMipInterrupt.subscribe(_seldom(watch))
        try:
            thread = engine.startSolve()
            try:
                while thread.is_alive():
                    thread.join(WAIT_SECONDS)
            except KeyboardInterrupt:
                engine.cancelSolve()  # type: ignore[no-untyped-call]
                thread.join()
                raise
        finally:
            engine.HandleUserInterrupt = False
            engine.clearCallbacks()  # type: ignore[no-untyped-call]

    def _found(self, began: float) -> Found | None:
        engine, status = self._engine, self._engine.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        info = engine.getInfo()
        values = np.asarray(engine.getSolution().col_value, dtype=np.float64)
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            raise TimeoutError("No set was found in the time given; give it more.")
        cost = float(self._columns.cost @ values)
        bound = float(info.mip_dual_bound) if self._columns.whole else cost
        return Found(values, cost, min(bound, cost), engine.getRunTime() - began)


def _model(columns: Columns) -> highspy.HighsLp:
    """The programme as the engine takes it, whole arrays at a time."""
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = columns.cost.size, columns.low.size
    model.col_cost_, model.col_lower_, model.col_upper_ = columns.cost, np.zeros(columns.cost.size), columns.upper
    model.row_lower_, model.row_upper_ = columns.low, columns.high
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.num_col_, matrix.num_row_ = model.num_col_, model.num_row_
    matrix.start_, matrix.index_, matrix.value_ = columns.start, columns.index, columns.value
    whole, part = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    model.integrality_ = [whole] * columns.whole + [part] * (columns.cost.size - columns.whole)
    return model


def _seldom(watch: Watch) -> Callable[[Any], None]:
    """The engine asks hundreds of times a second whether to go on; the person is told a few times."""
    told = -TELL_SECONDS

    def tell(event: Any) -> None:
        nonlocal told
        standing = event.data_out
        if standing.running_time >= told + TELL_SECONDS:
            told = standing.running_time
            watch(Standing(told, standing.mip_primal_bound, standing.mip_dual_bound))

    return tell
