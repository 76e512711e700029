"""How far services have read each other's event logs, and the events that they could not apply."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType

from services import words
from services.cli import terminal
from services.cli.event_logs import Readings, ReadLog
from services.cli.pages.message_json import message_json
from services.cli.typed import typed


def event_logs_page(found: Readings) -> Iterator[RenderableType]:
    """Every reader of a log with what it has yet to read, then the dead letters."""
    if found.read:
        columns = ("Reader", "Reads", "Up to", "Behind", "Last")
        yield terminal.table(columns, [_read_row(each) for each in found.read], right=("Up to", "Behind"))
    for service in found.silent:
        yield f"{service} does not answer: what it read and set aside is not known."
    yield from _dead_letters(found)


def _read_row(each: ReadLog) -> tuple[str, ...]:
    behind = "not known" if each.behind is None else f"{each.behind:,}"
    last = words.instant(each.cursor.applied_time) or "nothing yet"
    return each.reader, each.cursor.source, f"{each.cursor.sequence:,}", behind, last


def _dead_letters(found: Readings) -> Iterator[RenderableType]:
    if not found.dead:
        if not found.silent:
            yield "\nEvery event was applied; none is set aside."
        return
    total = sum(found.totals.values())
    yield terminal.heading(f"Set aside after several attempts: {words.counted(total, 'event')}")
    columns = ("Id", "Reader", "Event", "Why")
    rows = [
        (
            letter.dead_letter_id,
            reader,
            f"{letter.name}\n{letter.source} {letter.sequence:,}",
            f"{letter.error_type}, {words.counted(letter.attempts, 'attempt')}, {words.instant(letter.failed_time)}"
            + ("\nto be applied again" if letter.retrying else ""),
        )
        for reader, letter in found.dead
    ]
    yield terminal.table(columns, rows, whole=("Id",), spaced=True)
    if total > len(rows):
        yield f"The {len(rows):,} oldest are listed."
    yield f"Next: {typed('events retry --all')}, once the cause is mended; the readers' logs name it"


def event_logs_json(found: Readings) -> dict[str, Any]:
    """The same for a machine."""
    return {
        "cursors": [{"reader": each.reader, **message_json(each.cursor), "behind": each.behind} for each in found.read],
        "dead_letters": [{"reader": reader, **message_json(letter)} for reader, letter in found.dead],
        "dead_letters_total": sum(found.totals.values()),
        "silent": found.silent,
    }
