"""What the journal removes when its time is up: its own entries, and events of logs that it has proved to hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from datetime import date, timedelta

from sqlalchemy import Connection, Engine

from services.journal.domain.chain import Head, Sealer, empty_head
from services.journal.domain.entries import SOURCES
from services.journal.domain.terms import YEARS_ABOUT_A_CASE, YEARS_ABOUT_NO_CASE, find_cut
from services.journal.domain.verifying import SealedHead
from services.journal.gather import Logs
from services.journal.operations import lock_head, verify_chains
from services.journal.storage import prunings, repository
from shared.database import reading, writing
from shared.errors import NeighbourDown, WrongState
from shared.event_log import record_event
from shared.keeping.keeper import Keeper, PastTerm, Term, years_before

LOG_DAYS = 366
"""A day more than services insist on, so that no hour of the day matters."""
NOT_WHOLE = "the journal is not whole: run inborough journal verify"


def keeper(sealer: Sealer, logs: Logs) -> Keeper:
    """The journal's terms. It holds nothing of a case but entries with its id, which stay when it is erased."""
    entries = Term(
        "journal entries",
        f"{YEARS_ABOUT_NO_CASE} years about no case, {YEARS_ABOUT_A_CASE} about one",
        _count_entries,
        lambda engine, day: sum(prune_chain(engine, sealer, source, day) for source in SOURCES),
    )
    events = Term(
        "events in services' logs",
        "1 year after they are read and proved to be in the journal",
        lambda engine, day: _count_events(engine, sealer, logs, day),
        lambda engine, day: _prune_logs(engine, sealer, logs, day),
    )
    return Keeper(terms=(events, entries))


def _count_entries(engine: Engine, day: date) -> PastTerm:
    with reading(engine) as connection:
        pruned = prunings.find_prunings(connection)
        rows = 0
        for source in SOURCES:
            begins = pruned[source].head if source in pruned else empty_head(source)
            cut = _cut(connection, begins, day)
            rows += cut.entry_number - begins.entry_number if cut else 0
    return PastTerm(rows)


def prune_chain(engine: Engine, sealer: Sealer, source: str, day: date) -> int:
    """Remove the front of a chain whose term was up before a day; how many entries went. Raises WrongState.

    The chain is proved whole in the same transaction, and the last entry that went is sealed as the place from which
    the rest is proved.
    """
    with writing(engine) as connection:
        lock_head(connection, sealer, source)
        if source not in _whole(connection, sealer, [source]):
            raise WrongState(f"Nothing of the chain of {source} was removed: {NOT_WHOLE}.")
        found = prunings.find_prunings(connection).get(source)
        cut = _cut(connection, found.head if found else empty_head(source), day)
        if cut is None:
            return 0
        rows = prunings.remove_up_to(connection, SealedHead(cut, sealer.seal_pruning(cut)))
        record_event(connection, "journal_pruned", rows=rows, through=cut.entry_number, kind=source)
    return rows


def _cut(connection: Connection, begins: Head, day: date) -> Head | None:
    links = repository.stream_links(connection, begins.source)
    firsts = years_before(day, YEARS_ABOUT_NO_CASE), years_before(day, YEARS_ABOUT_A_CASE)
    try:
        return find_cut(begins, links, *firsts)
    finally:
        links.close()


def _whole(connection: Connection, sealer: Sealer, sources: Collection[str] = SOURCES) -> set[str]:
    """Those of the sources whose chains are whole."""
    found = verify_chains(connection, sealer, [], only=sources)
    return {chain.source for chain in found if chain.first_break is None}


def find_prunable(engine: Engine, sealer: Sealer, needed_from: Mapping[str, int], day: date) -> dict[str, int]:
    """By source whose chain is whole, the newest event that nobody needs any more and that is over a year old."""
    with reading(engine) as connection:
        return _prunable(connection, _whole(connection, sealer), needed_from, day)


def _prunable(connection: Connection, whole: Set[str], needed_from: Mapping[str, int], day: date) -> dict[str, int]:
    oldest_kept = (day - timedelta(days=LOG_DAYS)).isoformat()
    old = {source: prunings.find_last_before(connection, source, oldest_kept) for source in whole}
    through = {source: min(old[source], needed_from.get(source, 0) - 1) for source in whole}
    return {source: last for source, last in sorted(through.items()) if last > 0}


def _count_events(engine: Engine, sealer: Sealer, logs: Logs, day: date) -> PastTerm:
    try:
        needed_from = logs.needed_from()
        with reading(engine) as connection:
            whole = _whole(connection, sealer)
            prunable = _prunable(connection, whole, needed_from, day)
        rows = sum(max(0, last + 1 - max(1, logs.first_kept(source))) for source, last in prunable.items())
    except NeighbourDown as error:
        away = error.facts.get("neighbour", "a service")
        return PastTerm(0, f"{away} does not answer, and what it still needs is not known")
    broken = sorted(set(SOURCES) - whole)
    return PastTerm(rows, f"of {', '.join(broken)}: {NOT_WHOLE}" if broken else "")


def _prune_logs(engine: Engine, sealer: Sealer, logs: Logs, day: date) -> int:
    prunable = find_prunable(engine, sealer, logs.needed_from(), day)
    return sum(logs.prune(source, through) for source, through in prunable.items())
