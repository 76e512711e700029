"""A panel's chair who decides case after case, and repeats a request until it is answered."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import grpc
from google.protobuf.message import Message

from inborough.caseload.v1 import caseload_pb2, caseload_pb2_grpc
from inborough.events.v1 import events_pb2, events_pb2_grpc
from inborough.journal.v1 import journal_pb2_grpc
from inborough.placement.v1 import decisions_pb2, decisions_pb2_grpc, placement_pb2, placement_pb2_grpc
from inborough.provision.v1 import provision_pb2_grpc
from shared.errors import ChangedMeanwhile, NeighbourDown, WrongState
from shared.ids import new_id
from tests.builders.identity import connect
from tests.builders.system import load_demonstration
from tests.faults.supervised import SERVICES, Supervised

SECONDS = 20.0
GIVE_UP_SECONDS = 300.0
UNFINISHED = (
    decisions_pb2.DECISION_STATE_REQUESTED,
    decisions_pb2.DECISION_STATE_NAMING,
    decisions_pb2.DECISION_STATE_WITHDRAWING,
)
AnswerT = TypeVar("AnswerT")


@dataclass(frozen=True)
class Acknowledged:
    """A decision whose request was answered: what was asked and answered, and how far it was taken."""

    request: decisions_pb2.RecordDecisionRequest
    decision_id: str
    answer: bytes
    way: str


class Chair:
    """Decides cases of the demonstration, each once, on a running system."""

    def __init__(self, system: Supervised, folder: Path, scale: int | None = None) -> None:
        addresses = {f"{name}_address": system.address(name) for name in SERVICES}
        load_demonstration(addresses, folder / "demonstration", scale=scale)
        self._open = ExitStack()
        people = {name: self._channel(system, name) for name in SERVICES}
        self.caseload = caseload_pb2_grpc.CaseloadServiceStub(people["caseload"])
        self.provision = provision_pb2_grpc.ProvisionServiceStub(people["provision"])
        self.placement = placement_pb2_grpc.PlacementServiceStub(people["placement"])
        self.decisions = decisions_pb2_grpc.DecisionServiceStub(people["placement"])
        self.journal = journal_pb2_grpc.JournalServiceStub(people["journal"])
        self.logs = {name: events_pb2_grpc.EventServiceStub(channel) for name, channel in people.items()}
        self._cases = self._cases_due()

    def close(self) -> None:
        """Close the channels."""
        self._open.close()

    def _channel(self, system: Supervised, name: str) -> grpc.Channel:
        return self._open.enter_context(connect(name, system.address(name)))

    def _cases_due(self) -> Iterator[caseload_pb2.Case]:
        token = ""
        while True:
            request = caseload_pb2.ListCasesRequest(only_due=True, page_size=100, page_token=token)
            page = self.ask(self.caseload.ListCases, request)
            yield from page.cases
            token = page.next_page_token
            if not token:
                return

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

    def decide(self, way: str) -> Acknowledged:
        """Decide the next case that has an option with a place, and take the decision as far as `way` says."""
        for case in self._cases:
            request = self._request(case)
            if request is None:
                continue
            try:
                answer = self.ask(self.decisions.RecordDecision, request)
            except WrongState:  # the case changed between recommending and deciding: another one will do
                continue
            done = Acknowledged(request, answer.decision.decision_id, answer.SerializeToString(deterministic=True), way)
            self._go_on(done, way)
            return done
        raise RuntimeError("no case is left to decide; use a larger demonstration")

    def _request(self, case: caseload_pb2.Case) -> decisions_pb2.RecordDecisionRequest | None:
        """A decision for the option ranked first, if it has a place and refuses nobody's request."""
        asked = placement_pb2.RecommendOptionsRequest(case_id=case.case_id, top=1)
        advice = self.ask(self.placement.RecommendOptions, asked).recommendation
        best = next((option for option in advice.options if option.rank == 1), None)
        if best is None or (best.HasField("places_free") and best.places_free < 1):
            return None
        asked_for = {option.urn for option in advice.options if option.requested} - {best.urn}
        if asked_for:
            return None
        return decisions_pb2.RecordDecisionRequest(
            request_id=new_id("req"),
            case_id=case.case_id,
            recommendation_id=advice.recommendation_id,
            kind=decisions_pb2.DECISION_KIND_AGREE,
            pool_id=best.pool_id,
            urgency="An invented chair's decision in a test.",
            section_33_steps="None in this test.",
            views_of_child="Invented.",
            views_of_parents="Invented.",
        )

    def _go_on(self, done: Acknowledged, way: str) -> None:
        if way == "record":
            return
        self._wait_until_offered(done.decision_id)
        if way == "name":
            naming = decisions_pb2.NamePlacementRequest(request_id=new_id("req"), decision_id=done.decision_id)
            self.ask(self.decisions.NamePlacement, naming)
        else:
            back = decisions_pb2.WithdrawDecisionRequest(
                request_id=new_id("req"), decision_id=done.decision_id, reason="Invented."
            )
            self.ask(self.decisions.WithdrawDecision, back)

    def _wait_until_offered(self, decision_id: str) -> None:
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while self.decision(decision_id).state == decisions_pb2.DECISION_STATE_REQUESTED:
            if time.monotonic() > deadline:
                raise RuntimeError("a decision stays REQUESTED")
            time.sleep(0.05)

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
