"""`inborough offers`."""

from __future__ import annotations

import json
from collections.abc import Callable

from inborough.provision.v1 import provision_pb2
from shared.errors import NeighbourDown, WrongState
from tests.builders.cli import CASE_ID, FIRST_DAY
from tests.builders.panel_answers import DECISION_ID, OFFER_ID, RUNS_OUT, an_offer
from tests.service.cli.conftest import Ran, StandIns

Inborough = Callable[..., Ran]
POOL = "pool_ASTMOOR-SEMH"


def test_offers_say_until_when_each_stands(services: StandIns, inborough: Inborough) -> None:
    released = an_offer(state=provision_pb2.OFFER_STATE_RELEASED, reason_code="declined")
    ran_out, named = (
        an_offer(state=provision_pb2.OFFER_STATE_EXPIRED),
        an_offer(state=provision_pb2.OFFER_STATE_CONFIRMED, over_number=True),
    )
    found = [an_offer(), released, ran_out, named]
    services.answer("ListOffers", provision_pb2.ListOffersResponse(offers=found, next_page_token="t2"))
    ran = inborough("offers", "--expiring-by", "2024-03-01", "--pool", POOL, "--case", CASE_ID, "--state", "offered")
    said = " ".join(ran.out.split())
    for words in (
        OFFER_ID,
        "stands until 29 Feb 2024",
        "given back: declined",
        "ran out on 29 Feb 2024",
        "named in the plan, beyond its number",
        "More: --page-size 500",
    ):
        assert words in said
    assert max(map(len, ran.out.splitlines())) <= 80
    request = services.asked["ListOffers"]
    assert (request.pool_id, request.case_id, request.expiring_by.month) == (POOL, CASE_ID, 3)
    assert list(request.states) == [provision_pb2.OFFER_STATE_OFFERED]


def test_offers_as_json_keep_their_names(services: StandIns, inborough: Inborough) -> None:
    services.answer("ListOffers", provision_pb2.ListOffersResponse(offers=[an_offer()]))
    given = json.loads(inborough("offers", "--json").out)
    (offer,) = given["offers"]
    assert (offer["state"], offer["expires_on"], offer["last_day"]) == ("offered", "2024-02-29", None)
    assert given["next_page_token"] == ""


def test_no_offers_say_what_makes_one(services: StandIns, inborough: Inborough) -> None:
    services.answer("ListOffers", provision_pb2.ListOffersResponse())
    assert "No place is offered yet." in inborough("offers").out
    assert "No offer is like that." in inborough("offers", "--case", CASE_ID).out


def test_an_offer_is_extended(services: StandIns, inborough: Inborough) -> None:
    services.answer("ExtendOffer", provision_pb2.ExtendOfferResponse(offer=an_offer()))
    ran = inborough("offers", "extend", OFFER_ID, "--until", "29/02/2024", "--etag", "etag_1")
    request = services.asked["ExtendOffer"]
    assert (request.offer_id, request.expires_on, request.etag) == (OFFER_ID, RUNS_OUT, "etag_1")
    assert f"{OFFER_ID} for {CASE_ID} stands until 29 Feb 2024." in " ".join(ran.out.split())
    assert f"inborough decisions show {DECISION_ID}" in ran.out
    assert "ListOffers" not in services.asked


def test_an_offer_that_ran_out_cannot_be_extended(services: StandIns, inborough: Inborough) -> None:
    services.answer("ExtendOffer", WrongState("The offer ran out on 29 February 2024. Decide again."))
    ran = inborough("offers", "extend", OFFER_ID, "--until", "2024-03-15")
    assert (ran.status, ran.err) == (1, "The offer ran out on 29 February 2024. Decide again.\n")


def test_a_lost_answer_says_which_id_to_repeat(services: StandIns, inborough: Inborough) -> None:
    services.answer("ExtendOffer", NeighbourDown("provision"))
    ran = inborough("offers", "extend", OFFER_ID, "--until", "2024-03-15")
    assert (ran.status, f"--request-id {services.asked['ExtendOffer'].request_id}" in ran.err) == (3, True)


def test_places_are_shown_for_each_day_on_which_they_change(services: StandIns, inborough: Inborough) -> None:
    fixed = provision_pb2.PlacesOnDay(
        pool_id=POOL, day=FIRST_DAY, places_commissioned=16, places_filled=15, places_offered=2, places_free=0
    )
    fixed.places_over_number = 1
    open_ended = provision_pb2.PlacesOnDay(pool_id="pool_M", day=FIRST_DAY, places_filled=3)
    services.answer("ListPlaces", provision_pb2.ListPlacesResponse(places=[fixed, open_ended]))
    period = ("--from", "2024-09-02", "--to", "2025-08-31")
    ran = inborough("offers", "places", "--pool", POOL, "--pool", "pool_M", *period)
    said = " ".join(ran.out.split())
    assert f"{POOL} 2 Sep 2024 16 15 2 0 1 beyond its number" in said
    assert "pool_M 2 Sep 2024 any 3 any" in said
    request = services.asked["ListPlaces"]
    assert (list(request.pool_ids), request.last_day.year) == ([POOL, "pool_M"], 2025)
    steps = json.loads(inborough("offers", "places", "--json").out)["places"]
    assert [step["places_free"] for step in steps] == [0, None]
    assert not services.asked["ListPlaces"].HasField("last_day")
