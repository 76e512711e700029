"""Answers as JSON under the names of the wire."""

from __future__ import annotations

from inborough.common.v1 import common_pb2
from inborough.events.v1 import events_pb2
from inborough.placement.v1 import decisions_pb2, panels_pb2
from inborough.provision.v1 import provision_pb2
from services.cli.pages.message_json import code, message_json


def test_days_are_iso_and_what_is_absent_is_null() -> None:
    given = message_json(decisions_pb2.Decision(first_day=common_pb2.Date(year=2024, month=9, day=2)))
    assert (given["first_day"], given["deferred_until"]) == ("2024-09-02", None)
    assert message_json(provision_pb2.PlacesOnDay(places_free=0))["places_free"] == 0
    assert message_json(provision_pb2.PlacesOnDay())["places_free"] is None


def test_an_enum_is_its_last_words_and_null_when_not_set() -> None:
    states = decisions_pb2.DecisionState.DESCRIPTOR
    assert code(states, decisions_pb2.DECISION_STATE_NOT_OFFERED) == "not_offered"
    assert code(states, 0) is None
    assert code(states, 999) is None


def test_lists_maps_and_messages_within_are_given_whole() -> None:
    panel = message_json(panels_pb2.Panel(agenda=[panels_pb2.AgendaItem(case_id="case_1", missing=["home"])]))
    assert panel["agenda"][0]["missing"] == ["home"]
    assert message_json(events_pb2.Event(facts={"offer_id": "offer_1"}))["facts"] == {"offer_id": "offer_1"}


def test_every_field_of_a_message_is_there() -> None:
    for message in (decisions_pb2.DecisionRecord, panels_pb2.Panel, provision_pb2.Offer, events_pb2.DeadLetter):
        assert set(message_json(message())) == {field.name for field in message.DESCRIPTOR.fields}
