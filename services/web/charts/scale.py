"""Round numbers for an axis, and where a value lies on it."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10

NO_SPREAD = 1e-9
"""Less than this between the least and the greatest value shows as one line; no amount of ours is so small."""


@dataclass(frozen=True)
class Scale:
    """Values from `low` to `high` along pixels from `start` to `end`; `ticks` are round."""

    low: float
    high: float
    ticks: tuple[float, ...]
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a value lies."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def scale_for(values: list[float], start: float, end: float, most_ticks: int = 6) -> Scale:
    """A scale that holds 0 and every value, with ticks at 1, 2 or 5 times a power of ten."""
    low, high = min(0.0, *values), max(0.0, *values)
    if high - low < NO_SPREAD:
        high = low + 1
    step = _round_step((high - low) / (most_ticks - 1))
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    ticks = tuple(number * step for number in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks, start, end)


def _round_step(rough: float) -> float:
    power: float = 10.0 ** floor(log10(rough))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * (1 - 1e-9))
