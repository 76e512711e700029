"""Runs in words: when, with what, for how long, and what they save."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from inborough.cost.v1 import transport_pb2
from services import words
from shared.pence import pounds

SQUARE_METRES = 1000
ADVICE = "Advice only: who is carried, how and by whom is for the authority to decide."
DAY_RATE = "A vehicle's way to the first child is within its day rate."
TIMES = "Times are when the vehicle arrives; minutes aboard count from when it leaves the child's home."
ALONE = (
    "Taxis for each child alone and average fares are priced by the rate card, runs by the fleet: "
    "a run for one child can cost more than either."
)

Names = Mapping[int, str]
"""Names of settings by URN."""


def clock(minutes: int) -> str:
    """ "08:35" from minutes after midnight."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def setting(names: Names, urn: int) -> str:
    """A setting's name, or its URN where it is not on file."""
    return names.get(urn, f"URN {urn}")


def vehicle(run: transport_pb2.Run) -> str:
    """ "minibus", "minibus with a passenger assistant"."""
    return f"{run.vehicle_type} with a passenger assistant" if run.assistant else run.vehicle_type


def settings_of(run: transport_pb2.Run, names: Names) -> str:
    """The settings that a run stops at, in order."""
    return ", ".join(setting(names, stop.urn) for stop in run.stops if stop.urn)


def children_on(run: transport_pb2.Run) -> int:
    """How many children a run carries, each counted where it gets in."""
    return sum(len(stop.rides) for stop in run.stops if not stop.urn)


def starts_at(run: transport_pb2.Run) -> str:
    """When the vehicle is at the first stop."""
    return clock(run.stops[0].at_minutes) if run.stops else ""


def kilometres(metres: int) -> str:
    """ "12.3 km"."""
    return f"{metres / 1000:,.1f} km"


def square(stop: transport_pb2.Stop) -> str:
    """The square kilometre of the National Grid that a home is in, as "easting northing" of its corner in km."""
    return f"{stop.place.easting // SQUARE_METRES} {stop.place.northing // SQUARE_METRES}"


def where(stop: transport_pb2.Stop, names: Names) -> str:
    """A setting's name, or for a home no more than its square kilometre."""
    return setting(names, stop.urn) if stop.urn else f"home in square {square(stop)}"


def compared(ours_pence: int, other_pence: int) -> str:
    """ "£1,200,000 less (48%)", against another way to carry the same children; "the same"."""
    less = other_pence - ours_pence
    if not less:
        return "the same"
    share = f" ({abs(less) / other_pence:.0%})" if other_pence else ""
    return f"{pounds(abs(less))} {'less' if less > 0 else 'more'}{share}"


def headline(plan: transport_pb2.RunPlan) -> Iterator[tuple[str, str]]:
    """What a run plan comes to, label by label. It tells of no child."""
    yield "First day", words.day(plan.first_day)
    yield "Children carried", f"{plan.carried:,}"
    yield "Runs", f"{plan.run_count:,}"
    yield "Cost a year", pounds(plan.annual_pence)
    if plan.carried:
        yield "A year for each child", pounds(plan.annual_pence // plan.carried)
        yield "Children a run", f"{plan.carried / plan.run_count:.1f}"
    yield "Against a taxi each (rate card)", compared(plan.annual_pence, plan.solo_annual_pence)
    yield "Against average fares (rate card)", compared(plan.annual_pence, plan.average_annual_pence)
    yield "Distances and minutes", plan.travel_method


def reasons_not_carried(children: Iterable[transport_pb2.NotCarried]) -> list[tuple[str, int]]:
    """Why children are not carried, with how many, the most frequent first."""
    counted = Counter(child.eligibility.reason for child in children)
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def goes_to(run: transport_pb2.Run, case_id: str, names: Names) -> str:
    """The setting at which a child gets out, where the run stops at several; else ""."""
    settings = [stop for stop in run.stops if stop.urn]
    if len(settings) < 2:
        return ""
    return next((setting(names, stop.urn) for stop in settings if case_id in {one.case_id for one in stop.rides}), "")


def ride(one: transport_pb2.Ride, to: str = "") -> str:
    """ "22 of at most 45 minutes", what is special about it, and where the child gets out if that is in question."""
    said = f"{one.minutes} of at most {one.limit_minutes} minutes"
    guide = ", since the direct drive alone is beyond the guide" if one.beyond_guide else ""
    return f"{said}{guide}{', wheelchair' if one.wheelchair else ''}{f', to {to}' if to else ''}"
