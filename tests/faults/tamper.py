"""Tamper with journals as somebody who has the database and not the key, and see that every one is found out.

`python -m tests.faults.tamper` does 500 on each database; --journals and --database narrow it.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from services.journal.domain.entries import SOURCES
from services.journal.domain.verifying import Anchor, Chain
from services.journal.operations import verify_chains
from shared.database import writing
from tests.builders.databases import DATABASES, empty_database
from tests.builders.journal import SEALER, any_log, keep, open_journal
from tests.faults.tampering import NEED_AN_ANCHOR, WAYS, Way, put_back, read, tampered

EVENTS_IN_A_LOG = 40


class _Undo(Exception):
    """Ends a transaction so that the next journal is tampered with from the same state."""


@dataclass
class Tally:
    """What one way of tampering came to."""

    way: Way
    journals: int = 0
    detected: int = 0
    called: Counter[str] = field(default_factory=Counter)


def fill(engine: Engine, seed: int) -> None:
    """A journal of two services' logs."""
    rng = random.Random(seed)
    keep(engine, *(any_log(source, EVENTS_IN_A_LOG, rng) for source in SOURCES[:2]))


def find_breaks(engine: Engine, way: Way, seed: int) -> dict[str, str]:
    """Tamper once and verify, in a transaction that is then undone: what the first break of each source is called."""
    rng = random.Random(seed)
    chains: list[Chain] = []
    try:
        with writing(engine) as connection:
            held = read(connection, rng.choice(SOURCES[:2]))
            anchors: list[Anchor] = [held.anchor()] if way in NEED_AN_ANCHOR else []
            put_back(connection, tampered(held, way, rng))
            chains = verify_chains(connection, SEALER, anchors)
            raise _Undo
    except _Undo:
        return {chain.source: chain.first_break.what for chain in chains if chain.first_break}


def run(engine: Engine, journals: int, seed: int = 0) -> Iterator[Tally]:
    """Each way in turn, `journals` in all."""
    for at, way in enumerate(WAYS):
        tally = Tally(way)
        for number in range(at, journals, len(WAYS)):
            found = find_breaks(engine, way, seed + number)
            tally.journals += 1
            tally.detected += bool(found)
            tally.called.update(set(found.values()))
        yield tally


def main(arguments: Sequence[str]) -> int:
    """Print a row for each way on each database; the exit status says whether any journal passed for whole."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--journals", type=int, default=500)
    parser.add_argument("--database", choices=[*DATABASES, "both"], default="both")
    asked = parser.parse_args(arguments)
    print("| database | tampering | journals | detected | called | seconds |\n|---|---|---|---|---|---|")
    missed = 0
    for database in DATABASES if asked.database == "both" else [asked.database]:
        with tempfile.TemporaryDirectory() as folder, empty_database(database, Path(folder)) as url:
            engine = open_journal(url)
            missed += _run_and_print(engine, database, asked.journals)
            engine.dispose()
    return 1 if missed else 0


def _run_and_print(engine: Engine, database: str, journals: int) -> int:
    fill(engine, seed=0)
    began, in_all, detected = time.monotonic(), 0, 0
    for tally in run(engine, journals):
        in_all, detected = in_all + tally.journals, detected + tally.detected
        called = ", ".join(sorted(tally.called))
        print(f"| {database} | {tally.way.__name__} | {tally.journals} | {tally.detected} | {called} | |", flush=True)
    with writing(engine) as connection:
        untouched = [chain for chain in verify_chains(connection, SEALER, []) if chain.first_break]
    print(f"| {database} | **all** | {in_all} | {detected} | | {time.monotonic() - began:.0f} |")
    print(f"| {database} | untouched | 1 | {bool(untouched):d} | | |", flush=True)
    return in_all - detected + len(untouched)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
