"""A cost server on an empty database, called through a real channel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from inborough.common.v1 import common_pb2
from inborough.cost.v1 import cost_pb2 as pb
from inborough.cost.v1 import cost_pb2_grpc, transport_pb2_grpc
from services.cost.main import build
from services.cost.settings import Settings
from shared.grpc_server import start_server
from tests.builders.cost import import_file, request
from tests.builders.identity import connect

SECONDS = 30
ALL, GOOD = common_pb2.IMPORT_MODE_ALL_OR_NOTHING, common_pb2.IMPORT_MODE_GOOD_ROWS_ONLY


@dataclass(frozen=True)
class Cost:
    """The service as its callers see it."""

    stub: cost_pb2_grpc.CostServiceStub
    transport: transport_pb2_grpc.TransportServiceStub

    def import_card(
        self,
        content: bytes | None = None,
        *,
        name: str = "rates.csv",
        mode: common_pb2.ImportMode.ValueType = ALL,
        preview: bool = False,
    ) -> pb.ImportRateCardResponse:
        file = import_file(content, name)
        return self.stub.ImportRateCard(
            pb.ImportRateCardRequest(file=file, mode=mode, preview=preview), timeout=SECONDS
        )

    def get(self, rate_card_id: str) -> pb.RateCard:
        return self.stub.GetRateCard(pb.GetRateCardRequest(rate_card_id=rate_card_id), timeout=SECONDS).rate_card

    def list_ids(self) -> list[str]:
        cards = self.stub.ListRateCards(pb.ListRateCardsRequest(), timeout=SECONDS).rate_cards
        assert not any(card.rates for card in cards)
        return [card.rate_card_id for card in cards]

    def quote(self, asked: pb.QuoteOptionsRequest | None = None) -> pb.QuoteOptionsResponse:
        return self.stub.QuoteOptions(asked or request(), timeout=SECONDS)


@contextmanager
def serving(settings: Settings) -> Iterator[Cost]:
    """The service on a free port."""
    running = start_server(settings, build(settings))
    channel = connect("cost", running.address)
    try:
        yield Cost(cost_pb2_grpc.CostServiceStub(channel), transport_pb2_grpc.TransportServiceStub(channel))
    finally:
        channel.close()
        running.stop(0)


@pytest.fixture
def cost(database_url: str) -> Iterator[Cost]:
    """The service on an empty database; once on SQLite, once on PostgreSQL."""
    with serving(Settings(port=0, metrics_port=0, database_url=database_url)) as service:
        yield service


@pytest.fixture(scope="module")
def shared_cost(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cost]:
    """One service on SQLite with a sound card, for tests that leave it as they find it."""
    url = f"sqlite:///{tmp_path_factory.mktemp('cost') / 'test.db'}"
    with serving(Settings(port=0, metrics_port=0, database_url=url)) as service:
        assert service.import_card().rate_card_id == "card_test_1"
        yield service
