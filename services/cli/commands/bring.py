"""`import`: the council's files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from services.cli import exits

Source = Annotated[Path, typer.Argument(exists=True, help="The file; for a Blade export, its folder.")]
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The file: CSV or XLSX.")]
Preview = Annotated[bool, typer.Option("--preview", help="Say what would happen; write nothing.")]
GoodRows = Annotated[bool, typer.Option("--good-rows-only", help="Leave refused rows out; otherwise one refuses all.")]
Json = Annotated[bool, typer.Option("--json", help="For machines.")]

imports = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="""Bring the council's files in.

Each refused row is named with its file, row, column, value and reason. One
refused row refuses the whole file unless you say --good-rows-only. Importing
the same file again changes nothing. Exit status 1 when a row was refused.

In this order the first time: gias, pools, rates, fleet, bell-times, sen2,
preferences, due, travel-needs.

Example:
  inborough import pools pools.csv --preview""",
)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(imports, name="import")


@imports.command()
def gias(path: File, preview: Preview = False, good_rows_only: GoodRows = False, json: Json = False) -> None:
    """Settings, from Get Information About Schools' establishment CSV.

    Download "Establishment fields CSV" from the Department's site. Columns are
    found by name; those that come and go between releases may be missing.

    Example:
      inborough import gias edubasealldata.csv --good-rows-only

    Next: inborough import pools
    """
    _bring("gias", path, preview, good_rows_only, json)


@imports.command()
def pools(path: File, preview: Preview = False, good_rows_only: GoodRows = False, json: Json = False) -> None:
    """Place pools: interchangeable places at a setting, by date.

    A pool in the file replaces what was on file for it; a pool that the file
    does not name stays as it was. To close one, give it 0 places from a day.

    Example:
      inborough template pools --out pools.xlsx
      inborough import pools pools.xlsx --preview

    Next: inborough pools
    """
    _bring("pools", path, preview, good_rows_only, json)


@imports.command()
def rates(path: File, preview: Preview = False, good_rows_only: GoodRows = False, json: Json = False) -> None:
    """A rate card: what places, top-ups, fees and transport cost.

    Changed content becomes a new version; old recommendations keep theirs.

    Example:
      inborough template rates --out rates.csv
      inborough import rates rates.csv

    Next: inborough import sen2
    """
    _bring("rates", path, preview, good_rows_only, json)


@imports.command()
def fleet(path: File, preview: Preview = False, good_rows_only: GoodRows = False, json: Json = False) -> None:
    """A fleet: the vehicle types that can be hired for runs to school.

    Changed content becomes a new version; old run plans keep theirs. What a
    passenger assistant costs, and the days of transport, stand in the rate
    card.

    Example:
      inborough template fleet --explain
      inborough import fleet fleet.csv

    Next: inborough import bell-times
    """
    _bring("fleet", path, preview, good_rows_only, json)


@imports.command("bell-times")
def bell_times(path: File, preview: Preview = False, good_rows_only: GoodRows = False, json: Json = False) -> None:
    """When settings' days begin.

    A setting's row replaces the time on file; a setting that the file does
    not name keeps its own, or begins at the usual time.

    Example:
      inborough template bell-times --out bell-times.csv
      inborough import bell-times bell-times.csv

    Next: inborough import sen2
    """
    _bring("bell-times", path, preview, good_rows_only, json)


@imports.command("travel-matrix")
def travel_matrix(path: File, preview: Preview = False, good_rows_only: GoodRows = False, json: Json = False) -> None:
    """Measured distances and minutes between homes and settings.

    Optional: a pair that no file has is a straight line, or what the council's
    router says. A pair that is named again is overwritten. Postcodes are looked
    up and not kept.

    Example:
      inborough template travel-matrix --explain
      inborough import travel-matrix distances.csv --preview

    Next: inborough recommend CASE_ID
    """
    _bring("travel-matrix", path, preview, good_rows_only, json)


@imports.command()
def sen2(path: Source, preview: Preview = False, good_rows_only: GoodRows = False, json: Json = False) -> None:
    """Cases, from the SEN2 person-level return.

    A folder of Blade CSV files, one a module, or one SEN2 .xml file. Names,
    birth dates, postcodes and UPNs are read and not kept.

    Example:
      inborough import sen2 blade-export/ --preview
      inborough import sen2 sen2-2024.xml

    Next: inborough import preferences, then inborough import due
    """
    _bring("sen2", path, preview, good_rows_only, json)


@imports.command()
def preferences(path: File, preview: Preview = False, good_rows_only: GoodRows = False, json: Json = False) -> None:
    """The settings that families asked for.

    Replaces the stored preferences of every child named in the file; those of
    other children stay as they were.

    Example:
      inborough template preferences --explain
      inborough import preferences preferences.csv

    Next: inborough import due
    """
    _bring("preferences", path, preview, good_rows_only, json)


@imports.command()
def due(path: File, preview: Preview = False, good_rows_only: GoodRows = False, json: Json = False) -> None:
    """Decisions due, with the advice on file and travel needs.

    Only children with a decision due are ever placed anew. A child's row
    replaces the decision on file; a child that the file does not name keeps
    theirs. A decision cannot be taken out yet: import its row with another
    first_day, and it leaves the plan of this one.

    Example:
      inborough template due --explain
      inborough import due due.csv

    Next: inborough cases --due
    """
    _bring("due", path, preview, good_rows_only, json)


@imports.command("travel-needs")
def travel_needs(path: File, preview: Preview = False, good_rows_only: GoodRows = False, json: Json = False) -> None:
    """What children need to travel, and who cannot share a vehicle.

    A child's row replaces what its row said before; a child that the file
    does not name keeps theirs. Two children are kept apart as long as the row
    of either says so. What a decision due says of travel counts as well.

    Example:
      inborough template travel-needs --explain
      inborough import travel-needs travel-needs.csv

    Next: inborough cases --due
    """
    _bring("travel-needs", path, preview, good_rows_only, json)


def _bring(what: str, path: Path, preview: bool, good_rows_only: bool, json: bool) -> None:
    from services.cli import terminal
    from services.cli.calls import Services
    from services.cli.importing import COUNTED, Manner, import_path
    from services.cli.pages.import_report import import_json, import_page

    with Services() as services:
        report = import_path(services, what, path, Manner(preview, good_rows_only))
    if json:
        terminal.show_json(import_json(report))
    else:
        terminal.show(*import_page(COUNTED[what], report))
    if report.problems:
        raise typer.Exit(exits.ANSWER_IS_NO)
