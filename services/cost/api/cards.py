"""Rate cards and quotes."""

from __future__ import annotations

import grpc
from prometheus_client import Counter
from sqlalchemy import Engine

from inborough.cost.v1 import cost_pb2, cost_pb2_grpc
from services.cost import operations, wire
from services.cost.quotes.quote import Assumptions
from services.cost.shelf import Shelf
from shared.days import from_wire
from shared.imports.report import files_from_wire, options_from_wire

quotes = Counter("inborough_quotes_total", "Pairs of child and place priced.")


class CostServicer(cost_pb2_grpc.CostServiceServicer):
    """inborough.cost.v1.CostService over one database."""

    def __init__(self, engine: Engine, assumptions: Assumptions, shelf: Shelf) -> None:
        self._engine, self._assumptions, self._shelf = engine, assumptions, shelf

    def ImportRateCard(
        self, request: cost_pb2.ImportRateCardRequest, context: grpc.ServicerContext
    ) -> cost_pb2.ImportRateCardResponse:
        (file,) = files_from_wire([request.file])
        options = options_from_wire(request.mode, request.preview)
        return wire.imported_to_wire(operations.import_rate_card(self._engine, file, options))

    def GetRateCard(
        self, request: cost_pb2.GetRateCardRequest, context: grpc.ServicerContext
    ) -> cost_pb2.GetRateCardResponse:
        card = operations.get_rate_card(self._engine, request.rate_card_id)
        return cost_pb2.GetRateCardResponse(rate_card=wire.card_to_wire(card))

    def ListRateCards(
        self, request: cost_pb2.ListRateCardsRequest, context: grpc.ServicerContext
    ) -> cost_pb2.ListRateCardsResponse:
        headings = operations.list_rate_cards(self._engine)
        return cost_pb2.ListRateCardsResponse(rate_cards=map(wire.heading_to_wire, headings))

    def QuoteOptions(
        self, request: cost_pb2.QuoteOptionsRequest, context: grpc.ServicerContext
    ) -> cost_pb2.QuoteOptionsResponse:
        first_day, columns = from_wire(request.first_day, "first_day"), wire.columns_from_wire(request)
        priced = operations.quote_options(
            self._engine, self._shelf, self._assumptions, first_day, columns, include_lines=request.include_lines
        )
        quotes.inc(columns.pairs.child_at.size)
        return wire.quote_to_wire(priced, self._assumptions.travel.method)
