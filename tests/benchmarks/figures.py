"""What a benchmark found: a figure with its spread, against its target."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

AnswerT = TypeVar("AnswerT")


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Parameters
    ----------
    target
        Its number in the list of targets, "" for what is told for the reader alone.
    what
        What was measured, in words.
    values
        One for each repeat, or samples; the middle one is the figure.
    unit
        Such as "x echo", "s", "ms", "MB"; "" for a pure number.
    at_most
        The target; None where there is none.
    note
        Why it is behind, or what the reader must know.
    """

    target: str
    what: str
    values: Sequence[float]
    unit: str = ""
    at_most: float | None = None
    note: str = ""

    @property
    def middle(self) -> float:
        """The median."""
        return statistics.median(self.values)

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        return None if self.at_most is None else self.middle <= self.at_most

    def cells(self) -> list[str]:
        """The table's cells."""
        low, high = min(self.values), max(self.values)
        spread = f"{_short(low)} to {_short(high)}" if len(self.values) > 1 else ""
        wanted = "" if self.at_most is None else f"at most {_short(self.at_most)}"
        verdict = {None: "", True: "met", False: "**behind**"}[self.met]
        measured = f"{_short(self.middle)} {self.unit}".rstrip()
        return [self.target, self.what, measured, spread, str(len(self.values)), wanted, verdict, self.note]


def percentile(samples: Sequence[float], percent: float) -> float:
    """The sample below which `percent` of them lie."""
    return sorted(samples)[min(len(samples) - 1, int(len(samples) * percent / 100))]


def timed(work: Callable[[], AnswerT]) -> tuple[float, AnswerT]:
    """Seconds, and what the work gave."""
    began = time.perf_counter()
    answer = work()
    return time.perf_counter() - began, answer


def growth_exponent(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """The slope of log time over log size, by least squares: 1 is linear."""
    slope, _ = statistics.linear_regression([math.log(s) for s in sizes], [math.log(t) for t in seconds])
    return slope


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
