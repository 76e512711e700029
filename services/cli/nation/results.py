"""What is done, what is in hand and by whom, in one SQLite file that the run and its workers share.

A row of figures is kept under its authority, seed, decisions due and version of code and tables, so that a run that
was stopped goes on and a changed one begins anew. Counts are kept as they are; whatever shows them protects them.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

FILE = "nation.db"
WAIT_SECONDS = 30.0
TABLES = """
CREATE TABLE IF NOT EXISTS run (
    one INTEGER PRIMARY KEY CHECK (one = 1), run_id TEXT NOT NULL, seed INTEGER NOT NULL, due TEXT NOT NULL,
    version TEXT NOT NULL, keep TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS task (
    code TEXT PRIMARY KEY, ons_code TEXT NOT NULL, name TEXT NOT NULL, region TEXT NOT NULL, plans INTEGER NOT NULL,
    place INTEGER NOT NULL, worker TEXT, tries INTEGER NOT NULL DEFAULT 0, failed TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS result (
    code TEXT NOT NULL, seed INTEGER NOT NULL, due TEXT NOT NULL, version TEXT NOT NULL, figures TEXT NOT NULL,
    done_at REAL NOT NULL, PRIMARY KEY (code, seed, due, version)
) STRICT;
CREATE VIEW IF NOT EXISTS finished AS
    SELECT code, ons_code, name, region, plans, place, figures
    FROM task JOIN run JOIN result USING (code, seed, due, version) ORDER BY place;
CREATE VIEW IF NOT EXISTS waiting AS
    SELECT code, ons_code, name, region, plans, place
    FROM task WHERE worker IS NULL AND failed IS NULL AND code NOT IN (SELECT code FROM finished) ORDER BY place;
CREATE VIEW IF NOT EXISTS in_hand AS
    SELECT code, ons_code, name, region, plans, place, worker FROM task WHERE worker IS NOT NULL ORDER BY worker;
CREATE VIEW IF NOT EXISTS given_up AS
    SELECT code, ons_code, name, region, plans, place, failed FROM task WHERE failed IS NOT NULL ORDER BY place;
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run does for each authority.

    Parameters
    ----------
    run_id
        Names its queue. Another run in the same folder has another.
    seed
        Of the people invented.
    due
        Decisions due: "" for what the published figures suggest, a number, or "all" for as many as active plans.
    version
        Of code and tables; see `version.py`.
    keep
        "" to remove each authority's files and databases, "plans" to keep placement's database, "all" for everything.
    """

    run_id: str
    seed: int
    due: str
    version: str
    keep: str = ""

    def due_of(self, plans: int) -> int | None:
        """Decisions due in an authority with so many plans; None for what the published figures suggest."""
        return plans if self.due == "all" else int(self.due) if self.due else None


@dataclass(frozen=True, slots=True)
class Task:
    """An authority of the run. `place`: its place in the stated order, from 0."""

    code: str
    ons_code: str
    name: str
    region: str
    plans: int
    place: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of one authority: counts, pence a year, seconds, and memory.

    Parameters
    ----------
    plans, decisions_due, options_judged, options_open
        Active plans; decisions planned together; options, and those that no rule failed.
    in_borough, out_of_borough, unplaced
        Children by where the plan places them; they add up to `decisions_due`.
    inmss, practice_inmss, practice_unplaced
        Children in independent and non-maintained special schools, by the plan and by today's practice as modelled,
        and those whom practice leaves without a place.
    annual_cost_pence, practice_annual_cost_pence
        Budget ledger with transport.
    invent_seconds, start_seconds, import_seconds, plan_seconds, solver_seconds
        Inventing and writing the files; starting the services; all imports; ProposePlan over the wire; its optimiser.
    peak_megabytes
        The most that each process of the system held, added up, in MB of 10**6 bytes; None where not known.
    import_processor_seconds, plan_processor_seconds
        Seconds of processor in the system's processes, whatever else the machine was at; None where not known.
    database_megabytes
        Its databases afterwards.
    plan_id
        Of what the plan says; the same people, policy and rules give the same in any system (`council.content_of`).
    """

    plans: int
    decisions_due: int
    options_judged: int
    options_open: int
    in_borough: int
    out_of_borough: int
    unplaced: int
    inmss: int
    practice_inmss: int
    practice_unplaced: int
    annual_cost_pence: int
    practice_annual_cost_pence: int
    invent_seconds: float
    start_seconds: float
    import_seconds: float
    plan_seconds: float
    solver_seconds: float
    peak_megabytes: float | None
    import_processor_seconds: float | None
    plan_processor_seconds: float | None
    database_megabytes: float
    plan_id: str


@dataclass(frozen=True, slots=True)
class Done:
    """An authority with its figures."""

    task: Task
    figures: Figures


class Results:
    """The file. Safe to use from several processes; each use opens it anew."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def begin(self, asked: Asked, tasks: Sequence[Task]) -> None:
        """Make this the run, with these tasks, nobody at them and none of them failed."""
        with self._open() as connection:
            connection.executescript(TABLES)
        with self._open() as connection:
            connection.execute("DELETE FROM run")
            connection.execute("DELETE FROM task")
            row = (asked.run_id, asked.seed, asked.due, asked.version, asked.keep)
            connection.execute("INSERT INTO run VALUES (1, ?, ?, ?, ?, ?)", row)
            rows = [astuple(task) for task in tasks]
            connection.executemany(
                "INSERT INTO task (code, ons_code, name, region, plans, place) VALUES (?, ?, ?, ?, ?, ?)", rows
            )

    def find_run(self) -> Asked | None:
        """The run that was begun last, or None."""
        if not self._path.exists():
            return None
        with self._open() as connection:
            found = connection.execute("SELECT run_id, seed, due, version, keep FROM run").fetchone()
        return Asked(*found) if found else None

    def take(self, run_id: str, worker: str) -> Task | None:
        """Take the first task that waits for a worker; None when there is none, or another run is the one begun last.

        The order is the run's own: a broker keeps none between messages that it was sent in the same moment.
        """
        with self._open() as connection:
            found = connection.execute(
                "SELECT waiting.* FROM waiting JOIN run WHERE run_id = ? ORDER BY place LIMIT 1", (run_id,)
            ).fetchone()
            if found:
                connection.execute("UPDATE task SET worker = ?, tries = tries + 1 WHERE code = ?", (worker, found[0]))
        return Task(*found) if found else None

    def keep(self, asked: Asked, code: str, figures: Figures) -> None:
        """Keep an authority's figures, and leave it."""
        row = (code, asked.seed, asked.due, asked.version, json.dumps(asdict(figures)), time.time())
        with self._open() as connection:
            connection.execute("INSERT OR REPLACE INTO result VALUES (?, ?, ?, ?, ?, ?)", row)
            connection.execute("UPDATE task SET worker = NULL WHERE code = ?", (code,))

    def fail(self, code: str, reason: str) -> None:
        """Say why an authority could not be done in this run, and leave it."""
        with self._open() as connection:
            connection.execute("UPDATE task SET worker = NULL, failed = ? WHERE code = ?", (reason, code))

    def free(self, worker: str, most_tries: int, reason: str) -> list[str]:
        """Have what a worker that is gone was at done again; codes. One tried so often has failed for this reason."""
        with self._open() as connection:
            connection.execute(
                "UPDATE task SET worker = NULL, failed = ? WHERE worker = ? AND tries >= ?",
                (reason, worker, most_tries),
            )
            codes = [code for (code,) in connection.execute("SELECT code FROM task WHERE worker = ?", (worker,))]
            connection.execute("UPDATE task SET worker = NULL WHERE worker = ?", (worker,))
        return codes

    def in_hand(self) -> dict[str, Task]:
        """What workers are at, by worker."""
        return {worker: Task(*task) for *task, worker in self._all("SELECT * FROM in_hand")}

    def waiting(self) -> list[Task]:
        """Neither done, failed nor in hand; in order."""
        return [Task(*task) for task in self._all("SELECT * FROM waiting")]

    def failed(self) -> list[tuple[Task, str]]:
        """Those that failed in this run, in order, with the reason."""
        return [(Task(*task), reason) for *task, reason in self._all("SELECT * FROM given_up")]

    def done(self) -> list[Done]:
        """The run's authorities that are done, by this run or an earlier one, in order."""
        found = self._all("SELECT * FROM finished")
        return [Done(Task(*task), Figures(**json.loads(figures))) for *task, figures in found]

    def _all(self, query: str) -> list[tuple[Any, ...]]:
        with self._open() as connection:
            return connection.execute(query).fetchall()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection and one transaction that may write."""
        connection = sqlite3.connect(self._path, timeout=WAIT_SECONDS, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            if connection.in_transaction:
                connection.execute("COMMIT")
        finally:
            connection.close()
