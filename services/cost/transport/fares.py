"""What a year's travel costs: a price a day by distance, supplements, times the days of transport a year.

A card may also say what is offered in place of transport: a personal travel budget by distance, and mileage.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from services.cost.domain.pricing import Amount, Origin, Pricing
from services.cost.domain.rates import Rate, RateCard
from services.cost.domain.words import DISTANCE_ITEMS, SUPPLEMENTS

TRANSPORT, WHEELCHAIR, ASSISTANT = "Transport", "Wheelchair-accessible vehicle", "Passenger assistant"


@dataclass(frozen=True)
class FareBand:
    """A year's vehicle for a child whose one-way route is at least `minimum_metres`, shared and travelling alone."""

    minimum_metres: int
    shared: Amount
    solo: Amount


@dataclass(frozen=True)
class TravelBudget:
    """A year's personal travel budget for a child whose one-way route is at least `minimum_metres`."""

    minimum_metres: int
    amount: Amount


@dataclass(frozen=True)
class Mileage:
    """What a family is paid for driving: pence a mile, on so many days a year."""

    pence_per_mile: int
    days: int
    origin: Origin


@dataclass(frozen=True)
class Fares:
    """A year's travel by distance band, ascending from 0 metres, and the supplements.

    `budgets`, ascending, and `mileage` are there where the card has them.
    """

    bands: tuple[FareBand, ...]
    wheelchair: Amount
    assistant: Amount
    budgets: tuple[TravelBudget, ...] = ()
    mileage: Mileage | None = None


def build_fares(card: RateCard) -> Fares:
    """The fares of a card that passed `domain.checks`: every item there, distance bands from 0."""
    cite = Pricing(card).cite
    (days,) = (rate.amount for rate in card.rates if rate.item == "transport_days")

    def yearly(rate: Rate, *more: str) -> Amount:
        return Amount(rate.amount * days, cite(rate, "", *more, f"{days} days"))

    def vehicles(item: str) -> Iterator[Amount]:
        rates = sorted((rate for rate in card.rates if rate.item == item), key=_begin)
        for metres in begins:
            rate = rates[bisect_right(rates, metres, key=_begin) - 1]
            yield yearly(rate, f"from {rate.minimum_metres:,} m")

    begins = sorted({rate.minimum_metres for rate in card.rates if rate.item in DISTANCE_ITEMS})
    extra = {rate.item: yearly(rate) for rate in card.rates if rate.item in SUPPLEMENTS}
    bands = tuple(map(FareBand, begins, *(vehicles(item) for item in DISTANCE_ITEMS)))
    wheelchair, assistant = (extra[item] for item in SUPPLEMENTS)
    return Fares(bands, wheelchair, assistant, _budgets(card), _mileage(card, days))


def _budgets(card: RateCard) -> tuple[TravelBudget, ...]:
    cite = Pricing(card).cite
    rates = sorted((rate for rate in card.rates if rate.item == "personal_travel_budget"), key=_begin)
    return tuple(
        TravelBudget(rate.minimum_metres, Amount(rate.amount, cite(rate, "", f"from {rate.minimum_metres:,} m")))
        for rate in rates
    )


def _mileage(card: RateCard, days: int) -> Mileage | None:
    rate = next((rate for rate in card.rates if rate.item == "mileage"), None)
    if rate is None:
        return None
    return Mileage(rate.amount, days, Pricing(card).cite(rate, "", "two return journeys a day", f"{days} days"))


def _begin(rate: Rate) -> int:
    return rate.minimum_metres
