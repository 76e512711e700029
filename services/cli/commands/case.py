"""`cases`: the caseload."""

from __future__ import annotations

from typing import Annotated

import typer

from services.cli.commands.options import Json


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(cases)


def cases(
    due: Annotated[bool, typer.Option("--due", help="Only those with a decision due, soonest first.")] = False,
    page_size: Annotated[int, typer.Option(min=1, max=500, help="How many to show.")] = 20,
    page_token: Annotated[str, typer.Option(help="next_page_token of the page before, from --json.")] = "",
    json: Json = False,
) -> None:
    """List cases; with --due, the decisions that are due.

    A case is known by its id alone: no name, birth date or UPN is stored.

    Example:
      inborough cases --due
      inborough cases --due --page-size 500 --json

    Next: inborough recommend CASE_ID
    """
    from inborough.caseload.v1 import caseload_pb2
    from services.cli import terminal
    from services.cli.calls import Services, ask
    from services.cli.pages.cases import cases_json, cases_page

    request = caseload_pb2.ListCasesRequest(only_due=due, page_size=page_size, page_token=page_token)
    with Services() as services:
        page = ask(services.caseload.ListCases, request, "Reading cases")
    if json:
        terminal.show_json(cases_json(page))
    else:
        terminal.show(*cases_page(page, due))
