"""The life of an offer over the wire: made, confirmed, released, extended, counted and recorded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from inborough.provision.v1 import provision_pb2
from shared.days import from_wire
from shared.errors import AlreadyExists, WrongState
from tests.builders.provision import FIRST_DAY, a_placement, offer_request, pool_row, pools_file
from tests.service.provision.conftest import TODAY, Running

OFFERED, CONFIRMED = provision_pb2.OFFER_STATE_OFFERED, provision_pb2.OFFER_STATE_CONFIRMED
RELEASED, EXPIRED = provision_pb2.OFFER_STATE_RELEASED, provision_pb2.OFFER_STATE_EXPIRED


def _counts(school: Running, pool_id: str = "pool_A", first_day: date = FIRST_DAY) -> tuple[int, int, int, int]:
    """Filled, offered, free, over number."""
    pool = school.pool(pool_id, first_day)
    return pool.places_filled, pool.places_offered, pool.places_free, pool.places_over_number


def test_an_offer_holds_a_place_until_the_usual_day(school: Running) -> None:
    offer = school.offer(last_day=date(2028, 7, 21))
    assert (offer.state, from_wire(offer.expires_on, "")) == (OFFERED, TODAY + timedelta(days=28))
    assert (offer.case_id, offer.pool_id, offer.decision_id, offer.over_number) == ("case_1", "pool_A", "dec_1", False)
    assert from_wire(offer.last_day, "") == date(2028, 7, 21)
    assert _counts(school) == (0, 1, 2, 0)
    assert list(school.pool().offered_to) == ["case_1"]


def test_a_place_can_be_offered_until_another_day(school: Running) -> None:
    assert from_wire(school.offer(expires_on=TODAY).expires_on, "") == TODAY


def test_a_confirmed_place_is_filled_and_counts_nowhere_else(school: Running) -> None:
    school.caseload.change("rev_2", a_placement("case_1", urn=100002))
    offer = school.offer()
    assert _counts(school, "pool_HIGH")[0] == 1
    confirmed = school.confirm(offer)
    assert (confirmed.state, confirmed.etag != offer.etag) == (CONFIRMED, True)
    assert _counts(school) == (1, 0, 2, 0)
    assert _counts(school, "pool_HIGH")[0] == 0


def test_a_phase_transfers_offer_gives_the_present_place_up(school: Running) -> None:
    school.caseload.change("rev_2", a_placement("case_1", urn=100002))
    school.offer(gives_up_place=True)
    assert _counts(school, "pool_HIGH")[0] == 0


@pytest.mark.parametrize("is_confirmed", [False, True])
def test_a_released_place_is_free_again(school: Running, is_confirmed: bool) -> None:
    offer = school.offer()
    if is_confirmed:
        school.confirm(offer)
    released = school.release(offer, "declined")
    assert (released.state, released.reason_code) == (RELEASED, "declined")
    assert _counts(school) == (0, 0, 3, 0)
    school.offer()


def test_confirming_and_releasing_again_changes_nothing(school: Running) -> None:
    offer = school.offer()
    assert school.confirm(offer) == school.confirm(offer, etag=offer.etag)
    assert school.release(offer) == school.release(offer, "mistaken")
    assert [event.name for event in school.events()][-3:] == ["offer_made", "place_confirmed", "place_released"]


def test_an_extended_offer_stands_longer(school: Running) -> None:
    later = TODAY + timedelta(days=180)
    assert from_wire(school.extend(school.offer(), later).expires_on, "") == later


def test_an_offer_that_ran_out_may_be_extended_while_nobody_has_ended_it(
    school: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = school.offer()
    monkeypatch.setenv("INBOROUGH_TODAY", "2024-03-04")
    with pytest.raises(WrongState, match=r"ran out on 29 February 2024\. Extend it, or offer the place anew"):
        school.confirm(offer)
    school.extend(offer, date(2024, 3, 11))
    assert school.confirm(offer).state == CONFIRMED


def test_a_new_offer_ends_those_of_the_pool_that_ran_out(school: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    old = [school.offer(f"case_{at}") for at in range(3)]
    monkeypatch.setenv("INBOROUGH_TODAY", "2024-03-04")
    school.offer("case_new")
    assert [offer.state for offer in school.list_offers(pool_id="pool_A")] == [EXPIRED] * 3 + [OFFERED]
    ended = school.events("offer_expired")
    assert {event.facts["offer_id"] for event in ended} == {offer.offer_id for offer in old}
    assert {event.actor for event in ended} == {"service_provision"}


def test_a_new_offer_ends_the_cases_own_that_ran_out_elsewhere(
    school: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    school.offer(pool_id="pool_LOW")
    monkeypatch.setenv("INBOROUGH_TODAY", "2024-03-04")
    assert school.offer().state == OFFERED


def test_the_same_request_again_gives_the_same_answer_and_does_nothing_more(school: Running) -> None:
    request = offer_request()
    first, again = (school.stub.OfferPlace(request, timeout=30) for _ in range(2))
    school.caseload_server.stop(0)
    third = school.stub.OfferPlace(request, timeout=30)
    assert first.SerializeToString() == again.SerializeToString() == third.SerializeToString()
    assert len(school.events("offer_made")) == 1


def test_the_same_request_id_with_another_body_is_refused(school: Running) -> None:
    request = offer_request()
    school.stub.OfferPlace(request, timeout=30)
    with pytest.raises(AlreadyExists, match="request id was used"):
        school.stub.OfferPlace(offer_request("case_2", request_id=request.request_id), timeout=30)


def test_a_full_pool_can_be_named_over_its_number_knowingly_and_says_so(school: Running) -> None:
    for at in range(3):
        assert not school.offer(f"case_{at}", over_number=True).over_number
    fourth = school.offer("case_4", over_number=True)
    assert fourth.over_number
    assert _counts(school) == (0, 4, 0, 1)
    assert school.events("offer_made")[-1].facts["over_number"] == "yes"
    with pytest.raises(WrongState):
        school.offer("case_5")


def test_a_confirmed_place_is_counted_by_caseload_once_it_is_there(school: Running) -> None:
    school.confirm(school.offer())
    named = a_placement("case_1", pool_id="pool_A", first_day=FIRST_DAY)
    school.caseload.change("rev_2", named)
    assert _counts(school) == (1, 0, 2, 0)
    elsewhere = school.offer(pool_id="pool_HIGH", first_day=date(2025, 1, 6))
    assert elsewhere.state == OFFERED
    assert _counts(school) == (1, 0, 2, 0)
    school.caseload.change("rev_3")
    assert _counts(school) == (0, 0, 3, 0)


def test_planners_see_counts_and_no_child(school: Running) -> None:
    school.caseload.change("rev_2", a_placement("case_there"))
    school.offer()
    request = provision_pb2.ListPlacePoolsRequest(first_day=offer_request().first_day)

    def shown_to(role: str) -> tuple[int, int, list[str]]:
        pools = school.as_caller(role).ListPlacePools(request, timeout=30).pools
        pool = next(pool for pool in pools if pool.pool_id == "pool_A")
        return pool.places_filled, pool.places_offered, [*pool.held_by, *pool.offered_to]

    assert shown_to("planner") == (1, 1, [])
    assert shown_to("caseworker") == (1, 1, ["case_there", "case_1"])


def test_the_revision_changes_with_every_change_of_an_offer(school: Running) -> None:
    revisions = [school.list_pools().revision]
    offer = school.offer()
    revisions.append(school.list_pools().revision)
    school.confirm(offer)
    revisions.append(school.list_pools().revision)
    school.release(offer)
    revisions.append(school.list_pools().revision)
    assert len(set(revisions)) == 4
    assert school.list_pools(revisions[-1]).unchanged


def test_every_change_is_recorded_with_its_case_and_for_whom_it_was_made(school: Running) -> None:
    offer = school.offer()
    school.extend(offer, date(2024, 3, 11))
    school.confirm(offer)
    school.release(offer, "left")
    names = ["offer_made", "offer_extended", "place_confirmed", "place_released"]
    made = [event for event in school.events() if event.name in names]
    assert [event.name for event in made] == names
    assert {(event.case_ids, event.facts["decision_id"]) for event in made} == {(("case_1",), "dec_1")}
    assert made[-1].facts["reason_code"] == "left"


def test_a_persons_look_at_offers_is_recorded_and_a_services_is_not(school: Running) -> None:
    school.offer("case_1")
    school.offer("case_2")
    for stub in (school.as_caller("service", user_id="service_placement"), school.as_caller("caseworker")):
        stub.ListOffers(provision_pb2.ListOffersRequest(), timeout=30)
    [look] = school.events("offers_listed")
    assert (look.actor, look.case_ids) == ("user_caseworker", ("case_1", "case_2"))


def test_offers_come_by_last_day_then_id_and_page_by_page(school: Running) -> None:
    made = [school.offer(f"case_{at}", expires_on=TODAY + timedelta(days=at % 2)) for at in range(3)]
    ordered = sorted(made, key=lambda offer: (from_wire(offer.expires_on, ""), offer.offer_id))
    found: list[provision_pb2.Offer] = []
    token = ""
    while not found or token:
        request = provision_pb2.ListOffersRequest(page_size=1, page_token=token)
        page = school.stub.ListOffers(request, timeout=30)
        found, token = [*found, *page.offers], page.next_page_token
    assert found == ordered


def test_offers_can_be_chosen_by_pool_case_state_and_last_day(school: Running) -> None:
    one, two = school.offer("case_1", expires_on=TODAY), school.offer("case_2", pool_id="pool_LOW")
    confirmed = school.confirm(two)
    day = offer_request(expires_on=TODAY).expires_on
    assert school.list_offers(pool_id="pool_A") == school.list_offers(case_id="case_1") == [one]
    assert school.list_offers(states=[CONFIRMED]) == [confirmed]
    assert school.list_offers(expiring_by=day) == [one]
    assert school.list_offers(case_id="case_3") == []


def test_places_over_a_period_change_on_the_days_on_which_something_does(school: Running) -> None:
    school.import_pools(
        pools_file(pool_row(places_commissioned="3"), pool_row(places_commissioned="4", first_day="2025-01-06"))
    )
    school.caseload.change("rev_2", a_placement("case_there", last_day=date(2024, 12, 20)))
    school.offer(last_day=date(2025, 3, 31))
    period = offer_request(first_day=date(2023, 9, 1), last_day=date(2025, 6, 30))
    request = provision_pb2.ListPlacesRequest(pool_ids=["pool_A"], first_day=period.first_day, last_day=period.last_day)
    steps = school.as_caller("planner").ListPlaces(request, timeout=30).places
    assert [
        (from_wire(step.day, ""), step.places_commissioned, step.places_filled, step.places_offered, step.places_free)
        for step in steps
    ] == [
        (date(2023, 9, 1), 3, 1, 0, 2),
        (FIRST_DAY, 3, 1, 1, 1),
        (date(2024, 12, 21), 3, 0, 1, 2),
        (date(2025, 1, 6), 4, 0, 1, 3),
        (date(2025, 4, 1), 4, 0, 0, 4),
    ]


def test_places_on_one_day_are_those_of_all_pools_within_their_shared_cap(school: Running) -> None:
    for at in range(3):
        school.offer(f"case_{at}", pool_id="pool_LOW")
    request = provision_pb2.ListPlacesRequest(first_day=offer_request().first_day)
    places = {step.pool_id: step for step in school.stub.ListPlaces(request, timeout=30).places}
    assert {pool_id: step.places_free for pool_id, step in places.items()} == {
        "pool_A": 3,
        "pool_HIGH": 2,
        "pool_LOW": 1,
    }
