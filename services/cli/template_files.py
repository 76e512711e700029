"""The templates, printed, explained and written for the user."""

from __future__ import annotations

import csv
from pathlib import Path

from rich.table import Table

from services.cli import terminal
from services.cli.failures import CannotGoOn
from services.planning.template_texts import RATES_NEEDED, columns, text

CSV_ALONE = ("closures",)
"""Files that a service reads at its start, rather than imports."""


def explanation(name: str) -> Table:
    """What each column means, as a table."""
    rows = [(column["column"], column["needed"], column["meaning"]) for column in columns(name)]
    return terminal.table(("Column", "Needed", "Meaning"), rows)


def notes(name: str) -> tuple[str, ...]:
    """What the file as a whole must hold, beyond its columns."""
    return (f"\n{RATES_NEEDED}",) if name == "rates" else ()


def used_by(name: str, path: Path) -> str:
    """The command that reads the filled file, without the program's name."""
    if name == "bids":
        return f"siting {path} --budget POUNDS --demand FILE"
    if name == "kpi":
        return f"kpi --supplied {path}"
    return f"import {name} {path} --preview"


def write(name: str, out: Path, force: bool) -> None:
    """Write the template as .csv or .xlsx. Raises CannotGoOn when a file is there already or of another kind."""
    if out.exists() and not force:
        raise CannotGoOn(f"{out} is there already.", "Choose another name, or write over it with --force.")
    if out.suffix.casefold() == ".xlsx" and name in CSV_ALONE:
        raise CannotGoOn(f"{name} are read from a CSV file alone.", "End the name with .csv.")
    if out.suffix.casefold() == ".xlsx":
        _write_workbook(name, out)
    elif out.suffix.casefold() == ".csv":
        out.write_text(text(name), encoding="utf-8")
    else:
        raise CannotGoOn(f"{out} is neither .csv nor .xlsx.", "End the name with one of them.")


def _write_workbook(name: str, out: Path) -> None:
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    rows = workbook.create_sheet(name)
    for row in csv.reader(text(name).splitlines()):
        rows.append(row)
    meanings = workbook.create_sheet("what the columns mean")
    meanings.append(["column", "needed", "meaning"])
    for column in columns(name):
        meanings.append([column["column"], column["needed"], column["meaning"]])
    workbook.save(out)
