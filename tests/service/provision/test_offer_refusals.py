"""What each RPC on offers refuses, and what it says then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from inborough.common.v1 import common_pb2
from inborough.provision.v1 import provision_pb2
from services.provision.storage import offers as stored_offers
from shared.database import writing
from shared.days import to_wire
from shared.errors import (
    AlreadyExists,
    ChangedMeanwhile,
    InboroughError,
    InvalidInput,
    NeighbourDown,
    NotAllowed,
    NotFound,
    WrongState,
)
from shared.ids import new_id
from tests.builders.provision import FIRST_DAY, a_placement, an_offer, offer_request, pool_row, pools_file
from tests.service.provision.conftest import TODAY, Running

NO_OFFER = "offer_0000000000000000"


def test_a_full_pool_is_refused_with_the_day_and_the_counts(school: Running) -> None:
    school.caseload.change("rev_2", a_placement("case_there"))
    school.offer("case_2")
    school.offer("case_3")
    with pytest.raises(
        WrongState, match="pool_A has no place free on 2 September 2024: 3 commissioned, 3 held"
    ) as told:
        school.offer("case_4")
    assert told.value.facts == {
        "pool_id": "pool_A",
        "cap_id": "pool_A",
        "day": "2024-09-02",
        "commissioned": "3",
        "held": "3",
    }


def test_a_full_group_is_refused_by_its_name(school: Running) -> None:
    for at in range(5):
        school.offer(f"case_{at}", pool_id="pool_LOW" if at < 3 else "pool_HIGH")
    with pytest.raises(
        WrongState, match="group_G, which pool_HIGH is in, has no place free on 2 September 2024: 5 com"
    ):
        school.offer("case_6", pool_id="pool_HIGH")


def test_a_pool_that_is_full_on_a_later_day_is_refused_with_that_day(school: Running) -> None:
    for at in range(3):
        school.offer(f"case_{at}", first_day=date(2025, 1, 6))
    with pytest.raises(WrongState, match="6 January 2025"):
        school.offer("case_4")
    school.offer("case_4", last_day=date(2025, 1, 5))


def test_a_pool_that_is_not_open_has_no_place_not_even_over_number(school: Running) -> None:
    later, planned = pool_row(pool_ref="LATER", first_day="2025-09-01"), pool_row(pool_ref="PLANNED", confirmed="no")
    school.import_pools(pools_file(later, planned))
    for pool_id in ("pool_LATER", "pool_PLANNED"):
        for over_number in (False, True):
            with pytest.raises(WrongState, match="not open on 2 September 2024: no places are confirmed"):
                school.offer(pool_id=pool_id, over_number=over_number)


def test_a_case_has_one_live_offer_at_most(school: Running) -> None:
    first = school.offer()
    with pytest.raises(AlreadyExists, match="an offer that stands until 29 February 2024 already") as told:
        school.offer(pool_id="pool_LOW")
    assert told.value.facts["offer_id"] == first.offer_id
    school.confirm(first)
    with pytest.raises(AlreadyExists, match="a confirmed place already"):
        school.offer(pool_id="pool_LOW")


def test_the_database_itself_refuses_a_place_or_a_child_taken_twice(school: Running) -> None:
    with writing(school.engine) as connection:
        stored_offers.insert(connection, an_offer("case_1"))
    for other in (an_offer("case_2", offer_id=NO_OFFER), an_offer("case_1", "pool_LOW", place_number=2)):
        with pytest.raises(IntegrityError), writing(school.engine) as connection:
            stored_offers.insert(connection, other)


BREAKING: list[tuple[str, Any]] = [
    ("request_id", "req_1"),
    ("request_id", ""),
    ("case_id", ""),
    ("case_id", "case_' OR 1"),
    ("case_id", "Ann Other"),
    ("pool_id", ""),
    ("pool_id", "A"),
    ("decision_id", ""),
    ("decision_id", "dec_with words"),
    ("first_day", date(2050, 1, 1)),
    ("first_day", date(1950, 1, 1)),
    ("last_day", FIRST_DAY - timedelta(days=1)),
    ("expires_on", TODAY - timedelta(days=1)),
    ("expires_on", TODAY + timedelta(days=181)),
]


def test_an_offer_with_a_field_that_breaks_a_rule_is_refused_without_repeating_it(school: Running) -> None:
    for field, value in BREAKING:
        with pytest.raises(InvalidInput, match=field) as told:
            school.offer(**{"case_id": "case_1", field: value})
        assert not isinstance(value, str) or not value or value == "A" or value not in told.value.message
    assert school.events("offer_made") == []


def test_a_day_that_is_none_is_refused(school: Running) -> None:
    request = offer_request()
    request.first_day.month = 13
    with pytest.raises(InvalidInput, match="first_day"):
        school.stub.OfferPlace(request, timeout=30)


def test_an_unknown_pool_or_offer_is_not_found(school: Running) -> None:
    with pytest.raises(NotFound, match="place pool pool_NONE"):
        school.offer(pool_id="pool_NONE")
    with pytest.raises(NotFound, match="place pool pool_NONE"):
        school.stub.ListPlaces(
            provision_pb2.ListPlacesRequest(pool_ids=["pool_A", "pool_NONE"], first_day=to_wire(TODAY)), timeout=30
        )
    nothing = provision_pb2.Offer(offer_id=NO_OFFER)
    for change in (school.confirm, school.release, lambda offer: school.extend(offer, TODAY)):
        with pytest.raises(NotFound, match=NO_OFFER):
            change(nothing)


def test_without_caseload_no_place_is_offered(school: Running) -> None:
    school.caseload_server.stop(0)
    with pytest.raises(NeighbourDown, match="caseload"):
        school.offer()
    with pytest.raises(NeighbourDown, match="caseload"):
        school.stub.ListPlaces(provision_pb2.ListPlacesRequest(first_day=to_wire(TODAY)), timeout=30)


def test_a_stale_etag_is_refused_and_says_what_changed(school: Running) -> None:
    read = school.offer()
    extended = school.extend(read, date(2024, 3, 11))
    for change in _changes(school):
        with pytest.raises(ChangedMeanwhile, match="it is offered until 11 March 2024") as told:
            change(read)
        assert (told.value.facts["state"], told.value.facts["expires_on"]) == ("offered", "2024-03-11")
    assert school.confirm(extended, etag=extended.etag).state == provision_pb2.OFFER_STATE_CONFIRMED
    with pytest.raises(ChangedMeanwhile, match="it is confirmed"):
        school.release(read, etag=extended.etag)


def _changes(school: Running) -> list[Callable[[provision_pb2.Offer], object]]:
    return [
        lambda offer: school.confirm(offer, etag=offer.etag),
        lambda offer: school.release(offer, etag=offer.etag),
        lambda offer: school.extend(offer, date(2024, 3, 18), etag=offer.etag),
    ]


def test_what_has_ended_can_be_neither_confirmed_nor_extended(school: Running) -> None:
    released = school.release(school.offer())
    with pytest.raises(WrongState, match=r"The offer is released, not offered\. Record a new decision"):
        school.confirm(released)
    with pytest.raises(WrongState, match="released, not offered"):
        school.extend(released, date(2024, 3, 11))
    confirmed = school.confirm(school.offer())
    with pytest.raises(WrongState, match="confirmed, not offered"):
        school.extend(confirmed, date(2024, 3, 11))


def test_an_offer_is_extended_to_a_later_day_within_180_days(school: Running) -> None:
    offer = school.offer()
    for days in (-30, 0, 28, 181):
        with pytest.raises(InvalidInput, match="expires_on"):
            school.extend(offer, TODAY + timedelta(days=days))


def test_a_release_has_a_reason_that_is_a_code(school: Running) -> None:
    offer = school.offer()
    for reason in ("", "because the family moved"):
        with pytest.raises(InvalidInput, match="reason_code: must be one of withdrawn, declined, left, mistaken"):
            school.release(offer, reason)


def test_a_list_of_offers_that_cannot_be_is_refused(school: Running) -> None:
    lists: list[dict[str, Any]] = [
        {"page_size": 501},
        {"page_token": "2024-02-01"},
        {"page_token": f"2024-02-31.{NO_OFFER}"},
        {"states": [provision_pb2.OFFER_STATE_UNSPECIFIED]},
        {"pool_id": "A"},
        {"case_id": "Ann Other"},
        {"expiring_by": common_pb2.Date(year=2024, month=2, day=30)},
    ]
    for facts in lists:
        with pytest.raises(InvalidInput, match=next(iter(facts))):
            school.list_offers(**facts)


def test_a_period_that_cannot_be_is_refused(school: Running) -> None:
    periods: list[dict[str, Any]] = [
        {"pool_ids": ["A"]},
        {"pool_ids": [f"pool_{at}" for at in range(501)]},
        {"last_day": to_wire(TODAY - timedelta(days=1))},
        {"last_day": to_wire(date(2035, 1, 1))},
        {"first_day": common_pb2.Date()},
    ]
    for facts in periods:
        request = provision_pb2.ListPlacesRequest(**{"first_day": to_wire(TODAY), **facts})
        with pytest.raises(InvalidInput, match=next(iter(facts))):
            school.stub.ListPlaces(request, timeout=30)


def test_places_are_offered_confirmed_and_released_by_services_alone(school: Running) -> None:
    ids = {"request_id": new_id("req"), "offer_id": school.offer().offer_id}
    stub = school.as_caller("panel_chair", "panel_member", "caseworker", "planner", "administrator", "auditor")
    with pytest.raises(NotAllowed):
        stub.OfferPlace(offer_request("case_2"), timeout=30)
    with pytest.raises(NotAllowed):
        stub.ConfirmPlace(provision_pb2.ConfirmPlaceRequest(**ids), timeout=30)
    with pytest.raises(NotAllowed):
        stub.ReleasePlace(provision_pb2.ReleasePlaceRequest(**ids, reason_code="left"), timeout=30)


def test_a_refusal_leaves_nothing_behind_so_that_the_same_request_may_succeed_later(school: Running) -> None:
    full = [school.offer(f"case_{at}") for at in range(3)]
    request, events = offer_request("case_4"), len(school.events())
    with pytest.raises(InboroughError):
        school.stub.OfferPlace(request, timeout=30)
    assert len(school.events()) == events
    school.release(full[0])
    assert school.stub.OfferPlace(request, timeout=30).offer.case_id == "case_4"
