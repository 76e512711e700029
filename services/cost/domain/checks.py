"""What must be true of a rate, and of a card as a whole, for every place to be priced and none twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from services.cost.domain.rates import Rate
from services.cost.domain.words import DAYS, DISTANCE_ITEMS, INMSS_KINDS, ITEMS, KINDS, SUPPLEMENTS

MOST_DAYS = 366
Fault = tuple[str, str, str]
"""Column, value, reason."""


def rate_faults(rate: Rate) -> Iterator[Fault]:
    """What is wrong with one rate by itself."""
    item = ITEMS[rate.item]
    if rate.unit != item.unit:
        yield "unit", _in_file(rate.unit), f"{rate.item} is priced in {_in_file(item.unit)}"
    elif rate.unit == DAYS and not 1 <= rate.amount <= MOST_DAYS:
        yield "amount", str(rate.amount), f"days of transport a year are from 1 to {MOST_DAYS}"
    for column in ("kind", "need", "band", "urn", "minimum_metres"):
        if (value := getattr(rate, column)) and column not in item.told_apart_by:
            yield column, str(value), f"{rate.item} does not differ by {column}; leave it blank"
    if rate.item == "hn_unit_block" and rate.kind not in ("", "hn_unit"):
        yield "kind", rate.kind, "hn_unit_block is for the kind hn_unit; leave it blank"


def _in_file(unit: str) -> str:
    """A unit as the file writes it."""
    return unit.replace("pence_per", "gbp_per")


def card_faults(rates: Sequence[Rate]) -> Iterator[str]:
    """What the card lacks: each would price something at nothing or not at all."""
    yield from _missing_items(rates)
    for item in DISTANCE_ITEMS:
        begins = [rate.minimum_metres for rate in rates if rate.item == item]
        if begins and min(begins) != 0:
            yield f"the distance bands of {item} begin at {min(begins):,} metres; add one from 0"
    for item, kind in _without_default(rates):
        words = f"{item} for {kind}" if kind else item
        yield f"{words} differs by need or band but has no amount for any need and band; add a row with both blank"


def _missing_items(rates: Iterable[Rate]) -> Iterator[str]:
    there = {rate.item for rate in rates}
    for item in (*DISTANCE_ITEMS, *SUPPLEMENTS, "transport_days"):
        if item not in there:
            yield f"there is no {item}; add a row for it"
    if not any(rate.item == "inmss_fee" and rate.key[1:5] == ("", "", "", 0) for rate in rates):
        yield "there is no inmss_fee for any school; add a row with kind, need, band and urn blank"


def _without_default(rates: Iterable[Rate]) -> Iterator[tuple[str, str]]:
    """Items and kinds that have rates by need or band, but none for a child of whom neither is known."""
    general = {(r.item, r.kind) for r in rates if not (r.need or r.band or r.urn)}
    special = dict.fromkeys((r.item, r.kind) for r in rates if (r.need or r.band) and not r.urn)
    for item, kind in special:
        if (item, kind) not in general and (item, "") not in general:
            yield item, kind


def card_doubts(rates: Sequence[Rate]) -> Iterator[str]:
    """What somebody should look at, though the card can be used."""
    priced = {rate.kind for rate in rates if rate.item in ("place_funding", "top_up")}
    if any(rate.item == "hn_unit_block" for rate in rates):
        priced.add("hn_unit")
    for kind in KINDS:
        if kind not in INMSS_KINDS and not priced & {kind, ""}:
            yield f"nothing is priced for the kind {kind}; options of that kind cannot be quoted"
    for item in DISTANCE_ITEMS:
        bands = sorted((rate.minimum_metres, rate.amount) for rate in rates if rate.item == item)
        for (_, nearer), (metres, farther) in pairwise(bands):
            if farther < nearer:
                yield f"{item} from {metres:,} metres costs less than nearer by; check the amounts"
