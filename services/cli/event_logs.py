"""What every service has read of the others' event logs and could not apply, asked of all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from inborough.events.v1 import events_pb2
from services.cli.calls import Services, ask, started
from services.cli.exits import ANSWER_IS_NO
from services.cli.failures import CannotGoOn
from services.cli.system.health import SERVICES
from services.cli.typed import typed
from shared.errors import NeighbourDown, NotAllowed

MOST_LETTERS = 1000
AFTER_ALL = 2**62
"""Beyond any sequence: a page after it is empty and says where the log ends."""


@dataclass(frozen=True)
class ReadLog:
    """One service's place in another's log. `behind` counts events yet to be read; None when that is not known."""

    reader: str
    cursor: events_pb2.Cursor
    behind: int | None


@dataclass(frozen=True)
class Readings:
    """`dead` are (reader, letter), oldest first for each reader; `totals` how many each reader has; `silent` did not
    answer."""

    read: list[ReadLog] = field(default_factory=list)
    dead: list[tuple[str, events_pb2.DeadLetter]] = field(default_factory=list)
    totals: Mapping[str, int] = field(default_factory=dict)
    silent: list[str] = field(default_factory=list)


def read_event_logs(services: Services) -> Readings:
    """Ask every service. One that does not answer is named, and the others are told of all the same."""
    waiting = {service: _ask(services, service) for service in SERVICES}
    answers = {service: wait() for service, wait in waiting.items()}
    given = {service: answer for service, answer in answers.items() if answer}
    ends = {service: answer.log_end for service, answer in given.items()}
    return Readings(
        [ReadLog(name, each, _behind(each, ends)) for name, answer in given.items() for each in answer.cursors],
        [(name, letter) for name, answer in given.items() for letter in answer.letters.dead_letters],
        {name: answer.letters.total for name, answer in given.items()},
        [service for service, answer in answers.items() if answer is None],
    )


@dataclass(frozen=True)
class _Answer:
    cursors: list[events_pb2.Cursor]
    letters: events_pb2.ListDeadLettersResponse
    log_end: int | None


def _ask(services: Services, service: str) -> Callable[[], _Answer | None]:
    """Start the three calls to one service; the result waits for them, None when the service does not answer."""
    log, doing = services.events(service), f"Reading the event log of {service}"
    cursors = started(log.ListCursors, events_pb2.ListCursorsRequest(), doing)
    letters = started(log.ListDeadLetters, events_pb2.ListDeadLettersRequest(most=MOST_LETTERS), doing)
    end = started(log.ListEvents, events_pb2.ListEventsRequest(after_sequence=AFTER_ALL, most=1), doing)

    def wait() -> _Answer | None:
        try:
            return _Answer(list(cursors().cursors), letters(), _log_end(end))
        except NeighbourDown:
            return None

    return wait


def _log_end(wait: Callable[[], events_pb2.ListEventsResponse]) -> int | None:
    """Where a log ends; None for an administrator, who may not read logs."""
    try:
        return wait().last_sequence
    except NotAllowed:
        return None


def _behind(cursor: events_pb2.Cursor, ends: Mapping[str, int | None]) -> int | None:
    end = ends.get(cursor.source)
    return None if end is None else max(0, end - cursor.sequence)


def retry_dead_letters(services: Services, letter_ids: list[str]) -> dict[str, int]:
    """Mark these letters, or every one when none is named, to be applied again; how many by reader.

    Raises CannotGoOn, with nothing marked, when an id is in no list or a service does not answer.
    """
    found = read_event_logs(services)
    if found.silent:
        raise NeighbourDown(found.silent[0])
    wanted = _by_reader(found, letter_ids)
    return {reader: _retry(services, reader, ids, every=not letter_ids) for reader, ids in wanted.items()}


def _by_reader(found: Readings, letter_ids: list[str]) -> dict[str, list[str]]:
    """The ids wanted of each reader that has any."""
    listed = {letter.dead_letter_id: reader for reader, letter in found.dead}
    if unknown := [each for each in letter_ids if each not in listed]:
        raise CannotGoOn(
            f"No event is set aside under {', '.join(unknown)}; nothing was marked.",
            f"See what is: `{typed('events list')}`.",
            ANSWER_IS_NO,
        )
    wanted: dict[str, list[str]] = {}
    for letter_id in letter_ids or listed:
        wanted.setdefault(listed[letter_id], []).append(letter_id)
    return wanted


def _retry(services: Services, reader: str, letter_ids: list[str], every: bool) -> int:
    request = events_pb2.RetryDeadLettersRequest(dead_letter_ids=[] if every else letter_ids, all=every)
    return ask(services.events(reader).RetryDeadLetters, request, f"Marking events of {reader}").marked
