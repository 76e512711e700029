"""A panel's chair who decides case after case, and repeats a request until it is answered."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from inborough.caseload.v1 import caseload_pb2
from inborough.placement.v1 import decisions_pb2, placement_pb2
from shared.errors import WrongState
from shared.ids import new_id
from tests.builders.identity import connect
from tests.builders.system import load_demonstration
from tests.faults.reader import GIVE_UP_SECONDS, Reader
from tests.faults.supervised import SERVICES, Supervised


@dataclass(frozen=True)
class Acknowledged:
    """A decision whose request was answered: what was asked and answered, and how far it was taken."""

    request: decisions_pb2.RecordDecisionRequest
    decision_id: str
    answer: bytes
    way: str


class Chair(Reader):
    """Decides cases of the demonstration, each once, on a running system."""

    def __init__(self, system: Supervised, folder: Path, scale: int | None = None) -> None:
        addresses = {f"{name}_address": system.address(name) for name in SERVICES}
        load_demonstration(addresses, folder / "demonstration", scale=scale)
        self._open = ExitStack()
        super().__init__(lambda name: self._open.enter_context(connect(name, system.address(name))))
        self._cases = self._cases_due()

    def close(self) -> None:
        """Close the channels."""
        self._open.close()

    def _cases_due(self) -> Iterator[caseload_pb2.Case]:
        token = ""
        while True:
            request = caseload_pb2.ListCasesRequest(only_due=True, page_size=100, page_token=token)
            page = self.ask(self.caseload.ListCases, request)
            yield from page.cases
            token = page.next_page_token
            if not token:
                return

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
