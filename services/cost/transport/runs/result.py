"""Runs as they are planned: who rides with whom, when, for how long, and what it costs, line by line.

Everything is an index into the problem's own rows: `travellers.ids`, `destination_ids`, `fleet.vehicle_types`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class RunLine(StrEnum):
    """What part of a run's cost a line is."""

    VEHICLE = "vehicle"
    """The vehicle and its driver for the day."""
    DISTANCE = "distance"
    """Kilometres with children aboard, both ways; rounded half up to whole pence once a run and day."""
    ASSISTANT = "assistant"
    """The passenger assistant, where one rides along."""


@dataclass(frozen=True)
class RunCost:
    """Part of what a run costs, pence a school day, both ways."""

    line: RunLine
    pence_per_day: int


@dataclass(frozen=True)
class Ride:
    """A child aboard a run, from leaving home to being set down at its setting.

    `limit_minutes` is the most that it may be; `beyond_guide` says that the direct drive alone is longer than the
    guide, so that the limit is the direct drive.
    """

    traveller: int
    minutes: int
    limit_minutes: int
    beyond_guide: bool


@dataclass(frozen=True)
class Stop:
    """Where a run stops: a home (`destination` None), where these children get in, or a setting, where they get out.

    `at_minutes` is when the vehicle is to be there in the morning, minutes after midnight (below 0: the day before).
    Children at one address who follow each other are one stop.
    """

    destination: int | None
    at_minutes: int
    travellers: tuple[int, ...]


@dataclass(frozen=True)
class Run:
    """One vehicle's journey each school morning; the afternoon's is the same backwards.

    Parameters
    ----------
    vehicle_type
        Index into the fleet.
    assistant
        True: a passenger assistant rides along and takes a seat.
    travellers
        In the order in which they get in.
    destinations
        In the order in which they are reached; only settings of children aboard.
    stops
        In order: homes, then settings.
    rides
        One a traveller, in the order of `travellers`.
    metres, minutes
        From the first child's home to the last setting.
    lines
        What it costs a school day; an assistant's line only where one rides along.
    """

    vehicle_type: int
    assistant: bool
    travellers: tuple[int, ...]
    destinations: tuple[int, ...]
    stops: tuple[Stop, ...]
    rides: tuple[Ride, ...]
    metres: int
    minutes: int
    lines: tuple[RunCost, ...]

    @cached_property
    def pence_per_day(self) -> int:
        """The sum of the lines."""
        return sum(line.pence_per_day for line in self.lines)

    @property
    def share_pence_per_day(self) -> tuple[int, ...]:
        """One a traveller, in their order: the run's cost shared out evenly, the odd pence to the first; sums to it."""
        each, odd = divmod(self.pence_per_day, len(self.travellers))
        return tuple(each + (at < odd) for at in range(len(self.travellers)))


@dataclass(frozen=True)
class PlannedRuns:
    """The runs of one problem, ordered by the smallest traveller id aboard.

    `not_carried` are travellers for whom no vehicle type of the fleet has a place; all others ride exactly once.
    """

    runs: tuple[Run, ...]
    not_carried: tuple[int, ...]

    @cached_property
    def pence_per_day(self) -> int:
        """The sum of the runs."""
        return sum(run.pence_per_day for run in self.runs)

    @cached_property
    def run_of(self) -> dict[int, int]:
        """Each carried traveller's run, as an index into `runs`."""
        return {traveller: at for at, run in enumerate(self.runs) for traveller in run.travellers}
