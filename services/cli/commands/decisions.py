"""`decisions`: what panels decided, the whole record of each, and what follows from it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from services.cli.commands.options import Etag, Json, OnlyCase, PageSize, PageToken, RequestId, day_on_wire
from services.cli.commands.texts import HOW, read_text

DecisionId = Annotated[str, typer.Argument(metavar="DECISION_ID", help="From inborough decisions list.")]


class State(StrEnum):
    """How a decision stands, as on the wire."""

    REQUESTED = "requested"
    OFFERED = "offered"
    NOT_OFFERED = "not_offered"
    NAMING = "naming"
    NAMED = "named"
    WITHDRAWING = "withdrawing"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    DEFERRED = "deferred"
    REFUSED = "refused"


decisions = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="""What panels decided, the record behind it, and what follows from it.

A decision is recorded with `inborough decide`. It holds a place until the
offer runs out; once the panel is signed off, naming it in the plan makes the
place the child's. Nothing is ever deleted: one that is taken back stays on
the record.

Example:
  inborough decisions list --state offered""",
)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(decisions, name="decisions")


@decisions.command("list")
def list_decisions(
    case: OnlyCase = "",
    panel: Annotated[str, typer.Option(metavar="PANEL_ID", help="Only of this panel.")] = "",
    state: Annotated[list[State] | None, typer.Option(help="Only those that stand so; again for another.")] = None,
    page_size: PageSize = 20,
    page_token: PageToken = "",
    json: Json = False,
) -> None:
    """Decisions, newest first.

    Example:
      inborough decisions list --panel panel_5f0c9a7be21d4433
      inborough decisions list --state offered --state requested

    Next: inborough decisions show DECISION_ID
    """
    from inborough.placement.v1 import decisions_pb2
    from services.cli import terminal
    from services.cli.calls import Services, ask
    from services.cli.pages.decision_json import decisions_json
    from services.cli.pages.decision_page import decisions_page

    request = decisions_pb2.ListDecisionsRequest(
        case_id=case,
        panel_id=panel,
        states=[decisions_pb2.DecisionState.Value(f"DECISION_STATE_{each.upper()}") for each in state or ()],
        page_size=page_size,
        page_token=page_token,
    )
    with Services() as services:
        page = ask(services.decisions.ListDecisions, request, "Reading decisions")
    if json:
        terminal.show_json(decisions_json(page))
    else:
        terminal.show(*decisions_page(page, bool(case or panel or state)))


@decisions.command()
def show(decision_id: DecisionId, json: Json = False) -> None:
    """The whole record of a decision: why, on what, by whom, and what it lacks.

    Holds what people wrote about a child: show it to nobody who may not see
    it. Reading it is itself written in the journal.

    Example:
      inborough decisions show dec_5f0c9a7be21d4433

    Next: inborough decisions name DECISION_ID
    """
    from inborough.placement.v1 import decisions_pb2
    from services.cli import terminal
    from services.cli.calls import Services, ask
    from services.cli.pages.decision_json import record_json
    from services.cli.pages.decision_record import record_page

    request = decisions_pb2.GetDecisionRequest(decision_id=decision_id)
    with Services() as services:
        record = ask(services.decisions.GetDecision, request, "Reading the record").record
    if json:
        terminal.show_json(record_json(record))
    else:
        terminal.show(*record_page(record))


@decisions.command()
def name(
    decision_id: DecisionId,
    appeal_letter: Annotated[
        str | None, typer.Option(metavar="DAY", help="Day on the letter about the right of appeal; default: not sent.")
    ] = None,
    etag: Etag = "",
    request_id: RequestId = "",
    json: Json = False,
) -> None:
    """Name the place in section I of the plan: the offer becomes the child's.

    The panel must be signed off first, with inborough panel close.

    Example:
      inborough decisions name dec_5f0c9a7be21d4433 --appeal-letter 2024-02-12

    Next: inborough decisions show DECISION_ID
    """
    from inborough.placement.v1 import decisions_pb2
    from services.cli.calls import Services, ask_once
    from services.cli.deciding.recording import show_decision

    request = decisions_pb2.NamePlacementRequest(
        request_id=request_id,
        decision_id=decision_id,
        etag=etag,
        appeal_letter_on=day_on_wire(appeal_letter, "--appeal-letter"),
    )
    with Services() as services:
        decision = ask_once(services.decisions.NamePlacement, request, "Naming the place").decision
    raise typer.Exit(show_decision(decision, json))


@decisions.command()
def withdraw(
    decision_id: DecisionId,
    reason: Annotated[str, typer.Option(metavar=HOW, help="Why; it stays on the record.")],
    etag: Etag = "",
    request_id: RequestId = "",
    json: Json = False,
) -> None:
    """Take a decision back and free its place. It stays on the record.

    One that is named in the plan cannot be taken back.

    Example:
      inborough decisions withdraw dec_5f0c9a7be21d4433 --reason @why.txt

    Next: inborough recommend CASE_ID
    """
    from inborough.placement.v1 import decisions_pb2
    from services.cli.calls import Services, ask_once
    from services.cli.deciding.recording import show_decision

    request = decisions_pb2.WithdrawDecisionRequest(
        request_id=request_id, decision_id=decision_id, etag=etag, reason=read_text(reason, "--reason")
    )
    with Services() as services:
        decision = ask_once(services.decisions.WithdrawDecision, request, "Taking the decision back").decision
    raise typer.Exit(show_decision(decision, json))
