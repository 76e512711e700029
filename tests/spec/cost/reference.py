"""Price one pair in plain Python, straight from the rows of the file: what the vectorised quote must equal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt

from inborough.common.v1.common_pb2 import GridReference
from inborough.cost.v1 import cost_pb2 as pb
from tests.builders.cost import Cells

INMSS = ("independent_special", "non_maintained_special")


@dataclass(frozen=True)
class ReferencePrice:
    """One pair's price: metres, minutes, eligibility, and pence by label on each ledger."""

    metres: int
    minutes: int
    code: str
    budget: dict[str, int]
    marginal: dict[str, int]


def price(rows: Sequence[Cells], child: pb.QuoteCase, pool: pb.QuotePool, *, post_16_paid: bool) -> ReferencePrice:
    """The price of one pair."""
    metres = _metres(child, pool)
    minutes = 5 + -(-metres // 500) if metres >= 0 else -1
    code, paid = _travel(child, metres, post_16_paid)
    for_child = {**_for_child(rows, child, pool), **(_transport(rows, child, metres) if paid else {})}
    for_place = _for_place(rows, pool)
    added = {label: pence if pool.no_vacancy and label == "Place funding" else 0 for label, pence in for_place.items()}
    return ReferencePrice(metres, minutes, code, {**for_place, **for_child}, {**added, **for_child})


def _metres(child: pb.QuoteCase, pool: pb.QuotePool) -> int:
    if not (child.HasField("home") and pool.HasField("location")):
        return -1
    return detour(child.home, pool.location)


def detour(home: GridReference, setting: GridReference) -> int:
    """1.3 times the straight line, rounded half up, by whole numbers alone."""
    squared = (home.easting - setting.easting) ** 2 + (home.northing - setting.northing) ** 2
    return (isqrt(676 * squared // 100) + 1) // 2


def _travel(child: pb.QuoteCase, metres: int, post_16_paid: bool) -> tuple[str, bool]:
    if metres < 0:
        return "not_known", False
    if child.year_group < 0 and child.age_years < 5:
        return "under_age", False
    if child.year_group > 11:
        far = metres * 1000 > (2 if child.age_years < 8 else 3) * 1_609_344
        return "post_16_policy", post_16_paid and (far or child.wheelchair or child.passenger_assistant or child.solo)
    if metres * 1000 > (2 if child.age_years < 8 else 3) * 1_609_344:
        return "beyond_distance", True
    if child.wheelchair or child.passenger_assistant or child.solo:
        return "special_needs", True
    return "within_distance", False


def _for_child(rows: Sequence[Cells], child: pb.QuoteCase, pool: pb.QuotePool) -> dict[str, int]:
    who = {"kind": pool.kind, "urn": str(pool.urn), "need": child.primary_need, "band": child.top_up_band}
    whole = pool.kind in INMSS or pool.kind == "hn_unit"
    found = {"Top-up": _find(rows, "top_up", who, named=whole)}
    if pool.kind in INMSS:
        found["School fee"] = _find(rows, "inmss_fee", who)
    return {label: pence for label, pence in found.items() if pence is not None}


def _for_place(rows: Sequence[Cells], pool: pb.QuotePool) -> dict[str, int]:
    who = {"kind": pool.kind, "urn": str(pool.urn)}
    whole = pool.kind in INMSS or pool.kind == "hn_unit"
    found = {"Place funding": _find(rows, "place_funding", who, named=whole)}
    block = _find(rows, "hn_unit_block", who) if pool.kind == "hn_unit" else None
    if block is not None:
        places = pool.places_commissioned or 1
        share, left = divmod(block, places)
        found["High Needs unit, share of yearly cost"] = share + (2 * left >= places)
    return {label: pence for label, pence in found.items() if pence is not None}


def _transport(rows: Sequence[Cells], child: pb.QuoteCase, metres: int) -> dict[str, int]:
    (days,) = (int(row["amount"]) for row in rows if row["item"] == "transport_days")
    item = "transport_solo" if child.solo else "transport"
    bands = [(int(row["minimum_metres"]), _pence(row)) for row in rows if row["item"] == item]
    found = {"Transport": max(band for band in bands if band[0] <= metres)[1]}
    for asked, extra, label in (
        (child.wheelchair, "transport_wheelchair", "Wheelchair-accessible vehicle"),
        (child.passenger_assistant, "passenger_assistant", "Passenger assistant"),
    ):
        if asked:
            (found[label],) = (_pence(row) for row in rows if row["item"] == extra)
    return {label: pence * days for label, pence in found.items()}


def _find(rows: Sequence[Cells], item: str, who: dict[str, str], *, named: bool = False) -> int | None:
    """By URN first, then need and band, need, band, neither; then by kind."""
    applying = [
        row
        for row in rows
        if row["item"] == item
        and all(row.get(column, "") in ("", who.get(column, "")) for column in ("kind", "urn", "need", "band"))
        and (not named or row.get("kind") or row.get("urn"))
    ]
    best = max(applying, key=lambda row: [bool(row.get(c)) for c in ("urn", "need", "band", "kind")], default=None)
    return _pence(best) if best else None


def _pence(row: Cells) -> int:
    pounds, _, pence = row["amount"].partition(".")
    return int(pounds) * 100 + int(pence or 0)
