"""`decide`: record what a panel decided about one child."""

from __future__ import annotations

from typing import Annotated

import typer

from services.cli.commands.options import Json, RequestId, read_day
from services.cli.commands.texts import HOW, read_text
from services.cli.deciding.asked import Asked, Ground, read_refusals


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(decide)


def decide(
    case_id: Annotated[str, typer.Argument(metavar="CASE_ID", help="From inborough cases --due.")],
    option: Annotated[
        int | None, typer.Option(min=1, max=50, help="Agree with the option of this rank.", metavar="N")
    ] = None,
    pool: Annotated[str, typer.Option(metavar="POOL_ID", help="Choose this pool, ranked or not.")] = "",
    defer: Annotated[bool, typer.Option("--defer", help="Put the decision off; say why with --reason.")] = False,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="With --defer: until when.")] = None,
    refuse_request: Annotated[
        list[int] | None,
        typer.Option(metavar="URN", help="A request under s.38(3) that is not given. Again for each."),
    ] = None,
    ground: Annotated[list[Ground] | None, typer.Option(help="Its ground of s.39(4).")] = None,
    evidence: Annotated[list[str] | None, typer.Option(metavar=HOW, help="The evidence for the ground.")] = None,
    not_consulted: Annotated[
        list[str] | None,
        typer.Option(
            metavar=HOW, help="Why that setting was never consulted; URN=REASON when several requests are refused."
        ),
    ] = None,
    reason: Annotated[str, typer.Option(metavar=HOW, help="Why; needed unless the first option is taken.")] = "",
    views_of_child: Annotated[str, typer.Option(metavar=HOW, help="The child's views, wishes and feelings.")] = "",
    views_of_parents: Annotated[str, typer.Option(metavar=HOW, help="The parents' views.")] = "",
    section_33_steps: Annotated[
        str, typer.Option(metavar=HOW, help="Steps considered to make mainstream work; needed when it is not given.")
    ] = "",
    over_number: Annotated[
        bool, typer.Option("--over-number", help="Name a setting that the family requested beyond its places.")
    ] = False,
    panel: Annotated[
        str, typer.Option(metavar="PANEL_ID", help="Default: the only open panel with the case on its agenda.")
    ] = "",
    urgent: Annotated[str, typer.Option(metavar=HOW, help="The chair decides outside a panel: why.")] = "",
    recommendation: Annotated[
        str, typer.Option(metavar="REC_ID", help="The ranking that the panel had before it. Default: rank now.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Record without asking.")] = False,
    request_id: RequestId = "",
    json: Json = False,
) -> None:
    """Record what a panel decided about one child, and hold the place.

    Shows what is about to be recorded and asks before it is. The place is then
    held for the child until the offer runs out; it is never sold twice. Once
    this answers, the decision is never lost.

    Say one of: --option N (as ranked), --pool (another place), --defer, or
    --refuse-request alone. Requests that are not given come with their ground
    and evidence. A text can be in a file, written @FILE, or on standard input,
    written @-; so it stays out of the shell's history. Exit status 1 when no
    place could be held.

    Example:
      inborough decide case_5f0c9a7be21d4433 --option 1
      inborough decide case_5f0c9a7be21d4433 --option 2 --reason @why.txt
      inborough decide case_5f0c9a7be21d4433 --option 1 --refuse-request 111217
        --ground unsuitable --evidence @advice.txt
      inborough decide case_5f0c9a7be21d4433 --defer --until 2024-03-01
        --reason "Speech and language advice is awaited."

    Next: inborough decisions show DECISION_ID
    """
    from services.cli.commands.confirming import need_somebody_to_ask
    from services.cli.deciding.recording import HowToRecord, record

    texts = {
        "reason": read_text(reason, "--reason"),
        "views_of_child": read_text(views_of_child, "--views-of-child"),
        "views_of_parents": read_text(views_of_parents, "--views-of-parents"),
        "section_33_steps": read_text(section_33_steps, "--section-33-steps"),
        "urgency": read_text(urgent, "--urgent"),
    }
    asked = Asked(
        option=option or 0,
        pool_id=pool,
        defer=defer,
        until=read_day(until, "--until") if until else None,
        refusals=read_refusals(refuse_request or (), ground or (), evidence or (), not_consulted or ()),
        over_number=over_number,
        texts=texts,
        panel_id=panel,
        recommendation_id=recommendation,
    )
    need_somebody_to_ask(yes, json)
    raise typer.Exit(record(case_id, asked, HowToRecord(yes, json, request_id)))
