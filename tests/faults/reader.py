"""Everything that a running system says of itself, read over its own calls, repeated while a service is down."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import grpc
from google.protobuf.message import Message

from inborough.caseload.v1 import caseload_pb2_grpc
from inborough.events.v1 import events_pb2, events_pb2_grpc
from inborough.journal.v1 import journal_pb2_grpc
from inborough.placement.v1 import decisions_pb2, decisions_pb2_grpc, placement_pb2_grpc, scenarios_pb2_grpc
from inborough.provision.v1 import provision_pb2_grpc
from shared.errors import ChangedMeanwhile, NeighbourDown
from tests.faults.supervised import SERVICES

SECONDS = 20.0
GIVE_UP_SECONDS = 300.0
UNFINISHED = (
    decisions_pb2.DECISION_STATE_REQUESTED,
    decisions_pb2.DECISION_STATE_NAMING,
    decisions_pb2.DECISION_STATE_WITHDRAWING,
)
AnswerT = TypeVar("AnswerT")


class Reader:
    """Somebody of every role. `channel`: the channel to a service by its name."""

    def __init__(self, channel: Callable[[str], grpc.Channel]) -> None:
        people = {name: channel(name) for name in SERVICES}
        self.caseload = caseload_pb2_grpc.CaseloadServiceStub(people["caseload"])
        self.provision = provision_pb2_grpc.ProvisionServiceStub(people["provision"])
        self.placement = placement_pb2_grpc.PlacementServiceStub(people["placement"])
        self.decisions = decisions_pb2_grpc.DecisionServiceStub(people["placement"])
        self.scenarios = scenarios_pb2_grpc.ScenarioServiceStub(people["placement"])
        self.journal = journal_pb2_grpc.JournalServiceStub(people["journal"])
        self.logs = {name: events_pb2_grpc.EventServiceStub(channel) for name, channel in people.items()}

    def ask(self, method: Callable[..., AnswerT], request: Message) -> AnswerT:
        """The answer, asked for again and again while a service is down."""
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while True:
            try:
                return method(request, timeout=SECONDS)
            except (NeighbourDown, ChangedMeanwhile):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def decision(self, decision_id: str) -> decisions_pb2.Decision:
        """A decision as it stands."""
        request = decisions_pb2.GetDecisionRequest(decision_id=decision_id)
        return self.ask(self.decisions.GetDecision, request).record.decision

    def list_decisions(self) -> list[decisions_pb2.Decision]:
        """Every decision."""
        found: list[decisions_pb2.Decision] = []
        token = ""
        while True:
            request = decisions_pb2.ListDecisionsRequest(page_size=500, page_token=token)
            page = self.ask(self.decisions.ListDecisions, request)
            found += page.decisions
            token = page.next_page_token
            if not token:
                return found

    def events(self, service: str) -> list[events_pb2.Event]:
        """A service's whole log."""
        found: list[events_pb2.Event] = []
        while True:
            after = found[-1].sequence if found else 0
            answer = self.ask(
                self.logs[service].ListEvents, events_pb2.ListEventsRequest(after_sequence=after, most=1000)
            )
            found += answer.events
            if len(answer.events) < 1000:
                return found

    def wait_until_at_rest(self, seconds: float) -> None:
        """Until no decision is half-done and the journal has read every log. Raises RuntimeError saying what hangs."""
        deadline = time.monotonic() + seconds
        while hanging := self._hanging():
            if time.monotonic() > deadline:
                raise RuntimeError(f"not at rest after {seconds:.0f} s: {hanging}")
            time.sleep(0.1)

    def _hanging(self) -> str:
        states = decisions_pb2.ListDecisionsRequest(states=UNFINISHED, page_size=1)
        if self.ask(self.decisions.ListDecisions, states).decisions:
            return "a decision is half-done"
        read = self.ask(self.logs["journal"].ListCursors, events_pb2.ListCursorsRequest()).cursors
        at = {cursor.source: cursor.sequence for cursor in read}
        for name in ("caseload", "provision", "cost", "placement"):
            request = events_pb2.ListEventsRequest(after_sequence=2**62)
            if at.get(name, 0) < self.ask(self.logs[name].ListEvents, request).last_sequence:
                return f"the journal has not read all of {name}"
        return ""
