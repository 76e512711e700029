"""Ways to tamper with a journal, for somebody who has its database and not its key.

Each works on a copy of everything the database holds of one source; `put_back` then writes that over the tables, with
the triggers that would refuse it removed.
"""

from __future__ import annotations

import copy
import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, text

from services.journal.domain.chain import BEFORE_THE_FIRST, Head, Sealer
from services.journal.domain.entries import Entry
from services.journal.domain.verifying import Anchor
from services.journal.storage.tables import entries, heads
from shared.event_log.tables import cursors
from tests.builders.journal import SEALER, case_id

Row = dict[str, Any]
ANOTHER_KEY = Sealer(b"not the key of the journal")
TRIGGERS = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal",
}


@dataclass
class Held:
    """What the database holds of one source: entries in order, its head and its cursor, None once removed."""

    source: str
    rows: list[Row]
    head: Row | None
    cursor: Row | None

    def anchor(self) -> Anchor:
        """The head, as somebody would have written it down."""
        assert self.head is not None
        return Anchor(self.source, self.head["entry_number"], self.head["hash"])

    def point_head_at_the_end(self) -> None:
        """Call the last entry the head; the seal cannot be made anew."""
        assert self.head is not None
        last = self.rows[-1]
        self.head |= {"entry_number": last["entry_number"], "hash": last["hash"], "last_sequence": last["sequence"]}

    def number_again(self) -> None:
        """Number the entries 1, 2, 3 and so on in their order."""
        for number, row in enumerate(self.rows, start=1):
            row["entry_number"] = number


def read(connection: Connection, source: str) -> Held:
    """Everything of one source."""
    rows = connection.execute(select(entries).filter_by(source=source).order_by(entries.c.entry_number)).mappings()
    (head,) = connection.execute(select(heads).filter_by(source=source)).mappings()
    (cursor,) = connection.execute(select(cursors).filter_by(source=source)).mappings()
    return Held(source, [dict(row) for row in rows], dict(head), dict(cursor))


def put_back(connection: Connection, held: Held) -> None:
    """Write it over what is there."""
    for name, table in connection.execute(text(TRIGGERS[connection.dialect.name])).all():
        on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER {name}{on}"))
    for table, rows in ((entries, held.rows), (heads, [held.head]), (cursors, [held.cursor])):
        connection.execute(table.delete().where(table.c.source == held.source))
        if kept := [row for row in rows if row is not None]:
            connection.execute(table.insert(), kept)


def altered_field(held: Held, rng: random.Random) -> None:
    """One field of one entry says something else."""
    row = rng.choice(held.rows)
    name = rng.choice([column.name for column in entries.c if column.name not in ("source", "entry_number")])
    if name == "sequence":
        row[name] += rng.randrange(1000, 2000)
    elif name == "facts":
        row[name] = json.dumps(json.loads(row[name]) | {"day": "2024-02-02"})
    elif name == "case_id":
        row[name] = case_id(rng.randrange(100, 200))
    elif name == "occurred_at_utc":
        row[name] = row[name].replace("2024-", "2023-")
    elif name == "hash":
        row[name] = row[name][::-1]
    else:
        row[name] = "user_else" if row[name] != "user_else" else ""


def removed_entry(held: Held, rng: random.Random) -> None:
    """An entry before the last is gone."""
    del held.rows[rng.randrange(len(held.rows) - 1)]


def removed_and_numbered_again(held: Held, rng: random.Random) -> None:
    """An entry is gone and the later ones close the gap; the head too."""
    removed_entry(held, rng)
    held.number_again()
    held.point_head_at_the_end()


def swapped_entries(held: Held, rng: random.Random) -> None:
    """Two entries, hashes and all, stand in each other's place."""
    first, second = sorted(rng.sample(range(len(held.rows)), 2))
    held.rows[first], held.rows[second] = held.rows[second], held.rows[first]
    held.number_again()


def swapped_contents(held: Held, rng: random.Random) -> None:
    """Two entries have each other's contents; number and hash stay where they are."""
    first, second = rng.sample(held.rows, 2)
    kept = ("entry_number", "hash")
    ours, theirs = ({key: value for key, value in row.items() if key not in kept} for row in (first, second))
    first.update(theirs)
    second.update(ours)


def inserted_entry(held: Held, rng: random.Random) -> None:
    """An entry that never was stands among the others, which make room for it."""
    at = rng.randrange(len(held.rows))
    made = held.rows[at] | {"case_id": case_id(rng.randrange(100, 200)), "hash": rng.randbytes(32).hex()}
    held.rows.insert(at, made)
    held.number_again()
    held.point_head_at_the_end()


def appended_entry(held: Held, rng: random.Random) -> None:
    """An entry that never was stands after the last, and the head points at it."""
    last = held.rows[-1]
    made = {"entry_number": last["entry_number"] + 1, "sequence": last["sequence"] + 1, "hash": rng.randbytes(32).hex()}
    held.rows.append(last | made)
    held.point_head_at_the_end()


def cut_tail(held: Held, rng: random.Random) -> None:
    """The newest entries are gone."""
    del held.rows[-rng.randrange(1, len(held.rows)) :]


