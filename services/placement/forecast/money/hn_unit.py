"""The business case of a High Needs dependency unit: a yearly cost, however many come, against what it avoids.

An opening is one decision with a fixed cost and 4 to 6 places, not a price for each place.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

PLACES = (4, 6)
LOWEST_COST_PENCE, HIGHEST_COST_PENCE = 12_000_000, 16_000_000
DAYS_A_YEAR = 365


@dataclass(frozen=True)
class UnitCase:
    """What a unit costs and what each child in it saves. Money is pence a year, 0 or more.

    Parameters
    ----------
    unit_cost_pence
        Of the whole unit, whatever its occupancy.
    places
        4 to 6.
    inmss_fee_pence
        Avoided for each child: the place in an independent or non-maintained special school otherwise named.
    inmss_transport_pence
        Avoided for each child.
    remaining_transport_pence
        Of a child in the unit.
    days_open
        In the first year, of 365: a unit that opens in January has some 212 days of the academic year. 1 to 365.
    """

    unit_cost_pence: int = LOWEST_COST_PENCE
    places: int = 6
    inmss_fee_pence: int = 6_300_000
    inmss_transport_pence: int = 811_600
    remaining_transport_pence: int = 0
    days_open: int = DAYS_A_YEAR

    def __post_init__(self) -> None:
        amounts = ("unit_cost_pence", "inmss_fee_pence", "inmss_transport_pence", "remaining_transport_pence")
        for name in amounts:
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must be 0 or more.")
        if not PLACES[0] <= self.places <= PLACES[1]:
            raise ValueError(f"places must be from {PLACES[0]} to {PLACES[1]}: a unit is small.")
        if not 1 <= self.days_open <= DAYS_A_YEAR:
            raise ValueError(f"days_open must be from 1 to {DAYS_A_YEAR}.")

    @property
    def saving_a_child_pence(self) -> int:
        """Gross, a full year: fee and transport avoided less the transport that remains. Can be below 0."""
        return self.inmss_fee_pence + self.inmss_transport_pence - self.remaining_transport_pence


@dataclass(frozen=True)
class Occupancy:
    """A year of the unit with so many children admitted; pence. `net_a_child_pence` is None with none admitted."""

    children: int
    gross_pence: int
    unit_cost_pence: int
    net_pence: int
    net_a_child_pence: int | None


def occupancies(case: UnitCase) -> tuple[Occupancy, ...]:
    """A row for each number of children from 0 to the places, all admitted for the days that the unit is open."""
    return tuple(_occupancy(case, children) for children in range(case.places + 1))


def _occupancy(case: UnitCase, children: int) -> Occupancy:
    days = [case.days_open] * children
    gross, cost = gross_saving(case, days), part_year(case.unit_cost_pence, case.days_open)
    net = gross - cost
    return Occupancy(children, gross, cost, net, round(Fraction(net, children)) if children else None)


def gross_saving(case: UnitCase, days_in_unit: list[int]) -> int:
    """Fees and transport avoided, less transport that remains, by the days that each child is in the unit, pence."""
    return sum(part_year(case.saving_a_child_pence, days) for days in days_in_unit)


def net_saving(case: UnitCase, days_in_unit: list[int]) -> int:
    """What the first year saves, pence; below 0 it costs. Raises ValueError for too many children or days."""
    if len(days_in_unit) > case.places:
        raise ValueError(f"days_in_unit: {len(days_in_unit)} children for {case.places} places.")
    if any(not 0 <= days <= case.days_open for days in days_in_unit):
        raise ValueError(f"days_in_unit: must be from 0 to the unit's {case.days_open}.")
    return gross_saving(case, days_in_unit) - part_year(case.unit_cost_pence, case.days_open)


def part_year(annual_pence: int, days: int) -> int:
    """The part of a year's amount that falls on so many of its 365 days, whole pence (halves to even)."""
    return round(Fraction(annual_pence * days, DAYS_A_YEAR))


def break_even(case: UnitCase) -> int | None:
    """The fewest children with which a full year costs nothing net; None if no number of children does."""
    if case.saving_a_child_pence <= 0:
        return None if case.unit_cost_pence else 0
    return -(-case.unit_cost_pence // case.saving_a_child_pence)


@dataclass(frozen=True)
class Reading:
    """A claimed saving for each child, read net with so many children: what the unit would have to cost for it to hold.

    `holds` says whether a unit at that cost is one of those the application means (GBP 120,000 to 160,000 a year).
    """

    children: int
    unit_cost_pence: int
    holds: bool


def net_readings(case: UnitCase, claimed_pence: int) -> tuple[Reading, ...]:
    """The claim read as "what is left for each child once the unit is paid", for 4 children up to the unit's places.

    Read gross, the claim would have to equal `saving_a_child_pence`.
    """
    return tuple(_reading(case, claimed_pence, children) for children in range(PLACES[0], case.places + 1))


def _reading(case: UnitCase, claimed_pence: int, children: int) -> Reading:
    cost = children * (case.saving_a_child_pence - claimed_pence)
    return Reading(children, cost, LOWEST_COST_PENCE <= cost <= HIGHEST_COST_PENCE)
