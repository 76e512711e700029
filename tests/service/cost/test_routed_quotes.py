"""Quotes by a router, on both databases: asked once, kept, and refused by name when it does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from inborough.cost.v1 import cost_pb2 as pb
from services.cost.settings import Settings
from services.cost.travel import build_travels
from shared.clock import today
from shared.database import open_database
from shared.days import from_wire
from shared.errors import InvalidInput, NeighbourDown
from tests.builders.cost import HOME, child, pool, request
from tests.builders.routers import Asked, Fault, StandIn, router
from tests.service.cost.conftest import Cost, serving

CHILDREN = [child(metres_away=metres, case_id=f"case_{metres}") for metres in (2_000, 4_000, 9_000)]


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with router() as found:
        yield found


def settings(database_url: str, provider: str, url: str, **more: Any) -> Settings:
    return Settings(
        port=0, metrics_port=0, database_url=database_url, travel_provider=provider, travel_driving_url=url, **more
    )


def quoted(cost: Cost) -> pb.QuoteOptionsResponse:
    return cost.quote(request(CHILDREN, [pool(location=HOME)]))


def column(packed: bytes) -> list[int]:
    found: list[int] = np.frombuffer(packed, "<i4").tolist()
    return found


def test_a_router_is_asked_once_and_its_answers_outlive_the_process(database_url: str, stand_in: StandIn) -> None:
    given = settings(database_url, "valhalla", stand_in.url)
    with serving(given) as cost:
        cost.import_card()
        first = quoted(cost)
        assert quoted(cost).distance_metres == first.distance_metres
    with serving(given) as cost:
        again = quoted(cost)
    assert stand_in.asked == [Asked("auto", 3, 1), Asked("pedestrian", 3, 1)]
    assert (again.distance_metres, again.walking_metres) == (first.distance_metres, first.walking_metres)
    assert again.revision == first.revision
    assert column(first.distance_metres) == pytest.approx([2_000, 4_000, 9_000], rel=0.03)
    (source,) = first.travel_sources
    assert (source.method, from_wire(source.as_of_day, "day")) == ("Valhalla", today())
    assert first.travel_method == "Valhalla"


def test_osrm_answers_for_driving_and_the_straight_line_for_walking_where_no_server_walks(
    database_url: str, stand_in: StandIn
) -> None:
    with serving(settings(database_url, "osrm", stand_in.url)) as cost:
        cost.import_card()
        found = quoted(cost)
    assert stand_in.asked == [Asked("car", 3, 1)]
    assert column(found.walking_metres) == [2_600, 5_200, 11_700]
    assert found.travel_sources[0].method == "OSRM; on foot: straight line x 1.30, 30 km/h and 5 minutes"


def test_a_router_that_does_not_answer_fails_the_quote_by_name_and_nothing_else(
    database_url: str, stand_in: StandIn
) -> None:
    with serving(settings(database_url, "osrm", stand_in.url)) as cost:
        cost.import_card()
        stand_in.faults += [Fault(b"<html>")]
        with pytest.raises(NeighbourDown, match=r"OSRM driving.*INBOROUGH_COST_TRAVEL_DRIVING_URL"):
            quoted(cost)
        assert len(column(quoted(cost).distance_metres)) == 3


def test_other_settings_of_travel_change_the_revision(database_url: str, stand_in: StandIn) -> None:
    with serving(Settings(port=0, metrics_port=0, database_url=database_url)) as cost:
        cost.import_card()
        before = quoted(cost).revision
    with serving(settings(database_url, "osrm", stand_in.url)) as cost:
        assert quoted(cost).revision != before


@pytest.mark.parametrize("url", ["", "router:5000", "ftp://127.0.0.1", "http://", "http://me@127.0.0.1", "http://a?b"])
def test_a_routers_address_that_is_none_is_refused_at_start(url: str) -> None:
    engine = open_database("sqlite://")
    with pytest.raises(InvalidInput, match="INBOROUGH_COST_TRAVEL_DRIVING_URL: is not an address"):
        build_travels(engine, Settings(travel_provider="osrm", travel_driving_url=url))
    engine.dispose()


def test_the_legs_of_a_run_have_no_minutes_for_getting_in_and_out(tmp_path: Any) -> None:
    given = Settings(port=0, metrics_port=0, database_url=f"sqlite:///{tmp_path / 'cost.db'}")
    with serving(given):
        engine = open_database(given.database("cost"))
        travels = build_travels(engine, given)
        assert (travels.journeys.method, travels.legs.method) == (
            "straight line x 1.30, 30 km/h and 5 minutes",
            "straight line x 1.30, 30 km/h",
        )
        travels.close()
        engine.dispose()
