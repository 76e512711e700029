"""A rate card: the prices of one authority in force from a day. Versions are kept, never changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Rate:
    """One price. A blank `kind`, `need` or `band`, or `urn` 0, means any.

    `minimum_metres` is the lower end of a distance band, inclusive. `amount` is pence, or whole days for
    `transport_days`. `unit`, `basis` and the codes are those of `words.py`; `source` says where the figure comes from.
    """

    item: str
    amount: int
    unit: str
    basis: str
    source: str
    kind: str = ""
    need: str = ""
    band: str = ""
    urn: int = 0
    minimum_metres: int = 0

    @property
    def key(self) -> tuple[str, str, str, str, int, int]:
        """What tells this rate from the others of its card."""
        return self.item, self.kind, self.need, self.band, self.urn, self.minimum_metres


@dataclass(frozen=True)
class CardHeading:
    """A rate card without its rates. `version` is 1 for the first import of its name."""

    name: str
    version: int
    first_day: date
    content_hash: str

    @property
    def rate_card_id(self) -> str:
        """Example: "card_demonstration-2024_1"."""
        return f"card_{self.name}_{self.version}"


@dataclass(frozen=True)
class RateCard:
    """A rate card with its rates in the file's order."""

    heading: CardHeading
    rates: tuple[Rate, ...]


def build_card(name: str, version: int, first_day: date, rates: Iterable[Rate]) -> RateCard:
    """A card with its content hash."""
    kept = tuple(rates)
    return RateCard(CardHeading(name, version, first_day, content_hash(name, first_day, kept)), kept)


def content_hash(name: str, first_day: date, rates: Iterable[Rate]) -> str:
    """SHA-256, hexadecimal, of what a card says; the order of its rows does not matter."""
    rows = [astuple(rate) for rate in sorted(rates, key=lambda rate: rate.key)]
    canonical = json.dumps([name, first_day.isoformat(), rows], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
