"""Message to domain and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import lru_cache

import numpy as np

from inborough.common.v1 import common_pb2
from inborough.cost.v1 import cost_pb2
from services.cost.domain.rates import CardHeading, Rate, RateCard
from services.cost.operations import ImportedCard, Priced
from services.cost.quotes.columns import Children, Places, QuoteColumns, unpack_pairs
from services.cost.quotes.quote import BUDGET, LineColumn
from services.cost.transport.eligibility import TravelEligibility
from services.cost.transport.travel import Points, TravelSource
from shared.days import to_wire
from shared.imports.report import report_to_wire


def columns_from_wire(request: cost_pb2.QuoteOptionsRequest) -> QuoteColumns:
    """What a request asks to price. Raises InvalidInput naming the field at fault, TooMuch for too many pairs."""
    indexes = request.case_index, request.pool_index, request.pair_flags
    pairs = unpack_pairs(*indexes, include_lines=request.include_lines)
    return QuoteColumns(_children(request.cases), _places(request.pools), pairs)


def _children(cases: Sequence[cost_pb2.QuoteCase]) -> Children:
    return Children(
        homes=_points([case.home if case.HasField("home") else None for case in cases]),
        year_group=[case.year_group for case in cases],
        age_years=[case.age_years for case in cases],
        need=[case.primary_need for case in cases],
        band=[case.top_up_band for case in cases],
        wheelchair=[case.wheelchair for case in cases],
        assistant=[case.passenger_assistant for case in cases],
        solo=[case.solo for case in cases],
        ids=[case.case_id for case in cases],
    )


def _places(pools: Sequence[cost_pb2.QuotePool]) -> Places:
    return Places(
        settings=_points([pool.location if pool.HasField("location") else None for pool in pools]),
        kind=[pool.kind for pool in pools],
        urn=[pool.urn for pool in pools],
        commissioned=[pool.places_commissioned for pool in pools],
        no_vacancy=[pool.no_vacancy for pool in pools],
    )


def _points(references: Sequence[common_pb2.GridReference | None]) -> Points:
    return Points(
        easting=np.array([found.easting if found else 0 for found in references], np.int64),
        northing=np.array([found.northing if found else 0 for found in references], np.int64),
        known=np.array([found is not None for found in references], bool),
    )


def quote_to_wire(priced: Priced, travel_method: str) -> cost_pb2.QuoteOptionsResponse:
    """A quote, every column packed little-endian."""
    quote = priced.quote
    return cost_pb2.QuoteOptionsResponse(
        rate_card_id=priced.pricing.heading.rate_card_id,
        revision=priced.revision,
        distance_metres=quote.journeys.route_metres.astype("<i4", copy=False).tobytes(),
        travel_minutes=quote.journeys.minutes.astype("<i4", copy=False).tobytes(),
        annual_budget_cost_pence=quote.annual_budget_pence.astype("<i8", copy=False).tobytes(),
        annual_marginal_cost_pence=quote.annual_marginal_pence.astype("<i8", copy=False).tobytes(),
        eligibility_index=quote.travel.index.tobytes(),
        eligibilities=map(_eligibility_to_wire, quote.travel.eligibilities),
        lines=map(_line_to_wire, quote.lines),
        alternatives=map(_line_to_wire, quote.alternatives),
        sources=[cost_pb2.RateSource(basis=origin.basis, source=origin.source) for origin in quote.origins],
        travel_method=travel_method,
        travel_sources=map(_travel_source_to_wire, quote.journeys.sources),
        travel_source_index=quote.journeys.list_source_places().tobytes(),
        annual_transport_pence=quote.annual_transport_pence.astype("<i8", copy=False).tobytes(),
        run_plan_id=quote.run_plan_id,
        ride_minutes=quote.ride_minutes.astype("<i4").tobytes() if quote.lines else b"",
        walking_metres=quote.journeys.walking_metres.astype("<i4", copy=False).tobytes() if quote.lines else b"",
    )


@lru_cache(maxsize=4096)
def _eligibility_to_wire(found: TravelEligibility) -> cost_pb2.TravelEligibility:
    """Made once, and copied into each answer that says it. Not to be changed."""
    return cost_pb2.TravelEligibility(**asdict(found))


def _travel_source_to_wire(source: TravelSource) -> cost_pb2.TravelSource:
    day = to_wire(source.as_of_day) if source.as_of_day else None
    return cost_pb2.TravelSource(method=source.method, as_of_day=day)


def _line_to_wire(line: LineColumn) -> cost_pb2.CostColumn:
    return cost_pb2.CostColumn(
        label=line.label,
        ledger=cost_pb2.LEDGER_BUDGET if line.ledger == BUDGET else cost_pb2.LEDGER_MARGINAL,
        annual_pence=line.annual_pence.astype("<i8", copy=False).tobytes(),
        source_index=line.origin_at.tobytes(),
    )


def imported_to_wire(imported: ImportedCard) -> cost_pb2.ImportRateCardResponse:
    """What an import did."""
    return cost_pb2.ImportRateCardResponse(report=report_to_wire(imported.report), rate_card_id=imported.rate_card_id)


def card_to_wire(card: RateCard) -> cost_pb2.RateCard:
    """A card with its rates."""
    message = heading_to_wire(card.heading)
    message.rates.extend(_rates_to_wire(card.rates))
    return message


def heading_to_wire(heading: CardHeading) -> cost_pb2.RateCard:
    """A card without its rates."""
    return cost_pb2.RateCard(
        rate_card_id=heading.rate_card_id,
        name=heading.name,
        version=heading.version,
        first_day=to_wire(heading.first_day),
        content_hash=heading.content_hash,
    )


def _rates_to_wire(rates: Iterable[Rate]) -> Iterable[cost_pb2.Rate]:
    return (cost_pb2.Rate(**asdict(rate)) for rate in rates)
