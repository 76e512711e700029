"""A recommendation says who told it how far places are, and as of which day."""

from __future__ import annotations

from datetime import date

from inborough.cost.v1 import cost_pb2
from services.placement.option_wire import travel_method
from shared.days import to_wire

LINE = "straight line x 1.30, 30 km/h and 5 minutes"
BY_LINE = cost_pb2.TravelSource(method=LINE)


def test_each_source_is_named_with_its_day() -> None:
    sources = [cost_pb2.TravelSource(method="OSRM", as_of_day=to_wire(date(2026, 9, 1))), BY_LINE]
    quoted = cost_pb2.QuoteOptionsResponse(travel_method="OSRM", travel_sources=sources)
    assert travel_method(quoted) == f"OSRM, as of 1 September 2026; {LINE}"


def test_the_straight_line_alone_reads_as_ever_and_no_pairs_name_the_method() -> None:
    assert travel_method(cost_pb2.QuoteOptionsResponse(travel_sources=[BY_LINE])) == LINE
    assert travel_method(cost_pb2.QuoteOptionsResponse(travel_method=LINE)) == LINE
