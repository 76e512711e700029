"""What a year's travel costs: a price a day by distance, supplements, times the days of transport a year."""

from __future__ import annotations

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
class Fares:
    """A year's travel by distance band, ascending from 0 metres, and the supplements."""

    bands: tuple[FareBand, ...]
    wheelchair: Amount
    assistant: Amount


def build_fares(card: RateCard) -> Fares:
    """The fares of a card that passed `domain.checks`: every item there, distance bands from 0."""
    pricing = Pricing(card)
    (days,) = (rate.amount for rate in card.rates if rate.item == "transport_days")

    def yearly(rate: Rate, *more: str) -> Amount:
        cited = pricing.cite(rate, "", *more, f"{days} days")
        return Amount(rate.amount * days, Origin(cited.basis, cited.source))

    def vehicle(item: str, metres: int) -> Amount:
        rate = max(
            (r for r in card.rates if r.item == item and r.minimum_metres <= metres), key=lambda r: r.minimum_metres
        )
        return yearly(rate, f"from {rate.minimum_metres:,} m")

    begins = sorted({rate.minimum_metres for rate in card.rates if rate.item in DISTANCE_ITEMS})
    extra = {rate.item: yearly(rate) for rate in card.rates if rate.item in SUPPLEMENTS}
    bands = tuple(FareBand(m, vehicle("transport", m), vehicle("transport_solo", m)) for m in begins)
    return Fares(bands, *(extra[item] for item in SUPPLEMENTS))
