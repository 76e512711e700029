"""What a part of the benchmarks may find beside single figures, and how all of it is kept as JSON."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.benchmarks.figures import Figure, growth_exponent


@dataclass(frozen=True)
class Race:
    """Another solver beside the core, on one size of problem.

    Parameters
    ----------
    size, cases, options
        The problem.
    rival, licence, form
        Who, and what the problem is to it.
    core_seconds, rival_seconds
        In turn, one of each; the rival's are empty where none of its solves ended well.
    limit_seconds
        After which a solve was stopped.
    failed
        Why there is no time, "" where there is one.
    """

    size: str
    cases: int
    options: int
    rival: str
    licence: str
    form: str
    core_seconds: Sequence[float]
    rival_seconds: Sequence[float]
    limit_seconds: float
    failed: str = ""

    @property
    def ratios(self) -> list[float]:
        """The rival's time in the core's, turn by turn; above 1 the core is the quicker."""
        return [theirs / ours for ours, theirs in zip(self.core_seconds, self.rival_seconds, strict=False)]

    @property
    def least_ratio(self) -> float | None:
        """What the ratio is above, where the rival was stopped at its limit; else None."""
        stopped = self.failed.startswith(NOT_IN) and not self.rival_seconds
        return self.limit_seconds / statistics.median(self.core_seconds) if stopped else None


@dataclass(frozen=True)
class Curve:
    """How a part's time grows.

    Parameters
    ----------
    group
        What curves are drawn together: "optimiser" or "plan".
    what
        The part, in words.
    sizes
        Cases, ascending.
    seconds
        For each size, one for each repeat.
    fitted_from
        The least size that the exponent is fitted over: below it, what a call costs at any size hides the growth.
    beside
        A size and its seconds that are drawn but not fitted, such as a nation that is many problems.
    """

    group: str
    what: str
    sizes: Sequence[int]
    seconds: Sequence[Sequence[float]]
    fitted_from: int = 0
    beside: Sequence[float] = ()

    @property
    def exponents(self) -> list[float]:
        """The fitted exponent, repeat by repeat."""
        at = [index for index, size in enumerate(self.sizes) if size >= self.fitted_from]
        turns = min(len(self.seconds[index]) for index in at)
        sizes = [self.sizes[index] for index in at]
        return [growth_exponent(sizes, [self.seconds[index][turn] for index in at]) for turn in range(turns)]

    @property
    def middles(self) -> list[float]:
        """The median of each size."""
        return [statistics.median(found) for found in self.seconds]


@dataclass(frozen=True)
class Breakdown:
    """A whole and its parts, such as the seconds of a plan or the megabytes of its processes.

    Parameters
    ----------
    what
        The whole, in words.
    parts
        By name, one for each repeat, in the order that they are shown.
    whole
        One for each repeat; what parts leave of it is shown as not attributed. Empty where the parts are all.
    unit
        Of both.
    drawn
        Whether the picture of where time goes has a bar of it.
    """

    what: str
    parts: Mapping[str, Sequence[float]]
    whole: Sequence[float] = ()
    unit: str = "s"
    drawn: bool = False
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def middles(self) -> dict[str, float]:
        """The median of each part, with what no part explains at the end."""
        found = {name: statistics.median(values) for name, values in self.parts.items()}
        if self.whole:
            rest = [whole - sum(values[at] for values in self.parts.values()) for at, whole in enumerate(self.whole)]
            found[NOT_ATTRIBUTED] = statistics.median(rest)
        return found

    @property
    def total(self) -> float:
        """The median of the whole."""
        return statistics.median(self.whole) if self.whole else sum(self.middles.values())


NOT_IN = "not in "
NOT_ATTRIBUTED = "not attributed"

Finding = Figure | Race | Curve | Breakdown
KINDS: Mapping[str, Any] = {kind.__name__: kind for kind in (Figure, Race, Curve, Breakdown)}


def to_json(finding: Finding) -> dict[str, Any]:
    """As it is kept."""
    return {"kind": type(finding).__name__, **asdict(finding)}


def from_json(kept: Mapping[str, Any]) -> Finding:
    """What `to_json` wrote."""
    found: Finding = KINDS[kept["kind"]](**{name: value for name, value in kept.items() if name != "kind"})
    return found
