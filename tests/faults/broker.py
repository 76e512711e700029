"""The broker goes away again and again under load: every event is applied exactly once, and RPCs go on.

`python -m tests.faults.broker --outages 20` prints a row for each broker and database. RabbitMQ is cut off at a gate of
the run's own; the embedded broker loses its folder, and a file stands in the way of a new one.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from tests.benchmarks.processes import own_front_door
from tests.builders.brokers import BROKERS, running_broker
from tests.builders.databases import DATABASES
from tests.builders.event_logs import list_applied
from tests.builders.log_pair import Pair, log_and_reader

CLIENTS = 4
CATCH_UP_SECONDS = 60.0
OFTEN = "5"
PAUSE_SECONDS = 0.1
AWAY_SECONDS = (0.2, 2.0)
COLUMNS = (
    "broker,database,outages,events recorded,RPCs failed,slowest RPC (s),applied twice,not applied,out of order,"
    "slowest catching up (s),processes that died"
).split(",")


@dataclass
class Load:
    """What clients did meanwhile."""

    recorded: int = 0
    failed: int = 0
    slowest_seconds: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True)
class Tally:
    """One run."""

    broker: str
    database: str
    outages: int
    load: Load
    applied: Sequence[int]
    slowest_catch_up_seconds: float
    died: int

    @property
    def twice(self) -> int:
        """Events that took effect more than once."""
        return sum(count > 1 for count in Counter(self.applied).values())

    @property
    def missing(self) -> int:
        """Events that were recorded and took no effect."""
        return len(set(range(1, self.load.recorded + 1)) - set(self.applied))

    @property
    def out_of_order(self) -> int:
        """Events applied before an earlier one."""
        return sum(later < earlier for earlier, later in zip(self.applied, self.applied[1:], strict=False))

    @property
    def sound(self) -> bool:
        """Whether all is as it must be."""
        faults = (self.load.failed, self.twice, self.missing, self.out_of_order, self.died)
        return not any(faults) and self.slowest_catch_up_seconds <= CATCH_UP_SECONDS

    def row(self) -> str:
        """For docs/reliability.md."""
        load = self.load
        counted = (self.outages, load.recorded, load.failed, f"{load.slowest_seconds:.2f}", self.twice, self.missing)
        rest = (self.out_of_order, f"{self.slowest_catch_up_seconds:.1f}", self.died)
        return f"| {' | '.join(map(str, (self.broker, self.database, *counted, *rest)))} |"


def run(broker: str, database: str, outages: int, folder: Path, rng: random.Random) -> Tally:
    """Take the broker away so many times under load. Raises NoBroker, NoDatabaseServer."""
    with running_broker(broker, folder) as between, log_and_reader(between, database, folder) as pair:
        reader = pair.start_reader(OFTEN)
        reader.wait_for("hints_awaited")
        slowest = 0.0
        with _under_load(pair) as load:
            for _ in range(outages):
                between.go_away()
                time.sleep(rng.uniform(*AWAY_SECONDS))
                between.come_back()
                slowest = max(slowest, _catch_up(pair))
        slowest = max(slowest, _catch_up(pair))
        died = sum(process.popen.poll() is not None for process in (pair.service, reader))
        return Tally(broker, database, outages, load, list_applied(pair.engine), slowest, died)


def _catch_up(pair: Pair) -> float:
    """Seconds until the reader has applied what the log has now; twice the limit when it does not come to that."""
    began, wanted = time.monotonic(), pair.last_sequence()
    while len(list_applied(pair.engine)) < wanted:
        if time.monotonic() - began > CATCH_UP_SECONDS:
            return 2 * CATCH_UP_SECONDS
        time.sleep(0.05)
    return time.monotonic() - began


@contextmanager
def _under_load(pair: Pair) -> Iterator[Load]:
    """Clients that record events one after another."""
    load, ending = Load(), threading.Event()

    def record_on() -> None:
        while not ending.wait(PAUSE_SECONDS):
            began = time.monotonic()
            try:
                pair.record()
                done, failed = 1, 0
            except Exception:
                done, failed = 0, 1
            with load.lock:
                load.recorded, load.failed = load.recorded + done, load.failed + failed
                load.slowest_seconds = max(load.slowest_seconds, time.monotonic() - began)

    clients = [threading.Thread(target=record_on) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    try:
        yield load
    finally:
        ending.set()
        for client in clients:
            client.join()


def main(arguments: Sequence[str]) -> int:
    """Print a row a run; the exit status says whether all were sound."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--outages", type=int, default=20)
    parser.add_argument("--broker", choices=BROKERS, action="append", default=[])
    parser.add_argument("--database", choices=DATABASES, action="append", default=[])
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    rng = random.Random(asked.seed)
    print("| " + " | ".join(COLUMNS) + " |")
    print("|---" * len(COLUMNS) + "|")
    sound = True
    with own_front_door():
        for broker, database in product(asked.broker or BROKERS, asked.database or DATABASES):
            with tempfile.TemporaryDirectory(prefix="inborough-broker-", ignore_cleanup_errors=True) as folder:
                tally = run(broker, database, asked.outages, Path(folder), rng)
            print(tally.row(), flush=True)
            sound = sound and tally.sound
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
