"""`consult`: settings asked about a child before they are named, and what they reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.commands.options import Etag, Json, OnlyCase, PageSize, PageToken, RequestId, day_on_wire
from services.cli.commands.texts import HOW, read_text

if TYPE_CHECKING:
    from inborough.placement.v1 import consultations_pb2

ConsultationId = Annotated[str, typer.Argument(metavar="CONSULTATION_ID", help="From inborough consult list.")]
REPLIES = ("can_meet", "cannot_meet", "full", "incompatible")

consultations = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="""Consult settings before they are named, and record what they reply.

A setting must be consulted before it is named (Children and Families Act 2014
s.39(2) and s.40), and a request cannot be refused in silence. The letter goes
its own way; here it is recorded, and its clock runs.

Example:
  inborough consult list --awaiting""",
)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(consultations, name="consult")


@consultations.command()
def send(
    case_id: Annotated[str, typer.Argument(metavar="CASE_ID", help="From inborough cases --due.")],
    urn: Annotated[int, typer.Argument(metavar="URN", help="The setting; recommend --json has URNs.")],
    on: Annotated[str | None, typer.Option(metavar="DAY", help="Day it was sent. Default: today.")] = None,
    request_id: RequestId = "",
    json: Json = False,
) -> None:
    """Record that a setting was consulted about a child, and start its clock.

    Example:
      inborough consult send case_5f0c9a7be21d4433 111217 --on 2024-02-01

    Next: inborough consult reply CONSULTATION_ID --can-meet
    """
    from inborough.placement.v1 import consultations_pb2
    from services.cli.calls import Services, ask_once

    request = consultations_pb2.SendConsultationRequest(
        request_id=request_id, case_id=case_id, urn=urn, sent_on=day_on_wire(on, "--on")
    )
    with Services() as services:
        doing = "Recording the consultation"
        _show(ask_once(services.consultations.SendConsultation, request, doing).consultation, json)


@consultations.command()
def reply(
    consultation_id: ConsultationId,
    can_meet: Annotated[bool, typer.Option("--can-meet", help="It can meet the needs.")] = False,
    cannot_meet: Annotated[bool, typer.Option("--cannot-meet", help="It says that it cannot.")] = False,
    full: Annotated[bool, typer.Option("--full", help="It says that it is full: no ground of s.39(4).")] = False,
    incompatible: Annotated[
        bool, typer.Option("--incompatible", help="It says: incompatible with the education of others.")
    ] = False,
    text: Annotated[str, typer.Option(metavar=HOW, help="The setting's own words.")] = "",
    on: Annotated[str | None, typer.Option(metavar="DAY", help="Day of the reply. Default: today.")] = None,
    etag: Etag = "",
    request_id: RequestId = "",
    json: Json = False,
) -> None:
    """Record what a setting replied, with its own words.

    Say one of --can-meet, --cannot-meet, --full and --incompatible. A text in
    a file, written @FILE, stays out of the shell's history.

    Example:
      inborough consult reply cons_5f0c9a7be21d4433 --can-meet
      inborough consult reply cons_5f0c9a7be21d4433 --full --text @reply.txt

    Next: inborough recommend CASE_ID
    """
    from inborough.placement.v1 import consultations_pb2
    from services.cli.calls import Services, ask_once

    said = [name for name, given in zip(REPLIES, (can_meet, cannot_meet, full, incompatible), strict=True) if given]
    if len(said) != 1:
        raise typer.BadParameter("say one of --can-meet, --cannot-meet, --full and --incompatible")
    request = consultations_pb2.RecordReplyRequest(
        request_id=request_id,
        consultation_id=consultation_id,
        etag=etag,
        reply=consultations_pb2.Reply.Value(f"REPLY_{said[0].upper()}"),
        replied_on=day_on_wire(on, "--on"),
        text=read_text(text, "--text"),
    )
    with Services() as services:
        _show(ask_once(services.consultations.RecordReply, request, "Recording the reply").consultation, json)


@consultations.command()
def withdraw(consultation_id: ConsultationId, etag: Etag = "", request_id: RequestId = "", json: Json = False) -> None:
    """Take back a consultation recorded by mistake, or no longer wanted.

    It stays on the record. One that was replied to cannot be taken back.

    Example:
      inborough consult withdraw cons_5f0c9a7be21d4433

    Next: inborough consult list
    """
    from inborough.placement.v1 import consultations_pb2
    from services.cli.calls import Services, ask_once

    request = consultations_pb2.WithdrawConsultationRequest(
        request_id=request_id, consultation_id=consultation_id, etag=etag
    )
    with Services() as services:
        doing = "Taking the consultation back"
        _show(ask_once(services.consultations.WithdrawConsultation, request, doing).consultation, json)


@consultations.command("list")
def list_consultations(
    awaiting: Annotated[bool, typer.Option("--awaiting", help="Only those still without a reply.")] = False,
    case: OnlyCase = "",
    page_size: PageSize = 20,
    page_token: PageToken = "",
    json: Json = False,
) -> None:
    """Consultations, those whose reply is due soonest first.

    Example:
      inborough consult list --awaiting
      inborough consult list --case case_5f0c9a7be21d4433

    Next: inborough consult reply CONSULTATION_ID --can-meet
    """
    from inborough.placement.v1 import consultations_pb2
    from services.cli import terminal
    from services.cli.calls import Services, ask
    from services.cli.pages.consultations import consultations_page
    from services.cli.pages.message_json import message_json

    request = consultations_pb2.ListConsultationsRequest(
        case_id=case, only_awaiting=awaiting, page_size=page_size, page_token=page_token
    )
    with Services() as services:
        page = ask(services.consultations.ListConsultations, request, "Reading consultations")
    if json:
        terminal.show_json(message_json(page))
    else:
        terminal.show(*consultations_page(page, awaiting))


def _show(asked: consultations_pb2.Consultation, json: bool) -> None:
    from services.cli import terminal
    from services.cli.pages.consultations import consultation_page
    from services.cli.pages.message_json import message_json

    if json:
        terminal.show_json(message_json(asked))
    else:
        terminal.show(*consultation_page(asked))
