"""Kill a process at every named place on a decision's way, and see that nothing is lost, doubled or unrecorded.

`python -m tests.faults.kills --kills 20` does the long form; --database and --point narrow it.

Each round arms one failpoint, then decides a case as a panel's chair would: recommend, record, then name or withdraw.
The failpoint kills the process that passes it (SIGKILL, no clean-up); the supervisor starts it again; the caller
repeats the same request until it is answered, as the command line tells a person to. When all rounds of a point are
done, everything must come to rest and the invariants of `checks.py` must hold.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.chair import Acknowledged, Chair
from tests.faults.checks import Fault, check
from tests.faults.supervised import Supervised, supervised

RECORD, NAME, WITHDRAW = "record", "name", "withdraw"
POINTS: dict[str, str] = {
    "placement.decision.before_commit": RECORD,
    "placement.decision.after_commit": RECORD,
    "placement.offer.before_call": RECORD,
    "provision.offer_place.before_commit": RECORD,
    "provision.offer_place.after_commit": RECORD,
    "placement.offer.after_call": RECORD,
    "placement.offered.before_commit": RECORD,
    "placement.offered.after_commit": RECORD,
    "placement.naming.before_commit": NAME,
    "placement.naming.after_commit": NAME,
    "provision.confirm_place.before_commit": NAME,
    "provision.confirm_place.after_commit": NAME,
    "placement.confirm.after_call": NAME,
    "caseload.record_placement.before_commit": NAME,
    "caseload.record_placement.after_commit": NAME,
    "placement.placed.after_call": NAME,
    "placement.named.before_commit": NAME,
    "placement.withdrawing.after_commit": WITHDRAW,
    "provision.release_place.before_commit": WITHDRAW,
    "placement.release.after_call": WITHDRAW,
    "consumer.apply.before_commit": RECORD,
    "consumer.apply.after_commit": RECORD,
    "hint.before_publish": RECORD,
    "hint.after_publish": RECORD,
}
"""Where a process is killed, and how far the decision goes that passes there."""
REST_SECONDS = 240.0
CASES_A_SYSTEM = 100
"""The demonstration has about 315 due; not each of them has a place to be offered without refusing a request."""


@dataclass
class Tally:
    """What one point came to."""

    point: str
    kills: int = 0
    acknowledged: list[Acknowledged] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def run_point(system: Supervised, chair: Chair, armed: Path, point: str, kills: int) -> Tally:
    """Kill `kills` times at one point, deciding a case each time."""
    tally = Tally(point)
    for _ in range(kills):
        before = system.deaths.total()
        (armed / point).write_text("")
        tally.acknowledged.append(chair.decide(POINTS[point]))
        _wait(lambda: not (armed / point).exists(), REST_SECONDS, f"{point} is never passed")
        _wait(lambda before=before: system.deaths.total() > before, REST_SECONDS, f"{point} does not kill")
        tally.kills += 1
    return tally


def _wait(until: object, seconds: float, otherwise: str) -> None:
    deadline = time.monotonic() + seconds
    while not until():  # type: ignore[operator]
        if time.monotonic() > deadline:
            raise RuntimeError(otherwise)
        time.sleep(0.02)


def run(database: str, points: Sequence[str], kills: int, folder: Path, *, scale: int | None = None) -> Iterator[Tally]:
    """Every point in turn on running systems; its tally with the faults found once everything came to rest.

    A system has some hundred cases to decide; when they are used up, the next points get a new one.
    """
    per_system = max(1, CASES_A_SYSTEM // kills)
    for at in range(0, len(points), per_system):
        yield from _run_on_one(database, points[at : at + per_system], kills, folder / f"system-{at}", scale)


def _run_on_one(database: str, points: Sequence[str], kills: int, folder: Path, scale: int | None) -> Iterator[Tally]:
    armed = folder / "failpoints"
    armed.mkdir(parents=True)
    with supervised(database, folder, INBOROUGH_FAILPOINTS=str(armed)) as system:
        chair = Chair(system, folder, scale=scale)
        everything: list[Acknowledged] = []
        for point in points:
            tally = run_point(system, chair, armed, point, kills)
            everything += tally.acknowledged
            chair.wait_until_at_rest(REST_SECONDS)
            tally.faults = check(chair, everything)
            yield tally
        chair.close()


def main(arguments: Sequence[str]) -> int:
    """Print a row a point; the exit status says whether anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--scale", type=int, default=700, help="children in the demonstration; a sixth are due")
    parser.add_argument("--point", action="append", choices=list(POINTS), default=[])
    asked = parser.parse_args(arguments)
    points = asked.point or list(POINTS)
    databases = ["sqlite", "postgresql"] if asked.database == "both" else [asked.database]
    failed = 0
    columns = "database,killed at,kills,acknowledged,lost,without journal entry,doubled,other,seconds".split(",")
    print("| " + " | ".join(columns) + " |")
    print("|---" * len(columns) + "|")
    for database in databases:
        with tempfile.TemporaryDirectory(prefix="inborough-kills-", ignore_cleanup_errors=True) as folder:
            began = time.monotonic()
            for tally in run(database, points, asked.kills, Path(folder), scale=asked.scale):
                failed += len(tally.faults)
                print(_row(database, tally, time.monotonic() - began), flush=True)
                for fault in tally.faults:
                    print(f"  {fault.kind}: {fault.what}", file=sys.stderr)
                began = time.monotonic()
    return 1 if failed else 0


def _row(database: str, tally: Tally, seconds: float) -> str:
    def count(kind: str) -> int:
        return sum(fault.kind == kind for fault in tally.faults)

    known = ("lost", "unrecorded", "doubled")
    other = sum(fault.kind not in known for fault in tally.faults)
    cells = (tally.kills, len(tally.acknowledged), *map(count, known), other, round(seconds))
    return f"| {database} | {tally.point} | {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
