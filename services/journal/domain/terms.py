"""How long entries are kept, and how far a chain may be removed from its front."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from services.journal.domain.chain import Head, Link
from services.journal.domain.entries import Entry
from services.journal.domain.sequences import Sequences

YEARS_ABOUT_NO_CASE = 7
YEARS_ABOUT_A_CASE = 37
"""The longest term of a case, birth + 31 years, counted as if the child was born on the day of the entry, + 6 years."""


def is_past_term(entry: Entry, about_no_case_before: date, about_a_case_before: date) -> bool:
    """Whether an entry is older than the first day that is kept of its kind."""
    first_kept = about_a_case_before if entry.case_id else about_no_case_before
    return entry.occurred_at_utc < first_kept.isoformat()


def find_cut(after: Head, links: Iterable[Link], about_no_case_before: date, about_a_case_before: date) -> Head | None:
    """The last entry that may be removed from the front of a chain; None when none may.

    `links` follow the entry of `after`, in order. Removing stops at the first entry in its term, never between the
    entries of one event, and never where an event that was passed over is still to come.
    """
    sequences, cut = Sequences(after.last_sequence), None
    for _, of_event in groupby(links, lambda link: link.entry.sequence):
        event = list(of_event)
        if not all(is_past_term(link.entry, about_no_case_before, about_a_case_before) for link in event):
            break
        last, its_hash = event[-1]
        sequences.see(last.sequence, last.entry_number)
        if sequences.first_owed() is None:
            cut = Head(last.source, last.entry_number, its_hash, sequences.greatest)
    return cut
