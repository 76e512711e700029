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
    at_most, at_least
        The target; None where there is none.
    note
        Why it is behind, or what the reader must know.
    headline
        A sentence for the summary of the page, with `{}` where the figure goes; "" for what is told in its table alone.
    """

    target: str
    what: str
    values: Sequence[float]
    unit: str = ""
    at_most: float | None = None
    note: str = ""
    headline: str = ""
    at_least: float | None = None

    @property
    def middle(self) -> float:
        """The median."""
        return statistics.median(self.values)

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.at_most is None and self.at_least is None:
            return None
        return self.middle <= (math.inf if self.at_most is None else self.at_most) and self.middle >= (
            -math.inf if self.at_least is None else self.at_least
        )

    @property
    def measured(self) -> str:
        """The middle with its unit."""
        return f"{short(self.middle)} {self.unit}".rstrip()

    @property
    def wanted(self) -> str:
        """The target in words, "" for none."""
        most = "" if self.at_most is None else f"at most {short(self.at_most)}"
        return most if self.at_least is None else f"at least {short(self.at_least)}"

    def cells(self) -> list[str]:
        """The table's cells."""
        low, high = min(self.values), max(self.values)
        spread = f"{short(low)} to {short(high)}" if len(self.values) > 1 else ""
        verdict = {None: "", True: "met", False: "**behind**"}[self.met]
        repeats = str(len(self.values))
        return [self.target, self.what, self.measured, spread, repeats, self.wanted, verdict, self.note]


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


def short(value: float) -> str:
    """A number as people read it: three figures, or whole from 100."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
