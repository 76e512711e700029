"""Find the rate that applies: the most specific one wins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import TypeVar

from services.cost.domain.rates import Rate

T = TypeVar("T")


class RateLookup:
    """The rates of one card, to be found by item and by whom and where they are for.

    A rate applies when everything that it names agrees. Of those that apply, one that names the setting (URN) wins;
    then one that names need and band, then need, then band, then neither; at last one that names the kind of place
    wins over one for any kind. A council can so set one school's actual fee, or one need's top-up, in one row.
    """

    def __init__(self, rates: Iterable[Rate]) -> None:
        self._rates = {(r.item, r.urn, r.need, r.band, r.kind): r for r in rates}
        self.named_urns = frozenset(r.urn for r in self._rates.values() if r.urn)

    def find(self, item: str, *, kind: str, urn: int = 0, need: str = "", band: str = "") -> Rate | None:
        """The rate of `item` that applies, or None."""
        return next(self._that_apply(item, kind, urn, need, band), None)

    def find_named(self, item: str, *, kind: str, urn: int = 0, need: str = "", band: str = "") -> Rate | None:
        """The rate of `item` that applies and names the kind of place or the setting itself, or None."""
        applying = self._that_apply(item, kind, urn, need, band)
        return next((rate for rate in applying if rate.kind or rate.urn), None)

    def _that_apply(self, item: str, kind: str, urn: int, need: str, band: str) -> Iterator[Rate]:
        for who in product(_or_any(urn, 0), _or_any(need, ""), _or_any(band, ""), _or_any(kind, "")):
            if (found := self._rates.get((item, *who))) is not None:
                yield found


def _or_any(value: T, any_value: T) -> tuple[T, ...]:
    return (value, any_value) if value != any_value else (any_value,)
