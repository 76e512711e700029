"""`deadlines`: what the law wants by when."""

from __future__ import annotations

from typing import Annotated

import typer

from services.cli.commands.options import Json, OnlyCase, PageSize, PageToken, day_on_wire


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(deadlines)


def deadlines(
    by: Annotated[str | None, typer.Option(metavar="DAY", help="Only those due by this day.")] = None,
    case: OnlyCase = "",
    page_size: PageSize = 20,
    page_token: PageToken = "",
    json: Json = False,
) -> None:
    """List statutory deadlines, overdue ones first, then the soonest.

    Six, 16 and 20 weeks from the request; 15 February and 31 March for phase
    transfers; five months before a move between post-16 institutions; and the
    day on file for the decision. Exceptions that the regulations allow are
    not claimed: the files do not show them.

    Example:
      inborough deadlines --by 2024-02-15

    Next: inborough recommend CASE_ID
    """
    from inborough.caseload.v1 import caseload_pb2
    from services.cli import terminal
    from services.cli.calls import Services, ask
    from services.cli.pages.deadlines import deadlines_page
    from services.cli.pages.message_json import message_json

    request = caseload_pb2.ListDeadlinesRequest(
        due_by=day_on_wire(by, "--by"), case_id=case, page_size=page_size, page_token=page_token
    )
    with Services() as services:
        page = ask(services.caseload.ListDeadlines, request, "Reading deadlines")
    if json:
        terminal.show_json(message_json(page))
    else:
        terminal.show(*deadlines_page(page, bool(by or case)))
