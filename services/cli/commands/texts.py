"""Free text on the command line, or better in a file, so that it stays out of the shell's history. Never echoed."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

MOST_CHARACTERS = 20_000
FROM_FILE, STANDARD_INPUT = "@", "@-"
HOW = "TEXT|@FILE"
"""How help names such a value."""


def read_text(given: str | None, option: str) -> str:
    """The text as given, or with @FILE that file's, or with @- that of standard input; "" when left out.

    Raises typer.BadParameter that names the option and the file, never the text.
    """
    if not given:
        return ""
    text = (_from_file(given, option) if given.startswith(FROM_FILE) else given).strip()
    if not text:
        raise typer.BadParameter("has no text in it", param_hint=option)
    if len(text) > MOST_CHARACTERS:
        long = f"{len(text):,} characters long; {MOST_CHARACTERS:,} are kept at most. Shorten it."
        raise typer.BadParameter(f"is {long}", param_hint=option)
    return text


def _from_file(given: str, option: str) -> str:
    path = given.removeprefix(FROM_FILE)
    try:
        read = sys.stdin.buffer.read() if given == STANDARD_INPUT else Path(path).read_bytes()
        return read.decode("utf-8-sig")
    except OSError as error:
        raise typer.BadParameter(f"cannot read {path}: {error.strerror}", param_hint=option) from None
    except UnicodeDecodeError:
        raise typer.BadParameter(f"{path} is not text in UTF-8; save it so", param_hint=option) from None
