"""The journal: entries, and whether it is whole."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from inborough.journal.v1 import journal_pb2
from services import words
from services.cli import terminal
from services.cli.pages.paging import more
from services.cli.typed import typed


def entries_page(page: journal_pb2.ListEntriesResponse, filtered: bool) -> Iterator[RenderableType]:
    """A paragraph an entry: when, what, who for whom, about which case, with what facts."""
    if not page.entries:
        yield "No entry is like that." if filtered else "The journal has no entries yet."
        yield f"Entries follow what was done within seconds; see `{typed('events list')}` when they do not."
        return
    for entry in page.entries:
        yield from _entry(entry)
    yield from more(page.next_page_token)
    yield f"\nNext: {typed('journal verify')}"


def _entry(entry: journal_pb2.Entry) -> Iterator[RenderableType]:
    what = entry.name.replace("_", " ")
    yield terminal.heading(f"{words.instant(entry.occurred_time)}  {what} ({entry.source} {entry.entry_number:,})")
    behalf = f" for {entry.on_behalf_of}" if entry.on_behalf_of else ""
    yield f"by {entry.actor}{behalf}{f', about {entry.case_id}' if entry.case_id else ''}"
    if entry.facts:
        yield ", ".join(f"{name} {value}" for name, value in sorted(entry.facts.items()))


def verified_page(answer: journal_pb2.VerifyJournalResponse, anchors: int, kept: bool) -> Iterator[RenderableType]:
    """A row a chain, and whether every chain is whole and holds every anchor that was given.

    `kept`: where the chains end has just been written down, so that nobody need be told to.
    """
    columns = ("Service", "Entries", "State", "First thing wrong")
    rows = [(chain.source, f"{chain.entries:,}", *_state(chain)) for chain in answer.chains]
    yield terminal.table(columns, rows, right=("Entries",))
    if not answer.sound:
        yield "\nThe journal is NOT whole. Retry what `inborough events list` shows as set aside, then verify again."
        yield "If it is not whole then, somebody or something changed it: keep a copy, and find out who could."
        return
    against = f" and holds {words.counted(anchors, 'anchor')}" if anchors else ""
    yield f"\nThe journal is whole{against}."
    if not anchors and not kept:
        yield "Keep where its chains end in another place, and nothing before can be cut off unseen:"
        yield f"Next: {typed('journal verify --write-anchors FILE')}"


def _state(chain: journal_pb2.Chain) -> tuple[str, str]:
    if not chain.HasField("first_break"):
        return "whole", ""
    found = chain.first_break
    return found.what.replace("_", " "), f"Entry {found.entry_number:,}. {found.reason}"
