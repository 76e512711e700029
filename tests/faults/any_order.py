"""Offers, placements, imports and time in any order, each answer and count compared with a plain model's.

`python -m tests.faults.any_order`: 2,000 runs of 50 steps on each database. Prints a row for each, and fails at the
first answer or count that is not the model's.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from _pytest.outcomes import OutcomeException
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from services.provision.main import MIGRATIONS
from shared import clock, logs
from shared.database import migrate, open_database
from tests.builders.databases import DATABASES, empty_database
from tests.service.provision.offers_machine import OffersMachine


def run(kind: str, runs: int, steps: int) -> float:
    """Seconds taken on one database. Raises what the first difference raised."""
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="inborough-any-order-") as folder,
        empty_database(kind, Path(folder)) as url,
    ):
        engine = open_database(url)
        try:
            migrate(engine, MIGRATIONS)
            run_state_machine_as_test(
                lambda: OffersMachine(engine),  # type: ignore[arg-type]  # any maker of a machine will do
                settings=settings(
                    max_examples=runs,
                    stateful_step_count=steps,
                    database=None,
                    deadline=None,
                    suppress_health_check=[HealthCheck.too_slow],
                ),
            )
        finally:
            engine.dispose()
    return time.monotonic() - began


def main(arguments: Sequence[str]) -> int:
    """Print a row a database; 1 when anything differed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--steps", type=int, default=50)
    asked = parser.parse_args(arguments)
    logs.configure("provision", "ERROR")
    told = os.environ.get(clock.VARIABLE)
    print("| database | runs | steps | differences | seconds |\n|---|---|---|---|---|", flush=True)
    status = 0
    for kind in DATABASES:
        try:
            taken, differences = f"{run(kind, asked.runs, asked.steps):.0f}", 0
        except (Exception, OutcomeException, BaseExceptionGroup) as error:  # pytest.raises fails with the second
            sys.stderr.write(f"{type(error).__name__}: {error}\n" + "\n".join(getattr(error, "__notes__", [])) + "\n")
            taken, differences, status = "", 1, 1
        print(f"| {kind} | {asked.runs} | {asked.steps} | {differences} | {taken} |", flush=True)
    if told is None:
        os.environ.pop(clock.VARIABLE, None)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
