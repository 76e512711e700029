"""Small tables of cost lines, and which entry each pair takes: so that each rule is asked once, not once a pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from services.cost.domain.pricing import FEE, PLACE_FUNDING, TOP_UP, UNIT_SHARE, Amount, CostLine, Pricing
from services.cost.quotes.columns import Children, Pairs, Places
from services.cost.quotes.journeys import FarePositions
from services.cost.transport.fares import ASSISTANT, TRANSPORT, WHEELCHAIR, Fares

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class LineTable:
    """One cost line of every pair: pair i has `entries[at[i]]`; None where the line does not apply."""

    label: str
    entries: Sequence[CostLine | None]
    at: NDArray[np.intp]


def place_tables(pricing: Pricing, places: Places, pairs: Pairs) -> list[LineTable]:
    """Lines that depend on the pool alone: place funding and a High Needs unit's share."""
    columns = (places.kind, places.urn, places.commissioned, places.no_vacancy)
    classes, pool_class = _classes(list(map(pricing.place_class, *columns)))
    lines = [pricing.for_place(*place) for place in classes]
    at = pool_class[pairs.pool_at]
    return [LineTable(label, [pair[i] for pair in lines], at) for i, label in enumerate((PLACE_FUNDING, UNIT_SHARE))]


def child_tables(pricing: Pricing, children: Children, places: Places, pairs: Pairs) -> list[LineTable]:
    """Lines that depend on child and pool: top-up and fee, one entry for each (need, band) and (kind, named URN)."""
    child_classes, child_class = _classes(list(zip(children.need, children.band, strict=True)))
    pool_classes, pool_class = _classes(list(zip(places.kind, map(pricing.urn_that_matters, places.urn), strict=True)))
    lines = [pricing.for_child(*pool, *child) for child in child_classes for pool in pool_classes]
    at = (child_class * len(pool_classes))[pairs.child_at] + pool_class[pairs.pool_at]
    return [LineTable(label, [pair[i] for pair in lines], at) for i, label in enumerate((TOP_UP, FEE))]


def _classes(keys: Sequence[T]) -> tuple[Sequence[T], NDArray[np.intp]]:
    """The different keys in order of first appearance, and the place among them of each key."""
    found = {key: at for at, key in enumerate(dict.fromkeys(keys))}
    return list(found), np.array([found[key] for key in keys], np.intp)


def travel_tables(fares: Fares, positions: FarePositions, paid: NDArray[np.bool_]) -> list[LineTable]:
    """Lines of the journey, the same on both ledgers; none applies where travel is not paid."""
    vehicles = [band.shared for band in fares.bands] + [band.solo for band in fares.bands]
    vehicle_at = 1 + positions.band + positions.solo * len(fares.bands)
    return [
        _travel(TRANSPORT, vehicles, np.where(paid, vehicle_at, 0)),
        _travel(WHEELCHAIR, [fares.wheelchair], (paid & positions.wheelchair).astype(np.intp)),
        _travel(ASSISTANT, [fares.assistant], (paid & positions.assistant).astype(np.intp)),
    ]


def _travel(label: str, amounts: Sequence[Amount], at: NDArray[np.intp]) -> LineTable:
    return LineTable(label, [None, *(CostLine(label, amount, amount) for amount in amounts)], at)
