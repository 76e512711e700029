"""What an entry is: one event of a service, or its part about one case."""

from __future__ import annotations

from typing import NamedTuple

SOURCES = ("caseload", "provision", "cost", "placement", "journal")
"""The services whose logs the journal reads; its own is among them, since looking into the journal is journaled."""


class Happening(NamedTuple):
    """An event of a service's log, in the form in which the journal keeps it.

    `occurred_at_utc` is RFC 3339 in UTC, `roles` are ordered and separated by spaces, `facts` a JSON object of strings
    with sorted keys. They are text, so that what is sealed is byte for byte what is stored.
    """

    sequence: int
    name: str
    occurred_at_utc: str
    actor: str
    roles: str
    on_behalf_of: str
    request_id: str
    case_ids: tuple[str, ...]
    facts: str


class Entry(NamedTuple):
    """One row of the journal, without its hash. `entry_number` counts 1, 2, 3 and so on within the source."""

    source: str
    entry_number: int
    sequence: int
    name: str
    occurred_at_utc: str
    actor: str
    roles: str
    on_behalf_of: str
    request_id: str
    case_id: str
    facts: str


def build_entries(source: str, happening: Happening, after: int) -> list[Entry]:
    """The entries of an event, numbered from `after` + 1: one for each case, or one about none."""
    case_ids = list(dict.fromkeys(happening.case_ids)) or [""]
    first = happening[:7]
    return [
        Entry(source, number, *first, case_id, happening.facts)
        for number, case_id in enumerate(case_ids, start=after + 1)
    ]
