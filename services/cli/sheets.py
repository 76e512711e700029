"""Tables written to the user's disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from services.cli.failures import CannotGoOn
from services.planning.exports.sheets import Sheet, as_csv, as_xlsx


def write_sheets(out: Path, sheets: Sequence[Sheet], force: bool) -> None:
    """Write all sheets to an .xlsx, or the first alone to a .csv. Raises CannotGoOn as `check_writable` does."""
    check_writable(out, force)
    if out.suffix.casefold() == ".xlsx":
        out.write_bytes(as_xlsx(sheets))
    else:
        out.write_text(as_csv(sheets[0]), encoding="utf-8", newline="")


def check_writable(out: Path, force: bool) -> None:
    """Raise CannotGoOn, before any long work, when the file is of another kind or there already."""
    if out.suffix.casefold() not in (".xlsx", ".csv"):
        raise CannotGoOn(f"{out} is neither .csv nor .xlsx.", "End the name with one of them.")
    if out.exists() and not force:
        raise CannotGoOn(f"{out} is there already.", "Choose another name, or write over it with --force.")
