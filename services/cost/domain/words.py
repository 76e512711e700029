"""The codes that a rate may name, and how each reads to a person."""

from __future__ import annotations

from dataclasses import dataclass

NEEDS = tuple("SPLD MLD SLD PMLD SEMH SLCN HI VI MSI PD ASD DS OTH".split())
"""SEN2 `sentype`."""
BANDS = tuple("ABCDE")
BASES = ("rate_card", "actual", "estimate", "illustrative")
KINDS = {
    "mainstream": "mainstream",
    "resource_base": "resource base",
    "sen_unit": "SEN unit",
    "hn_unit": "High Needs unit",
    "state_special": "state special",
    "non_maintained_special": "non-maintained special",
    "independent_special": "independent special",
    "alternative_provision": "alternative provision",
    "further_education": "further education",
}
INMSS_KINDS = ("non_maintained_special", "independent_special")
"""Independent and non-maintained special schools: paid by a fee."""

PENCE_PER_YEAR, PENCE_PER_DAY, PENCE_PER_MILE, DAYS = "pence_per_year", "pence_per_day", "pence_per_mile", "days"


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a rate card prices: how it reads, its unit, and the columns that may tell its rates apart."""

    words: str
    unit: str
    told_apart_by: tuple[str, ...] = ()


ITEMS = {
    "place_funding": Item("place funding", PENCE_PER_YEAR, ("kind", "urn")),
    "top_up": Item("top-up", PENCE_PER_YEAR, ("kind", "need", "band", "urn")),
    "inmss_fee": Item("fee", PENCE_PER_YEAR, ("kind", "need", "band", "urn")),
    "hn_unit_block": Item("yearly block", PENCE_PER_YEAR, ("kind", "urn")),
    "transport": Item("transport, shared vehicle", PENCE_PER_DAY, ("minimum_metres",)),
    "transport_solo": Item("transport, travelling alone", PENCE_PER_DAY, ("minimum_metres",)),
    "transport_wheelchair": Item("wheelchair-accessible vehicle", PENCE_PER_DAY),
    "passenger_assistant": Item("passenger assistant", PENCE_PER_DAY),
    "transport_days": Item("days of transport a year", DAYS),
    "personal_travel_budget": Item("personal travel budget", PENCE_PER_YEAR, ("minimum_metres",)),
    "mileage": Item("mileage", PENCE_PER_MILE),
}
DISTANCE_ITEMS = ("transport", "transport_solo")
SUPPLEMENTS = ("transport_wheelchair", "passenger_assistant")
