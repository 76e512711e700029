"""`template`: the product's own files, empty but for example rows."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class TemplateName(StrEnum):
    """The product's own files."""

    POOLS = "pools"
    RATES = "rates"
    FLEET = "fleet"
    BELL_TIMES = "bell-times"
    TRAVEL_MATRIX = "travel-matrix"
    PREFERENCES = "preferences"
    DUE = "due"
    TRAVEL_NEEDS = "travel-needs"
    CLOSURES = "closures"
    BIDS = "bids"
    KPI = "kpi"


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(template)


def template(
    name: Annotated[TemplateName, typer.Argument(help="Which file.")],
    out: Annotated[Path | None, typer.Option(help="File to write, .csv or .xlsx; printed when left out.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Print what each column means.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Give one of the product's own files, with example rows.

    Put your own rows in place of the examples, and import it (bids are read by
    inborough siting). An .xlsx has a second
    sheet that says what each column means.

    Example:
      inborough template pools --explain
      inborough template pools --out pools.xlsx

    Next: inborough import pools pools.xlsx --preview
    """
    from services.cli import template_files, terminal
    from services.cli.typed import typed
    from services.planning.template_texts import text

    if explain:
        terminal.show(template_files.explanation(name), *template_files.notes(name))
    elif out is None:
        print(text(name), end="")
    else:
        template_files.write(name, out, force)
        named = f"name it in INBOROUGH_SCHOOL_CLOSURES and start {typed('up')} again"
        then = named if name in template_files.CSV_ALONE else typed(template_files.used_by(name, out))
        terminal.show(f"Wrote {out}. Fill it, then: {then}")
