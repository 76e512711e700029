"""The day that the command and the services of one var folder live on.

A demonstration has a day of its own, so that its deadlines lie ahead. Loading it keeps that day in a file of the var
folder; `inborough up` tells the services, and later commands read it. INBOROUGH_TODAY, where it is set, goes first.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

VARIABLE, FILE = "INBOROUGH_TODAY", "today"


def kept_day(var: Path) -> str:
    """The day kept in a var folder, as 2024-02-01; "" for the real one."""
    with suppress(OSError, ValueError):
        return date.fromisoformat((var / FILE).read_text(encoding="ascii").strip()).isoformat()
    return ""


def keep_day(var: Path, day: date) -> None:
    """Keep a day for what is in the var folder."""
    (var / FILE).write_text(f"{day.isoformat()}\n", encoding="ascii")


def live_on_kept_day() -> None:
    """Let this process live on the kept day, unless it was told another."""
    if not os.environ.get(VARIABLE) and (day := kept_day(Path(os.environ.get("INBOROUGH_VAR") or "var"))):
        os.environ[VARIABLE] = day


@contextmanager
def living_on(day: str) -> Iterator[None]:
    """What is done within is done on that day; "" for the real one."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = day
    try:
        yield
    finally:
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before
