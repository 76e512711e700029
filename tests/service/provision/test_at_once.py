"""Many clients at once never oversell a place; the naive way, put to the same checker, does."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, and_, func, or_, select

from inborough.provision.v1 import provision_pb2
from services.provision.storage import offers as stored_offers
from services.provision.storage import tables
from shared.database import open_database, reading, writing
from shared.errors import AlreadyExists, WrongState
from tests.builders.at_once import Answer, Places, ask_at_once, check, draw_requests
from tests.builders.provision import a_placement, offer_request, pool_row, pools_file
from tests.service.provision.conftest import Running

CLIENTS, COPIES = 64, 3
PLACES = Places(
    of_pool={"pool_A": 2, "pool_LOW": 4, "pool_HIGH": 3, **{f"pool_{at}": at for at in range(1, 6)}},
    of_group={"group_G": 4},
    group=defaultdict(str, {"pool_LOW": "group_G", "pool_HIGH": "group_G"}),
)
METADATA = MetaData()
TAKEN = Table("taken", METADATA, Column("case_id", String(60)), Column("pool_id", String(45)))


@pytest.fixture
def pools(school: Running) -> Running:
    """Beside the school's pools five with one to five places; one child is in pool_A and one in pool_HIGH."""
    school.import_pools(
        pools_file(*(pool_row(pool_ref=str(at), kind="sen_unit", places_commissioned=str(at)) for at in range(1, 6)))
    )
    school.caseload.change("rev_2", a_placement("case_there"), a_placement("case_high", urn=100002))
    return school


def test_places_are_never_oversold_nobody_is_placed_twice_and_copies_are_answered_alike(pools: Running) -> None:
    def offer(request: provision_pb2.OfferPlaceRequest) -> bytes:
        return pools.stub.OfferPlace(request, timeout=60).SerializeToString(deterministic=True)

    requests = draw_requests(PLACES, 64, children=40, seed=1)
    outcome = check(ask_at_once(requests, offer, clients=CLIENTS, copies=COPIES), PLACES)
    assert outcome.is_sound, outcome
    assert outcome.accepted == len(pools.events("offer_made")) == len(pools.list_offers(page_size=500)) > 10
    assert outcome.refused["WrongState"] > 0
    for pool in pools.list_pools().pools:
        assert pool.places_filled + pool.places_offered <= pool.places_commissioned


def test_the_databases_own_guard_holds_where_nobody_locks(pools: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    def hold_nothing(connection: Connection, pool_id: str) -> list[str]:
        group = select(tables.pools.c.group_id).where(tables.pools.c.pool_id == pool_id).scalar_subquery()
        both = or_(tables.pools.c.pool_id == pool_id, and_(group != "", tables.pools.c.group_id == group))
        found = list(connection.scalars(select(tables.pools.c.pool_id).where(both)))
        time.sleep(0.002)  # let the others look meanwhile
        return found

    monkeypatch.setattr(stored_offers, "hold_pools", hold_nothing)

    def offer(request: provision_pb2.OfferPlaceRequest) -> bytes:
        return pools.stub.OfferPlace(request, timeout=60).SerializeToString(deterministic=True)

    requests = draw_requests(PLACES, 48, children=40, seed=2)
    outcome = check(ask_at_once(requests, offer, clients=CLIENTS, copies=1), PLACES)
    assert (outcome.oversold, outcome.placed_twice) == (0, 0)
    assert outcome.accepted > 10


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A database with the naive variant's table."""
    opened = open_database(database_url)
    METADATA.create_all(opened)
    yield opened
    opened.dispose()


def test_the_naive_way_oversells_under_the_same_checker(engine: Engine) -> None:
    """Read how many are taken, then write: what everybody writes first. All read before anybody writes."""
    everybody = threading.Barrier(8)

    def offer(request: provision_pb2.OfferPlaceRequest) -> bytes:
        with reading(engine) as connection:
            if _count(connection, case_id=request.case_id):
                raise AlreadyExists("The case has a place.")
            if _count(connection, pool_id=request.pool_id) >= PLACES.of_pool[request.pool_id]:
                raise WrongState("The pool is full.")
        everybody.wait(30)
        with writing(engine) as connection:
            connection.execute(TAKEN.insert(), {"case_id": request.case_id, "pool_id": request.pool_id})
        return request.SerializeToString()

    requests = [offer_request(f"case_{at % 4}", pool_id="pool_A") for at in range(8)]
    outcome = check(ask_at_once(requests, offer, clients=8, copies=1), PLACES)
    assert (outcome.is_sound, outcome.oversold, outcome.placed_twice) == (False, 6, 4)


def _count(connection: Connection, **where: str) -> int:
    query = select(func.count()).select_from(TAKEN).filter_by(**where)
    return connection.execute(query).scalar_one()


def test_the_checker_sees_each_kind_of_fault() -> None:
    one, two = offer_request("case_1"), offer_request("case_2")
    sound = [Answer(one, b"1"), Answer(one, b"1")]
    places = replace(PLACES, of_pool={"pool_A": 1})
    assert check(sound, places).is_sound
    assert check([*sound, Answer(two, b"2")], places).oversold == 1
    assert check([*sound, Answer(offer_request("case_1"), b"2")], places).placed_twice == 1
    assert check([*sound, Answer(one, b"2")], places).copies_that_differ == 1
    assert check([*sound, Answer(one, None, "WrongState")], places).copies_that_differ == 1
    assert check([Answer(two, None, "WrongState")], places).refused_beside_a_free_place == 1
