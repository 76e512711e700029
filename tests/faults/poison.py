"""Events that cannot be applied, by the hundred: each is tried a few times, set aside, and holds up nothing for long.

`python -m tests.faults.poison --events 100` prints a row for each database. Every fourth event is poison. Those are set
aside, left alone, tried again while they are still poison, and tried again once the reader can apply them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from inborough.events.v1 import events_pb2, events_pb2_grpc
from shared import logs
from shared.event_log import servicer
from shared.event_log.consume import Patience
from shared.grpc_server import start_server
from shared.settings import ServiceSettings
from tests.benchmarks.processes import own_front_door
from tests.builders.brokers import running_broker
from tests.builders.databases import DATABASES
from tests.builders.event_logs import list_applied
from tests.builders.identity import connect
from tests.builders.log_pair import Pair, log_and_reader
from tests.builders.running import Process, wait_until

EVERY = 4
OFTEN = "1"
QUIET_SECONDS = 10.0
LIMIT_SECONDS = 600.0
MOST = 1000
COLUMNS = (
    "database,poison events,other events,set aside,attempts at each,attempts while left alone,"
    "back in the list after failing again,left in the list once they can be applied,applied twice or not,seconds"
).split(",")


@dataclass(frozen=True)
class Tally:
    """One run. Attempts are counted in the reader's log."""

    database: str
    poison: int
    others: int
    set_aside: int
    attempts: frozenset[int]
    while_quiet: int
    back: int
    left: int
    applied: Sequence[int]
    seconds: float

    @property
    def wrongly_applied(self) -> int:
        """Events that took effect twice, or not at all."""
        counts = Counter(self.applied)
        return sum(counts[sequence] != 1 for sequence in range(1, self.poison + self.others + 1))

    @property
    def sound(self) -> bool:
        """Whether all is as it must be."""
        tried = self.attempts == {Patience().attempts} and self.while_quiet == 0
        return tried and self.set_aside == self.back == self.poison and not self.left and not self.wrongly_applied

    def row(self) -> str:
        """For docs/reliability.md."""
        tried = " or ".join(map(str, sorted(self.attempts)))
        counted = (self.database, self.poison, self.others, self.set_aside, tried, self.while_quiet)
        rest = (self.back, self.left, self.wrongly_applied, f"{self.seconds:.0f}")
        return f"| {' | '.join(map(str, (*counted, *rest)))} |"


def run(database: str, poison: int, folder: Path, quiet_seconds: float = QUIET_SECONDS) -> Tally:
    """So many poison events among three times as many others. Raises NoDatabaseServer."""
    began, every = time.monotonic(), poison * EVERY
    with (
        running_broker("files", folder) as broker,
        log_and_reader(broker, database, folder) as pair,
        _reading_service(pair) as letters,
    ):
        reader = pair.start_reader(OFTEN, poison_every=EVERY)
        pair.record(every)
        wait_until(lambda: _read_up_to(letters) == every, "the whole log read", LIMIT_SECONDS)
        set_aside, attempts = _total(letters), _attempts(reader)
        time.sleep(quiet_seconds)
        while_quiet = _attempts(reader).total() - attempts.total()
        _retry(letters)
        tried = attempts.total() + poison
        wait_until(lambda: _attempts(reader).total() >= tried and not _retrying(letters), "each tried again")
        back = _total(letters)
        reader.stop()
        pair.start_reader(OFTEN, name="mended")
        _retry(letters)
        wait_until(lambda: not _retrying(letters), "each tried once more", LIMIT_SECONDS)
        left, applied = _total(letters), list_applied(pair.engine)
    tries, seconds = frozenset(attempts.values()), time.monotonic() - began
    return Tally(database, poison, every - poison, set_aside, tries, while_quiet, back, left, applied, seconds)


@contextmanager
def _reading_service(pair: Pair) -> Iterator[events_pb2_grpc.EventServiceStub]:
    """The service whose events process the reader is: it lists the dead letters and marks them."""
    running = start_server(ServiceSettings(), [servicer.handled(pair.engine)])
    try:
        with connect("placement", running.address) as channel:
            yield events_pb2_grpc.EventServiceStub(channel)
    finally:
        running.stop(0)


def _attempts(reader: Process) -> Counter[int]:
    """Failed attempts by sequence number."""
    return Counter(int(line["sequence"]) for line in reader.lines("event_not_applied"))


def _read_up_to(service: events_pb2_grpc.EventServiceStub) -> int:
    cursors = service.ListCursors(events_pb2.ListCursorsRequest(), timeout=10).cursors
    return cursors[0].sequence if cursors else 0


def _listed(service: events_pb2_grpc.EventServiceStub) -> events_pb2.ListDeadLettersResponse:
    return service.ListDeadLetters(events_pb2.ListDeadLettersRequest(most=MOST), timeout=10)


def _total(service: events_pb2_grpc.EventServiceStub) -> int:
    return _listed(service).total


def _retrying(service: events_pb2_grpc.EventServiceStub) -> bool:
    return any(letter.retrying for letter in _listed(service).dead_letters)


def _retry(service: events_pb2_grpc.EventServiceStub) -> None:
    service.RetryDeadLetters(events_pb2.RetryDeadLettersRequest(all=True), timeout=10)


def main(arguments: Sequence[str]) -> int:
    """Print a row a run; the exit status says whether all were sound."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=100)
    parser.add_argument("--database", choices=DATABASES, action="append", default=[])
    asked = parser.parse_args(arguments)
    logs.configure("poison", "ERROR")
    print("| " + " | ".join(COLUMNS) + " |")
    print("|---" * len(COLUMNS) + "|")
    sound = True
    with own_front_door():
        for database in asked.database or DATABASES:
            with tempfile.TemporaryDirectory(prefix="inborough-poison-", ignore_cleanup_errors=True) as folder:
                tally = run(database, asked.events, Path(folder))
            print(tally.row(), flush=True)
            sound = sound and tally.sound
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
