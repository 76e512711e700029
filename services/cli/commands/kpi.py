"""`kpi`: the measures that a council watches, by quarter."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from services.cli.commands.options import Json
from services.cli.commands.trajectory import Force, Out


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(kpi)


def kpi(
    quarter: Annotated[
        str, typer.Option(metavar="QUARTER", help="The last quarter, such as 2024Q1; else the last that has ended.")
    ] = "",
    quarters: Annotated[int, typer.Option(min=1, max=20, help="How many, up to that one.")] = 5,
    supplied: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, metavar="FILE", help="What the council supplies: CSV or XLSX."),
    ] = None,
    out: Out = None,
    force: Force = False,
    json: Json = False,
) -> None:
    """Report the measures that the council watches, quarter by quarter.

    Counted from what is on file: requests for assessment, placements into
    special schools and HN units, elective home education. Exclusions,
    attendance, INMSS unit cost and transport spend come from a file that the
    council supplies. What nobody has is "not recorded". Counts of 1 to 4 are
    left out.

    Example:
      inborough kpi --quarter 2024Q1
      inborough kpi --supplied kpi.csv --out kpi.xlsx

    Next: inborough template kpi
    """
    from inborough.placement.v1 import monitoring_pb2
    from services.cli import terminal
    from services.cli.calls import CHANGE_SECONDS, Services, ask
    from services.cli.pages.kpi import kpi_page
    from services.cli.sheets import check_writable, write_sheets
    from services.cli.sources import source_of
    from services.planning.measures.report import kpi_json, kpi_sheets, measured
    from services.planning.measures.supplied import read_supplied

    if out:
        check_writable(out, force)
    given = read_supplied(source_of(supplied)) if supplied else {}
    request = monitoring_pb2.GetQuarterlyReportRequest(last_quarter=quarter, quarters=quarters)
    with Services() as services:
        answer = ask(services.monitoring.GetQuarterlyReport, request, "Counting by quarter", CHANGE_SECONDS)
    report = measured(answer, given)
    if out:
        write_sheets(out, kpi_sheets(report), force)
        terminal.say(f"Wrote {out}.")
    if json:
        terminal.show_json(kpi_json(report))
    else:
        terminal.show(*kpi_page(report))
