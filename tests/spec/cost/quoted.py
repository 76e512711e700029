"""Quote pairs without a server, and read the answer as a person would."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inborough.cost.v1 import cost_pb2 as pb
from services.cost import wire
from services.cost.domain.pricing import Pricing
from services.cost.quotes.quote import NO_SOURCE, Assumptions, Quote, quote_pairs
from services.cost.transport.fares import build_fares
from services.cost.transport.travel import StraightLine
from tests.builders.cost import card, child, pool, request


@dataclass(frozen=True)
class Line:
    """One cost line of one pair, in pence."""

    label: str
    ledger: str
    pence: int
    source: str


def quote(
    asked: pb.QuoteOptionsRequest, rows: Iterable[Mapping[str, str]] | None = None, *, post_16_travel_paid: bool = True
) -> Quote:
    """The quote of a request by a card of these rows."""
    used = card(rows)
    assumptions = Assumptions(StraightLine(), post_16_travel_paid)
    columns = wire.columns_from_wire(asked)
    return quote_pairs(Pricing(used), build_fares(used), assumptions, columns, include_lines=asked.include_lines)


def lines_of(found: Quote, pair: int = 0) -> list[Line]:
    """The cost lines that apply to one pair."""
    return [
        Line(line.label, line.ledger, int(line.annual_pence[pair]), found.origins[line.origin_at[pair]].source)
        for line in found.lines
        if line.origin_at[pair] != NO_SOURCE
    ]


def lines(
    one_child: pb.QuoteCase | None = None,
    one_pool: pb.QuotePool | None = None,
    rows: Iterable[Mapping[str, str]] | None = None,
) -> dict[tuple[str, str], int]:
    """The lines of one pair, by (label, ledger); a child at the door of a resource base unless told otherwise."""
    asked = request([one_child or child(metres_away=0)], [one_pool or pool()])
    return {(line.label, line.ledger): line.pence for line in lines_of(quote(asked, rows))}
