"""Record a decision: read the papers, show what it will be, ask, record, and say what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from inborough.placement.v1 import decisions_pb2
from services.cli import exits, terminal
from services.cli.calls import Services, ask_once
from services.cli.commands.confirming import confirm
from services.cli.deciding.asked import Asked
from services.cli.deciding.papers import read_papers
from services.cli.deciding.request import build_request, same_again
from services.cli.pages.decision_json import decision_json
from services.cli.pages.decision_page import decision_page
from services.cli.pages.proposal import proposal_page


@dataclass(frozen=True)
class HowToRecord:
    """How to go about it: without asking, as JSON, under which request id ("": a new one)."""

    yes: bool = False
    json: bool = False
    request_id: str = ""


def record(case_id: str, asked: Asked, how: HowToRecord) -> int:
    """The exit status: of "no" when no place could be held. Raises shared.errors, CannotGoOn, typer.Exit."""
    with Services() as services:
        papers = read_papers(services, case_id, asked)
        request = build_request(asked, papers, how.request_id)
        if not how.json:
            terminal.show(*proposal_page(request, papers.case, papers.ranking, papers.panel))
        if not how.yes:
            confirm("Record this decision?")
        doing, again = "Recording the decision", same_again(request)
        decision = ask_once(services.decisions.RecordDecision, request, doing, again).decision
    return show_decision(decision, how.json)


def show_decision(decision: decisions_pb2.Decision, json: bool) -> int:
    """What became of it; the exit status that belongs to it."""
    if json:
        terminal.show_json(decision_json(decision))
    else:
        terminal.show("", *decision_page(decision))
    return exits.ANSWER_IS_NO if decision.state == decisions_pb2.DECISION_STATE_NOT_OFFERED else exits.OK
