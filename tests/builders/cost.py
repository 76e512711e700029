"""Rate cards, children and pools for tests of the cost service. Every cell is text, so that a test can spoil it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any

import numpy as np

from inborough.common.v1 import common_pb2
from inborough.cost.v1 import cost_pb2 as pb
from services.cost.domain.rates import Rate, RateCard, build_card
from services.cost.imports import read_card
from shared.days import to_wire
from shared.imports.report import SourceFile

COLUMNS = "card first_day item kind need band urn minimum_metres amount unit basis source".split()
FIRST_DAY = date(2024, 9, 2)
HOME = common_pb2.GridReference(easting=351_000, northing=385_000)

Cells = dict[str, str]


def rate(item: str, amount: object, unit: str = "gbp_per_year", **cells: object) -> Cells:
    """One row of a rate card file; its other cells say what most rows say."""
    usual = {"card": "test", "first_day": "2024-04-01", "basis": "rate_card", "source": "invented"}
    return {**usual, "item": item, "amount": str(amount), "unit": unit, **{name: str(v) for name, v in cells.items()}}


def travel_rows(days: int = 190) -> list[Cells]:
    """Transport at 10 pounds a day, 20 from 5 km; alone 30 and 60 from 8 km; supplements of 15 and 18."""
    return [
        rate("transport", 10, "gbp_per_day", minimum_metres=0),
        rate("transport", 20, "gbp_per_day", minimum_metres=5000),
        rate("transport_solo", 30, "gbp_per_day", minimum_metres=0),
        rate("transport_solo", 60, "gbp_per_day", minimum_metres=8000),
        rate("transport_wheelchair", 15, "gbp_per_day"),
        rate("passenger_assistant", 18, "gbp_per_day"),
        rate("transport_days", days, "days"),
    ]


def card_rows(*more: Cells) -> list[Cells]:
    """A sound card that prices every kind: 6,000 or 10,000 a place, top-up 5,000, fee 60,000, unit 120,000."""
    return [
        rate("place_funding", 6000),
        rate("place_funding", 10000, kind="state_special"),
        rate("top_up", 5000),
        rate("inmss_fee", 60000),
        rate("hn_unit_block", 120000),
        *travel_rows(),
        *more,
    ]


def to_csv(rows: Iterable[Mapping[str, str]], columns: Sequence[str] = COLUMNS) -> bytes:
    """Rows as a CSV file in UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def import_file(content: bytes | None = None, name: str = "rates.csv") -> common_pb2.ImportFile:
    """A file to import; a sound card unless told otherwise."""
    return common_pb2.ImportFile(name=name, content=to_csv(card_rows()) if content is None else content)


def rates_of(rows: Iterable[Mapping[str, str]]) -> tuple[Rate, ...]:
    """The rates that rows spell; they must be sound."""
    read = read_card(SourceFile("rates.csv", to_csv(rows)))
    assert not read.problems, read.problems
    return tuple(read.rates)


def card(rows: Iterable[Mapping[str, str]] | None = None) -> RateCard:
    """A rate card as if imported."""
    return build_card("test", 1, date(2024, 4, 1), rates_of(card_rows() if rows is None else rows))


def child(*, metres_away: int | None = None, **facts: Any) -> pb.QuoteCase:
    """A twelve-year-old in Year 8 with ASD. `metres_away` 0 lives at a pool's door; None: home unknown unless given."""
    usual: dict[str, Any] = {"case_id": "case_1", "year_group": 8, "age_years": 12, "primary_need": "ASD"}
    if metres_away is not None:
        usual["home"] = common_pb2.GridReference(easting=HOME.easting + metres_away, northing=HOME.northing)
    return pb.QuoteCase(**{**usual, **facts})


def pool(kind: str = "resource_base", **facts: Any) -> pb.QuotePool:
    """Eight places of a kind."""
    usual: dict[str, Any] = {"pool_id": "pool_1", "urn": 100_001, "location": HOME, "places_commissioned": 8}
    return pb.QuotePool(kind=kind, **{**usual, **facts})


def request(
    cases: Sequence[pb.QuoteCase] = (),
    pools: Sequence[pb.QuotePool] = (),
    pairs: Sequence[tuple[int, int]] | None = None,
    *,
    include_lines: bool = True,
    first_day: date = FIRST_DAY,
) -> pb.QuoteOptionsRequest:
    """A request for every pair of the cases and pools, or for the `pairs` given."""
    cases, pools = cases or [child(metres_away=0)], pools or [pool()]
    chosen = list(product(range(len(cases)), range(len(pools)))) if pairs is None else pairs
    index = np.array(chosen, "<i4").reshape(-1, 2)
    return pb.QuoteOptionsRequest(
        first_day=to_wire(first_day),
        cases=cases,
        pools=pools,
        case_index=index[:, 0].tobytes(),
        pool_index=index[:, 1].tobytes(),
        include_lines=include_lines,
    )
