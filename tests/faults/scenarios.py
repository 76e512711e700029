"""Workers of a scenario are killed again and again: no shard is lost or counted twice, and the answer is the same.

`python -m tests.faults.scenarios --kills 20` prints a row for each broker and database. Three kills in four hit a
worker process in the middle of whatever it is at, the fourth the events process that shares the shards out, which is
started again. The result must be, to the byte, what one process finds alone.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from shared.database import reading
from shared.event_log import list_events
from tests.benchmarks.processes import own_front_door
from tests.builders.brokers import BROKERS, running_broker
from tests.builders.databases import DATABASES, empty_database
from tests.builders.running import Process
from tests.builders.scenario_office import Office
from tests.builders.scenarios import figures_of, keep_scenario, placement_database, rows_of, work_off

PAUSE_SECONDS = (0.3, 1.5)
FINISH_SECONDS = 600.0
COLUMNS = (
    "broker,database,replicates,kills,of them events processes,shards,shards taken again,shards lost,times finished,"
    "same bytes,seconds"
).split(",")


@dataclass(frozen=True)
class Tally:
    """One run."""

    broker: str
    database: str
    replicates: int
    kills: int
    processes_killed: int
    shards: int
    taken_again: int
    lost: int
    finished: int
    same: bool
    seconds: float

    @property
    def sound(self) -> bool:
        """Whether all is as it must be."""
        return self.same and self.finished == 1 and not self.lost

    def row(self) -> str:
        """For docs/reliability.md."""
        counted = (self.replicates, self.kills, self.processes_killed, self.shards, self.taken_again, self.lost)
        rest = (self.finished, "yes" if self.same else "no", round(self.seconds))
        return f"| {' | '.join(map(str, (self.broker, self.database, *counted, *rest)))} |"


def run(broker: str, database: str, kills: int, replicates: int, folder: Path, rng: random.Random) -> Tally:
    """Kill so many times while a scenario is simulated. Raises NoBroker, NoDatabaseServer."""
    expected = _alone(folder, replicates)
    with _office(broker, database, folder) as office:
        began = time.monotonic()
        scenario_id = keep_scenario(office.engine, replicates=replicates)
        killed, processes = _kill_until_finished(office, scenario_id, kills, rng)
        rows = rows_of(office.engine, scenario_id)
        with reading(office.engine) as connection:
            names = [event.name for event in list_events(connection, 0, 1000)]
        return Tally(
            broker=broker,
            database=database,
            replicates=replicates,
            kills=killed,
            processes_killed=processes,
            shards=len(rows),
            taken_again=sum(row.takes > 1 for row in rows),
            lost=sum(row.state != "done" for row in rows),
            finished=names.count("scenario_finished"),
            same=figures_of(office.engine, scenario_id) == expected,
            seconds=time.monotonic() - began,
        )


def _alone(folder: Path, replicates: int) -> bytes:
    with placement_database(f"sqlite:///{folder / 'alone.db'}") as engine:
        scenario_id = keep_scenario(engine, replicates=replicates)
        work_off(engine)
        return figures_of(engine, scenario_id)


@contextmanager
def _office(broker: str, database: str, folder: Path) -> Iterator[Office]:
    with (
        running_broker(broker, folder) as between,
        empty_database(database, folder) as url,
        placement_database(url) as engine,
    ):
        yield Office(engine, between, folder)


def _kill_until_finished(office: Office, scenario_id: str, kills: int, rng: random.Random) -> tuple[int, int]:
    """How many were killed, and how many of them were events processes."""
    killed = processes = 0
    with ExitStack() as stack:
        process = stack.enter_context(office.start("events-0", lease_seconds=3))
        deadline = time.monotonic() + FINISH_SECONDS
        while not office.is_finished(scenario_id):
            assert time.monotonic() < deadline, f"not finished in {FINISH_SECONDS:.0f} s"
            time.sleep(rng.uniform(*PAUSE_SECONDS))
            if killed >= kills:
                continue
            if killed % 4 == 3:
                process.popen.kill()
                process.popen.wait()
                processes += 1
                process = stack.enter_context(office.start(f"events-{processes}", lease_seconds=3))
                killed += 1
            else:
                killed += _kill_a_worker(process, rng)
    return killed, processes


def _kill_a_worker(process: Process, rng: random.Random) -> int:
    """1 when there was one to kill."""
    found = subprocess.run(["pgrep", "-P", str(process.popen.pid)], capture_output=True, text=True, check=False)
    workers = [int(line) for line in found.stdout.split()]
    if not workers:
        return 0
    try:
        os.kill(rng.choice(workers), signal.SIGKILL)
    except ProcessLookupError:
        return 0
    return 1


def main(arguments: Sequence[str]) -> int:
    """Print a row a run; the exit status says whether all were sound."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--replicates", type=int, default=2000)
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
            with tempfile.TemporaryDirectory(prefix="inborough-scenarios-", ignore_cleanup_errors=True) as folder:
                tally = run(broker, database, asked.kills, asked.replicates, Path(folder), rng)
            print(tally.row(), flush=True)
            sound = sound and tally.sound
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
