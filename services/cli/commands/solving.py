"""`solve`: the optimiser alone, offline, on a plain file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from services.cli.commands.options import Json


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(solve)


def solve(
    problem: Annotated[Path, typer.Argument(metavar="PROBLEM.json", exists=True, dir_okay=False, help="The file.")],
    knock_on: Annotated[
        str | None, typer.Option(metavar="CASE", help="The exact effect of each option of this case on the others.")
    ] = None,
    json: Json = False,
) -> None:
    """Solve a placement problem from a file, without any service.

    For analysts and auditors: solve a saved plan again, or change the file and
    see what would follow. Fewest cases unplaced first, then the file's terms
    in their order. The format is in docs/json.md.

    Example:
      inborough plan --export problem.json
      inborough solve problem.json --json

    Next: inborough solve problem.json --knock-on CASE
    """
    from services.cli import terminal
    from services.cli.failures import CannotGoOn
    from services.cli.pages.solution import solution_page
    from services.placement.model.solve_file import solve_file

    try:
        solution = solve_file(problem, knock_on_case=knock_on)
    except ValueError as error:
        raise CannotGoOn(
            f"{problem}: {error}", "Correct that place in the file; the format is in docs/json.md."
        ) from None
    if json:
        terminal.show_json(solution)
    else:
        terminal.show(*solution_page(solution))