def cut_tail_and_pointed_head(held: Held, rng: random.Random) -> None:
    """The newest entries are gone and an older one is called the head."""
    cut_tail(held, rng)
    held.point_head_at_the_end()


def cut_tail_head_and_cursor(held: Held, rng: random.Random) -> None:
    """The newest entries are gone, an older one is called the head, and the log is said to be read so far only."""
    cut_tail_and_pointed_head(held, rng)
    assert held.cursor is not None
    held.cursor["sequence"] = held.rows[-1]["sequence"]


def cut_tail_and_no_head(held: Held, rng: random.Random) -> None:
    """The newest entries are gone, and the head with them."""
    cut_tail(held, rng)
    held.head = None


def emptied(held: Held, rng: random.Random) -> None:
    """Every entry is gone, and the head with them."""
    held.rows.clear()
    held.head = None


def moved_to_another_source(held: Held, rng: random.Random) -> None:
    """An entry is said to be of a service that has no journal."""
    rng.choice(held.rows)["source"] = "elsewhere"


def sealed_with_another_key(held: Held, rng: random.Random) -> None:
    """An entry is altered, and everything from there on is sealed anew with another key."""
    _seal_anew(held, rng, ANOTHER_KEY.hash_entry)
    assert held.head is not None
    head = Head(**{name: held.head[name] for name in Head._fields})
    held.head["seal"] = ANOTHER_KEY.seal_head(head)


def hashed_without_a_key(held: Held, rng: random.Random) -> None:
    """An entry is altered, and everything from there on is hashed anew in the same form without a key."""
    _seal_anew(held, rng, lambda before, entry: hashlib.sha256(json.dumps([before, *entry]).encode()).hexdigest())


def _seal_anew(held: Held, rng: random.Random, hash_entry: Callable[[str, Entry], str]) -> None:
    at = rng.randrange(len(held.rows))
    held.rows[at]["actor"] = "user_else"
    before = held.rows[at - 1]["hash"] if at else BEFORE_THE_FIRST
    for row in held.rows[at:]:
        before = row["hash"] = hash_entry(before, Entry(**{name: row[name] for name in Entry._fields}))
    held.point_head_at_the_end()


def older_copy(held: Held, rng: random.Random) -> None:
    """Entries, head and cursor are a whole copy of an earlier day: only an anchor can tell."""
    older_entries(held, rng)
    assert held.cursor is not None
    held.cursor["sequence"] = held.rows[-1]["sequence"]


def older_entries(held: Held, rng: random.Random) -> None:
    """Entries and their sealed head are a copy of an earlier day; the log is still said to be read to its end."""
    events = sorted({row["sequence"] for row in held.rows})
    last = rng.choice(events[:-1])
    held.rows = [row for row in held.rows if row["sequence"] <= last]
    head = Head(held.source, held.rows[-1]["entry_number"], held.rows[-1]["hash"], last)
    held.head = head._asdict() | {"seal": SEALER.seal_head(head)}


def never_was(held: Held, rng: random.Random) -> None:
    """Nothing of the source is left: only an anchor can tell."""
    emptied(held, rng)
    held.cursor = None


def passed_over_events(held: Held, rng: random.Random) -> None:
    """The cursor was pushed on for a while: the journal itself then sealed a chain that lacks some events."""
    events = sorted({row["sequence"] for row in held.rows})
    lost = set(rng.sample(events[1:-1], rng.randrange(1, 4)))
    held.rows = [row for row in held.rows if row["sequence"] not in lost]
    held.number_again()
    before = BEFORE_THE_FIRST
    for row in held.rows:
        before = row["hash"] = SEALER.hash_entry(before, Entry(**{name: row[name] for name in Entry._fields}))
    held.point_head_at_the_end()
    assert held.head is not None
    held.head["seal"] = SEALER.seal_head(Head(**{name: held.head[name] for name in Head._fields}))


Way = Callable[[Held, random.Random], None]
WAYS: dict[Way, set[str]] = {
    altered_field: {"altered"},
    removed_entry: {"missing"},
    removed_and_numbered_again: {"altered", "cut_off"},
    swapped_entries: {"reordered"},
    swapped_contents: {"reordered"},
    inserted_entry: {"altered"},
    appended_entry: {"altered"},
    cut_tail: {"cut_off"},
    cut_tail_and_pointed_head: {"cut_off"},
    cut_tail_head_and_cursor: {"cut_off"},
    cut_tail_and_no_head: {"cut_off"},
    emptied: {"missing"},
    moved_to_another_source: {"missing", "cut_off"},
    sealed_with_another_key: {"altered"},
    hashed_without_a_key: {"altered"},
    older_copy: {"cut_off"},
    older_entries: {"missing"},
    never_was: {"cut_off"},
    passed_over_events: {"missing"},
}
"""Each way, and what the first break may be called."""
NEED_AN_ANCHOR = (older_copy, never_was)


def tampered(held: Held, way: Way, rng: random.Random) -> Held:
    """A copy that was tampered with."""
    changed = copy.deepcopy(held)
    way(changed, rng)
    return changed
