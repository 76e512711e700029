"""Whether what a definition dates falls within the years that it simulates: what comes after them would do nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from services.placement.forecast.simulation.levers import Definition


def check_horizon(definition: Definition) -> None:
    """Raise ValueError naming the first lever or probe that begins after the years simulated, and what to do.

    What begins before them is in force from their start.
    """
    last = definition.last_year
    for field, year in _years(definition):
        if year > last:
            raise ValueError(f"{field}: {year} is after {last}/{(last + 1) % 100:02}, the last year simulated. {MEND}")
    for field, day, last_day in _days(definition):
        if day > last_day:
            raise ValueError(f"{field}: {day} is after {last_day}, the last day on which it would count. {MEND}")


MEND = "It would change nothing: simulate more years, or leave it out."


def _years(definition: Definition) -> Iterator[tuple[str, int]]:
    levers = definition.levers
    yield from ((f"levers.demand[{at}].from_year", one.from_year) for at, one in enumerate(levers.demand))
    prices = levers.transport_prices
    yield from ((f"levers.transport_prices[{at}].from_year", one.from_year) for at, one in enumerate(prices))
    yield from ((f"probes[{at}].from_year", one.from_year) for at, one in enumerate(definition.probes))


def _days(definition: Definition) -> Iterator[tuple[str, date, date]]:
    """Each day with the last that counts: places are paid for to the last 31 August, pools close for 1 September."""
    levers = definition.levers
    money_ends, last_decisions = date(definition.last_year + 1, 8, 31), date(definition.last_year, 9, 1)
    yield from ((f"levers.open[{at}].opens", one.opens, money_ends) for at, one in enumerate(levers.open))
    yield from ((f"levers.extend[{at}].opens", one.opens, money_ends) for at, one in enumerate(levers.extend))
    yield from ((f"levers.close[{at}].closes", one.closes, last_decisions) for at, one in enumerate(levers.close))
