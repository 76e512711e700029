"""`appeal`: what precedes a final plan and follows it in law: representation, mediation, an appeal."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.commands.options import Etag, Json, OnlyCase, PageSize, PageToken, RequestId, day_on_wire

if TYPE_CHECKING:
    from inborough.placement.v1 import decisions_pb2

DecisionId = Annotated[str, typer.Argument(metavar="DECISION_ID", help="From inborough decisions list.")]


class StepKind(StrEnum):
    """What happened, as on the wire."""

    DRAFT_SENT = "draft_sent"
    REPRESENTATION = "representation"
    MEETING_ASKED = "meeting_asked"
    MEETING_HELD = "meeting_held"
    MEDIATION_CERTIFICATE = "mediation_certificate"
    APPEAL_REGISTERED = "appeal_registered"
    HEARING = "hearing"
    APPEAL_DECIDED = "appeal_decided"


class Outcome(StrEnum):
    """How an appeal ended, as on the wire."""

    WITHDRAWN = "withdrawn"
    CONCEDED = "conceded"
    DISMISSED = "dismissed"
    UPHELD_IN_PART = "upheld_in_part"
    UPHELD = "upheld"


appeals = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="""Record representation, mediation and appeal about a decision.

Days and codes only, no words of anybody: when the draft plan was sent, when
the family's views came, the mediation certificate, the appeal to the
Tribunal, its hearing and its end. What was wrong is replaced, never deleted.
The letter about the right of appeal goes with inborough decisions name.

Example:
  inborough appeal list""",
)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(appeals, name="appeal")


@appeals.command()
def record(
    decision_id: DecisionId,
    step: Annotated[StepKind, typer.Argument(metavar="STEP", help="What happened; see above.")],
    on: Annotated[str | None, typer.Option(metavar="DAY", help="Day of it. Default: today.")] = None,
    outcome: Annotated[Outcome | None, typer.Option(help="With appeal_decided: how it ended.")] = None,
    reference: Annotated[
        str, typer.Option(metavar="NUMBER", help="With appeal_registered: the Tribunal's, as EH876/24/00012.")
    ] = "",
    replaces: Annotated[int, typer.Option(metavar="N", min=0, help="Number of the step that this corrects.")] = 0,
    etag: Etag = "",
    request_id: RequestId = "",
    json: Json = False,
) -> None:
    """Record one step, or correct one with --replaces.

    STEP is draft_sent, representation, meeting_asked, meeting_held,
    mediation_certificate, appeal_registered, hearing (the day for which it is
    listed) or appeal_decided.

    A withdrawn appeal that is reinstated: take its end back. One registered
    anew: take end and hearings back, then replace the registration.

    Example:
      inborough appeal record dec_5f0c9a7be21d4433 draft_sent --on 2024-01-08
      inborough appeal record dec_5f0c9a7be21d4433 appeal_decided --outcome dismissed

    Next: inborough appeal show DECISION_ID
    """
    from inborough.placement.v1 import appeals_pb2, decisions_pb2
    from shared.clock import today
    from shared.days import to_wire

    _send(
        decisions_pb2.RecordAppealStepRequest(
            request_id=request_id,
            decision_id=decision_id,
            etag=etag,
            kind=appeals_pb2.AppealStepKind.Value(f"APPEAL_STEP_KIND_{step.name}"),
            happened_on=day_on_wire(on, "--on") or to_wire(today()),
            outcome=appeals_pb2.AppealOutcome.Value(f"APPEAL_OUTCOME_{outcome.name if outcome else 'UNSPECIFIED'}"),
            reference=reference,
            replaces=replaces,
        ),
        json,
    )


@appeals.command("take-back")
def take_back(
    decision_id: DecisionId,
    step: Annotated[StepKind, typer.Argument(metavar="STEP", help="What was recorded, such as hearing.")],
    number: Annotated[int, typer.Argument(metavar="N", min=1, help="Its number, from inborough appeal show.")],
    etag: Etag = "",
    request_id: RequestId = "",
    json: Json = False,
) -> None:
    """Take back a step that never happened; it stays on the record.

    Example:
      inborough appeal take-back dec_5f0c9a7be21d4433 hearing 4

    Next: inborough appeal show DECISION_ID
    """
    from inborough.placement.v1 import appeals_pb2, decisions_pb2

    _send(
        decisions_pb2.RecordAppealStepRequest(
            request_id=request_id,
            decision_id=decision_id,
            etag=etag,
            kind=appeals_pb2.AppealStepKind.Value(f"APPEAL_STEP_KIND_{step.name}"),
            replaces=number,
        ),
        json,
    )


@appeals.command()
def show(decision_id: DecisionId, json: Json = False) -> None:
    """Every step about a decision, and the family's clocks with their working.

    Example:
      inborough appeal show dec_5f0c9a7be21d4433

    Next: inborough appeal record DECISION_ID STEP --on DAY
    """
    from inborough.placement.v1 import decisions_pb2
    from services.cli.calls import Services, ask

    request = decisions_pb2.GetDecisionRequest(decision_id=decision_id)
    with Services() as services:
        record = ask(services.decisions.GetDecision, request, "Reading the record").record
    _show(record.decision, json)


@appeals.command("list")
def list_appeals(case: OnlyCase = "", page_size: PageSize = 20, page_token: PageToken = "", json: Json = False) -> None:
    """Decisions under appeal, the newest decision first.

    Example:
      inborough appeal list

    Next: inborough appeal show DECISION_ID
    """
    from inborough.placement.v1 import decisions_pb2
    from services.cli import terminal
    from services.cli.calls import Services, ask
    from services.cli.pages.appeals import appeals_page
    from services.cli.pages.decision_json import decisions_json

    request = decisions_pb2.ListDecisionsRequest(
        case_id=case, only_under_appeal=True, page_size=page_size, page_token=page_token
    )
    with Services() as services:
        page = ask(services.decisions.ListDecisions, request, "Reading decisions")
    if json:
        terminal.show_json(decisions_json(page))
    else:
        terminal.show(*appeals_page(page))


def _send(request: decisions_pb2.RecordAppealStepRequest, json: bool) -> None:
    from services.cli.calls import Services, ask_once

    with Services() as services:
        decision = ask_once(services.decisions.RecordAppealStep, request, "Recording the step").decision
    _show(decision, json)


def _show(decision: decisions_pb2.Decision, json: bool) -> None:
    from services.cli import terminal
    from services.cli.pages.appeals import appeal_page
    from services.cli.pages.decision_json import decision_json

    if json:
        terminal.show_json(decision_json(decision))
    else:
        terminal.show(*appeal_page(decision))
