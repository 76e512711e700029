"""A provision service in this process, with a small caseload service of its own to ask who holds a place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from inborough.common.v1 import common_pb2
from inborough.provision.v1 import provision_pb2, provision_pb2_grpc
from services.provision.main import build
from services.provision.settings import Settings
from shared.database import open_database, reading
from shared.days import to_wire
from shared.event_log import Event, list_events
from shared.grpc_server import RunningServer, start_server
from shared.ids import new_id
from shared.imports.report import SourceFile
from tests.builders.identity import connect
from tests.builders.provision import FIRST_DAY, gias_file, gias_row, offer_request, pool_row, pools_file
from tests.builders.small_caseload import SmallCaseload, start_caseload

THREADS = 16
TODAY = date(2024, 2, 1)


@dataclass
class Running:
    """The two services; `stub` speaks to provision as a caller of every role, `engine` is its database."""

    stub: provision_pb2_grpc.ProvisionServiceStub
    caseload: SmallCaseload
    caseload_server: RunningServer
    address: str
    engine: Engine

    def import_settings(
        self, file: SourceFile, *, preview: bool = False, good_rows_only: bool = False
    ) -> common_pb2.ImportReport:
        request = provision_pb2.ImportSettingsRequest(file=_wire(file), mode=_mode(good_rows_only), preview=preview)
        return self.stub.ImportSettings(request, timeout=30).report

    def import_pools(
        self, file: SourceFile, *, preview: bool = False, good_rows_only: bool = False
    ) -> common_pb2.ImportReport:
        request = provision_pb2.ImportPlacePoolsRequest(file=_wire(file), mode=_mode(good_rows_only), preview=preview)
        return self.stub.ImportPlacePools(request, timeout=30).report

    def list_pools(self, known_revision: str = "", first_day: date = FIRST_DAY) -> provision_pb2.ListPlacePoolsResponse:
        request = provision_pb2.ListPlacePoolsRequest(first_day=to_wire(first_day), known_revision=known_revision)
        return self.stub.ListPlacePools(request, timeout=30)

    def as_caller(self, *roles: str, user_id: str = "") -> provision_pb2_grpc.ProvisionServiceStub:
        """Provision as a caller with these roles alone has it."""
        return provision_pb2_grpc.ProvisionServiceStub(connect("provision", self.address, *roles, user_id=user_id))

    def events(self, name: str = "") -> list[Event]:
        """Provision's log, or the events of one name."""
        with reading(self.engine) as connection:
            return [event for event in list_events(connection, 0, 10_000) if name in ("", event.name)]

    def pool(self, pool_id: str = "pool_A", first_day: date = FIRST_DAY) -> provision_pb2.PlacePool:
        """One pool on a day."""
        return next(pool for pool in self.list_pools(first_day=first_day).pools if pool.pool_id == pool_id)

    def offer(self, case_id: str = "case_1", **facts: Any) -> provision_pb2.Offer:
        """Offer a place in pool_A."""
        return self.stub.OfferPlace(offer_request(case_id, **facts), timeout=30).offer

    def confirm(self, offer: provision_pb2.Offer, etag: str = "") -> provision_pb2.Offer:
        request = provision_pb2.ConfirmPlaceRequest(request_id=new_id("req"), offer_id=offer.offer_id, etag=etag)
        return self.stub.ConfirmPlace(request, timeout=30).offer

    def release(
        self, offer: provision_pb2.Offer, reason_code: str = "withdrawn", etag: str = ""
    ) -> provision_pb2.Offer:
        request = provision_pb2.ReleasePlaceRequest(
            request_id=new_id("req"), offer_id=offer.offer_id, etag=etag, reason_code=reason_code
        )
        return self.stub.ReleasePlace(request, timeout=30).offer

    def extend(self, offer: provision_pb2.Offer, expires_on: date, etag: str = "") -> provision_pb2.Offer:
        request = provision_pb2.ExtendOfferRequest(
            request_id=new_id("req"), offer_id=offer.offer_id, etag=etag, expires_on=to_wire(expires_on)
        )
        return self.stub.ExtendOffer(request, timeout=30).offer

    def list_offers(self, **facts: Any) -> list[provision_pb2.Offer]:
        """A page of offers."""
        return list(self.stub.ListOffers(provision_pb2.ListOffersRequest(**facts), timeout=30).offers)


def _wire(file: SourceFile) -> common_pb2.ImportFile:
    return common_pb2.ImportFile(name=file.name, content=file.content)


def _mode(good_rows_only: bool) -> common_pb2.ImportMode.ValueType:
    return common_pb2.IMPORT_MODE_GOOD_ROWS_ONLY if good_rows_only else common_pb2.IMPORT_MODE_ALL_OR_NOTHING


@pytest.fixture
def running(database_url: str) -> Iterator[Running]:
    """Both services started; provision's database is empty."""
    caseload = SmallCaseload()  # type: ignore[abstract]
    caseload_server = start_caseload(caseload)
    settings = Settings.model_validate(
        {
            "port": 0,
            "threads": THREADS,
            "database_url": database_url,
            "INBOROUGH_CASELOAD_ADDRESS": caseload_server.address,
        }
    )
    server = start_server(settings, build(settings))
    channel = connect("provision", server.address)
    engine = open_database(database_url)
    yield Running(provision_pb2_grpc.ProvisionServiceStub(channel), caseload, caseload_server, server.address, engine)
    engine.dispose()
    channel.close()
    server.stop(0)
    caseload_server.stop(0)


@pytest.fixture
def school(running: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    """1 February 2024; pool_A has three places since long ago; pool_LOW and pool_HIGH share five."""
    monkeypatch.setenv("INBOROUGH_TODAY", TODAY.isoformat())
    running.import_settings(gias_file(gias_row(), gias_row(URN="100002")))
    together = {"urn": "100002", "group_ref": "G", "group_places": "5", "places_commissioned": "4"}
    running.import_pools(
        pools_file(
            pool_row(places_commissioned="3"),
            pool_row(pool_ref="LOW", year_group_low="0", year_group_high="6", **together),
            pool_row(pool_ref="HIGH", **together),
        )
    )
    return running
