"""What `--state` and `--ground` take is what the wire has, no more and no less."""

from __future__ import annotations

from collections.abc import Iterable

from google.protobuf.descriptor import EnumDescriptor

from inborough.placement.v1 import consultations_pb2, decisions_pb2
from inborough.provision.v1 import provision_pb2
from services.cli.commands import consult, decisions, offers
from services.cli.deciding.asked import Ground
from services.cli.pages.message_json import code
from services.words import decisions as decision_words
from services.words.consultations import REPLIES


def on_the_wire(enum: EnumDescriptor) -> set[str | None]:
    return {code(enum, number) for number in enum.values_by_number if number}


def said(states: Iterable[str]) -> set[str | None]:
    return {str(state) for state in states}


def test_states_that_can_be_asked_for_are_those_of_the_wire() -> None:
    assert said(decisions.State) == on_the_wire(decisions_pb2.DecisionState.DESCRIPTOR)
    assert said(offers.State) == on_the_wire(provision_pb2.OfferState.DESCRIPTOR)
    assert said(consult.REPLIES) == on_the_wire(consultations_pb2.Reply.DESCRIPTOR)


def test_every_state_ground_and_reply_has_words() -> None:
    assert set(decision_words.STATES) == set(decisions_pb2.DecisionState.DESCRIPTOR.values_by_number) - {0}
    assert set(decision_words.GROUNDS) == set(Ground)
    assert set(REPLIES) == set(consultations_pb2.Reply.DESCRIPTOR.values_by_number) - {0}
