"""What a year's travel costs: a price a day by distance, supplements, times the days of transport a year."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from services.cost.domain.pricing import Amount, Pricing
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
class Fares:
    """A year's travel by distance band, ascending from 0 metres, and the supplements."""

    bands: tuple[FareBand, ...]
    wheelchair: Amount
    assistant: Amount


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
    return Fares(bands, *(extra[item] for item in SUPPLEMENTS))


def _begin(rate: Rate) -> int:
    return rate.minimum_metres
