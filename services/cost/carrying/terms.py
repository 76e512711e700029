"""On which terms runs are planned: vehicles and what they cost, days of transport, bells, and how children get in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from services.cost.domain.fleet import Fleet
from services.cost.domain.pricing import Origin
from services.cost.domain.rates import RateCard
from services.cost.transport.fares import Fares, build_fares
from services.cost.transport.runs import problem as runs
from services.cost.transport.travel import Travel


@dataclass(frozen=True)
class Habits:
    """How the authority's runs are worked, in minutes.

    `usual_bell_minutes` after midnight is when a setting begins that no bell time names; `boarding_minutes` is how long
    a vehicle stands at a home; `set_down_early_minutes` is how long before its bell a child may be set down.
    """

    usual_bell_minutes: int = 530
    boarding_minutes: int = 2
    set_down_early_minutes: int = 10


@dataclass(frozen=True)
class Terms:
    """Everything but the children: what is hired, at which prices, when, and how far it is between two stops."""

    fleet: Fleet
    card: RateCard
    bell_minutes: Mapping[int, int]
    habits: Habits
    legs: Travel

    @cached_property
    def days(self) -> int:
        """Days of transport a year."""
        return next(rate.amount for rate in self.card.rates if rate.item == "transport_days")

    @cached_property
    def fares(self) -> Fares:
        """What the same children would cost by fares."""
        return build_fares(self.card)

    @cached_property
    def assistant_pence_per_day(self) -> int:
        """A passenger assistant's day."""
        return next(rate.amount for rate in self.card.rates if rate.item == "passenger_assistant")

    @cached_property
    def hired(self) -> runs.Fleet:
        """The fleet as the planner of runs knows it."""
        vehicles = tuple(
            runs.VehicleType(each.name, each.seats, each.wheelchair_places, each.pence_per_day, each.pence_per_km)
            for each in self.fleet.vehicle_types
        )
        return runs.Fleet(vehicles, self.assistant_pence_per_day)

    @property
    def basis(self) -> str:
        """How firm a sum of the fleet's prices is: as its least firm price."""
        bases = {vehicle.basis for vehicle in self.fleet.vehicle_types}
        return "illustrative" if "illustrative" in bases else "estimate"

    def bell_of(self, urn: int) -> int:
        """When a setting's day begins, minutes after midnight."""
        return self.bell_minutes.get(urn, self.habits.usual_bell_minutes)

    def cite(self, vehicle: int, *more: str) -> Origin:
        """Where a vehicle type's price stands: "demonstration-2024 v1: minibus, 190 days"."""
        kind, heading = self.fleet.vehicle_types[vehicle], self.fleet.heading
        words = ", ".join((kind.name, *more, f"{self.days} days"))
        return Origin(kind.basis, f"{heading.name} v{heading.version}: {words}")
