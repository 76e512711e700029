"""Price one place for one child: each rule is a sentence, a function and a cost line on both ledgers.

1. Place funding is paid for the place, by its kind; the child adds nothing to it.
2. Top-up is paid for the child, by kind of place, need and band.
3. A non-maintained or independent special school is paid a fee, its actual one when the card has it.
4. A High Needs unit costs a yearly block, shared equally among its places; the child adds nothing to it.
5. Where a fee or a block pays for everything, place funding and top-up are due only if the card names that kind or
   school.

The budget ledger holds the full annual cost. The marginal ledger holds what this child's being there adds: a vacant
commissioned place adds about nothing for the place itself (EH v Kent [2011] EWCA Civ 709). Where no place is vacant,
place funding counts in full there too: one more child needs one more place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from services.cost.domain.lookup import RateLookup
from services.cost.domain.rates import Rate, RateCard
from services.cost.domain.words import INMSS_KINDS, ITEMS, KINDS

NO_VACANCY = "no place is vacant, so one more is needed"
UNIT_FULL = "no place is vacant: what one more child would add is for the unit to say"
VACANT_PLACE = "a vacant commissioned place adds about nothing (EH v Kent [2011] EWCA Civ 709)"
PLACE_FUNDING, TOP_UP, FEE, UNIT_SHARE = (
    "Place funding",
    "Top-up",
    "School fee",
    "High Needs unit, share of yearly cost",
)


class Origin(NamedTuple):
    """Where an amount comes from: `basis` is a code of `words.BASES`, `source` a phrase to read."""

    basis: str
    source: str


@dataclass(frozen=True, slots=True)
class Amount:
    """Pence a year and where they come from."""

    annual_pence: int
    origin: Origin


@dataclass(frozen=True, slots=True)
class CostLine:
    """One thing that is paid for, on both ledgers."""

    label: str
    budget: Amount
    marginal: Amount


NOTHING_ADDED = Amount(0, Origin("estimate", VACANT_PLACE))


class Pricing:
    """One rate card, ready to price places. What it remembers never changes an answer, so threads may share it."""

    def __init__(self, card: RateCard) -> None:
        self.heading = card.heading
        self._lookup = RateLookup(card.rates)
        self._priced: dict[tuple[str, int], bool] = {}
        self._for_place: dict[tuple[str, int, int, bool], tuple[CostLine | None, ...]] = {}
        self._for_child: dict[tuple[str, int, str, str], tuple[CostLine | None, ...]] = {}

    def urn_that_matters(self, urn: int) -> int:
        """The URN when the card names it, else 0: settings that the card does not name are priced alike."""
        return urn if urn in self._lookup.named_urns else 0

    def place_class(self, kind: str, urn: int, places: int, no_vacancy: bool) -> tuple[str, int, int, bool]:
        """What matters of a place to the card: places of one class are priced alike."""
        return kind, self.urn_that_matters(urn), places if kind == "hn_unit" else 0, no_vacancy

    def for_place(self, kind: str, urn: int, places: int, no_vacancy: bool = False) -> tuple[CostLine | None, ...]:
        """Place funding and unit share, the lines that depend on the place alone; remembered."""
        key = self.place_class(kind, urn, places, no_vacancy)
        if key not in self._for_place:
            self._for_place[key] = (self.place_funding(*key[:2], no_vacancy), self.unit_share(*key))
        return self._for_place[key]

    def for_child(self, kind: str, urn: int, need: str, band: str) -> tuple[CostLine | None, ...]:
        """Top-up and fee, the lines that depend on the child too; remembered, because few combinations occur."""
        key = (kind, self.urn_that_matters(urn), need, band)
        if key not in self._for_child:
            self._for_child[key] = (self.top_up(*key), self.fee(*key))
        return self._for_child[key]

    def place_funding(self, kind: str, urn: int, no_vacancy: bool = False) -> CostLine | None:
        """Place funding is paid for the place, by its kind; the child adds nothing to it while a place is vacant."""
        find = self._lookup.find_named if self._paid_whole(kind) else self._lookup.find
        rate = find("place_funding", kind=kind, urn=urn)
        if rate is None:
            return None
        budget = Amount(rate.amount, self.cite(rate, kind))
        added = Amount(rate.amount, self.cite(rate, kind, NO_VACANCY)) if no_vacancy else NOTHING_ADDED
        return CostLine(PLACE_FUNDING, budget, added)

    def unit_share(self, kind: str, urn: int, places: int, no_vacancy: bool = False) -> CostLine | None:
        """A High Needs unit costs a yearly block, shared equally among its places; the child adds nothing to it.

        A share is rounded half up to whole pence. With `places` 0 (number not known) the whole block counts.
        """
        rate = self._lookup.find("hn_unit_block", kind=kind, urn=urn) if kind == "hn_unit" else None
        if rate is None:
            return None
        shared = f"shared among {places} places" if places else "whole: its number of places is not known"
        among = max(places, 1)
        budget = Amount((2 * rate.amount + among) // (2 * among), self.cite(rate, kind, shared))
        return CostLine(UNIT_SHARE, budget, Amount(0, Origin("estimate", UNIT_FULL)) if no_vacancy else NOTHING_ADDED)

    def top_up(self, kind: str, urn: int, need: str, band: str) -> CostLine | None:
        """Top-up is paid for the child, by kind of place, need and band."""
        find = self._lookup.find_named if self._paid_whole(kind) else self._lookup.find
        rate = find("top_up", kind=kind, urn=urn, need=need, band=band)
        return self._for_the_child(TOP_UP, rate, kind) if rate else None

    def fee(self, kind: str, urn: int, need: str, band: str) -> CostLine | None:
        """A non-maintained or independent special school is paid a fee, its actual one when the card has it."""
        find = partial(self._lookup.find, "inmss_fee", kind=kind, urn=urn, need=need, band=band)
        rate = find() if kind in INMSS_KINDS else None
        return self._for_the_child(FEE, rate, kind) if rate else None

    def prices(self, kind: str, urn: int) -> bool:
        """Whether the card has any price for a place of this kind at this setting; remembered."""
        key = (kind, self.urn_that_matters(urn))
        if key not in self._priced:
            self._priced[key] = any((*self.for_place(*key, 0), *self.for_child(*key, "", "")))
        return self._priced[key]

    def cite(self, rate: Rate, kind: str = "", *more: str) -> Origin:
        """Where a rate stands: "demonstration-2024 v1: top-up, resource base, SEMH, band C".

        A rate for one setting is cited as "this setting": the pool says which.
        """
        words = [ITEMS[rate.item].words, KINDS.get(kind, ""), rate.need, f"band {rate.band}" if rate.band else ""]
        words += ["this setting" if rate.urn else "", *more]
        named = ", ".join(word for word in words if word)
        return Origin(rate.basis, f"{self.heading.name} v{self.heading.version}: {named}")

    def _paid_whole(self, kind: str) -> bool:
        """Whether a fee or a block pays for everything at this kind of place."""
        return kind in INMSS_KINDS or kind == "hn_unit"

    def _for_the_child(self, label: str, rate: Rate, kind: str) -> CostLine:
        amount = Amount(rate.amount, self.cite(rate, kind))
        return CostLine(label, amount, amount)
