"""The national run, whole: every authority invented, imported and planned by services of its own, two at a time.

    python -m tests.benchmarks nation          # figures of the whole nation
    python -m tests.benchmarks nation_sample   # of six authorities
    python -m tests.benchmarks.nation --write [--some N] [--from FOLDER]

The last writes the measured parts and the estimate at the head of docs/national.md, from a run that it makes or from
the folder of one whose plans were kept. Problems that the plans solved are solved again by OR-Tools' min-cost flow
alone, two at a time as in the run, so that both meet the same neighbours.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import select

from services.cli.demo.write import data_folder
from services.cli.nation.authorities import Authority, choose, list_authorities
from services.cli.nation.council import council_folder
from services.cli.nation.results import Done, Results
from services.cli.nation.running import National, Outcome, run_nation
from services.cli.pages.nation import shown_by
from services.placement import problem_columns
from services.placement.model.problem import PlacementProblem
from services.placement.storage.tables import plans
from shared.database import open_database, reading
from tests.benchmarks import national
from tests.benchmarks.figures import Figure, timed
from tests.benchmarks.joint_cost import OUT_OF_BOROUGH_PENCE, UNPLACED_PENCE, JointProblem
from tests.benchmarks.rivals import raw_flow

WORKERS, SAMPLE, SEED = 2, 6, 2024
AT_MOST_RAW, AT_MOST_MEMORY = 4.0, 1.1
WHY = (
    "Each plan is the first of services just started. Most councils have a few hundred decisions due: the bare solver "
    "takes milliseconds for them, while gathering, asking for prices, comparing and keeping take a tenth of a second "
    "each time. And the demonstration's problems are easy for it: half a microsecond an option, where the arrays of "
    "the county size take two."
)
STRICTER = (
    "A year has decisions due for fewer children than that. The next line is stricter: the same problems in both."
)
NO_COUNT = ("_pence", "_minutes")


@dataclass(frozen=True)
class Measured:
    """A national run, the seconds of raw flow on each of its problems, and the largest authority's MB alone.

    `children_raw_seconds` is raw flow over 640,000 children in 153 authorities; None where not all were planned.
    """

    authorities: Sequence[Done]
    seconds: float
    raw_seconds: Sequence[float]
    alone_megabytes: float | None
    children_raw_seconds: float | None = None


def measure() -> list[Figure]:
    """The whole nation; some 15 minutes on two quiet cores."""
    return figures(measured(None))


def sample() -> list[Figure]:
    """Six authorities, from the largest to the smallest."""
    return figures(measured(SAMPLE))


def measured(some: int | None) -> Measured:
    """Run `some` authorities, or all, and the largest of them once more alone."""
    tables = data_folder("the nation")
    chosen = choose(list_authorities(tables), [], some)
    with tempfile.TemporaryDirectory() as folder:
        outcome = _run(Path(folder) / "all", tables, chosen, WORKERS)
        alone = _run(Path(folder) / "alone", tables, chosen[:1], 1)
        raw = raw_seconds(Path(folder) / "all", outcome.done)
    children = None if some else sum(national.raw_seconds())
    return Measured(outcome.done, outcome.seconds, raw, alone.done[0].figures.peak_megabytes, children)


def _run(out: Path, tables: Path, authorities: Sequence[Authority], workers: int) -> Outcome:
    """Raises RuntimeError when an authority fails."""
    show = shown_by(lambda line: print(f"  {line}", file=sys.stderr))
    outcome = run_nation(National(out, tables, authorities, workers, SEED, "", keep="plans"), show, os.environ)
    if outcome.failed:
        raise RuntimeError(f"Not planned: {outcome.failed}")
    return outcome


def raw_seconds(out: Path, done: Sequence[Done]) -> list[float]:
    """Of each authority's problem, in their order, by as many processes as there were workers."""
    folders = [council_folder(out, each.task.code) for each in done]
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        return list(pool.map(_raw_seconds, folders))


def _raw_seconds(folder: Path) -> float:
    joint = joint_problem(_problem_of(folder))
    seconds, _ = timed(lambda: raw_flow(joint))
    return seconds


def _problem_of(folder: Path) -> PlacementProblem:
    engine = open_database(f"sqlite:///{folder / 'placement.db'}")
    try:
        with reading(engine) as connection:
            return problem_columns.unpack(connection.execute(select(plans.c.problem)).scalar_one())
    finally:
        engine.dispose()


def joint_problem(problem: PlacementProblem) -> JointProblem:
    """Its terms as one cost: pence as they are, each counted child at ten million, minutes left out."""
    saving = -UNPLACED_PENCE * (problem.option_case >= 0)
    for name, row in zip(problem.terms, problem.option_terms, strict=True):
        if name.endswith("_pence"):
            saving = saving + row
        elif not name.endswith(NO_COUNT):
            saving = saving + OUT_OF_BOROUGH_PENCE * row
    return JointProblem(problem, saving)


def figures(found: Measured) -> list[Figure]:
    """The lines of the table."""
    rows = [each.figures for each in found.authorities]
    due, options = sum(row.decisions_due for row in rows), sum(row.options_open for row in rows)
    plan, raw = sum(row.plan_seconds for row in rows), sum(found.raw_seconds)
    which = f"{len(rows)} authorities, {due:,} decisions due, {options:,} options"
    parts = {
        "Inventing and writing files": [row.invent_seconds for row in rows],
        "Starting four services": [row.start_seconds for row in rows],
        "Importing nine files": [row.import_seconds for row in rows],
        "ProposePlan: gather, judge, quote, solve, explain, save": [row.plan_seconds for row in rows],
        "Its optimiser": [row.solver_seconds for row in rows],
        "Raw min-cost flow on the same problems": list(found.raw_seconds),
    }
    return [
        Figure("", f"National run, {WORKERS} workers: {which}", [found.seconds], "s"),
        *(Figure("", f"{name}, all authorities together", [sum(values)], "s") for name, values in parts.items()),
        *_against_children(plan, found.children_raw_seconds),
        Figure("7", f"ProposePlan against raw flow: {which}", [plan / raw], "x raw flow", AT_MOST_RAW, WHY),
        *_memory(found),
    ]


def _against_children(plan_seconds: float, raw_seconds: float | None) -> list[Figure]:
    if raw_seconds is None:
        return []
    what = f"All those plans against raw flow over {national.CASES:,} children, as the target has it"
    return [Figure("7", what, [plan_seconds / raw_seconds], "x raw flow", AT_MOST_RAW, STRICTER)]


def _memory(found: Measured) -> list[Figure]:
    peaks = [each.figures.peak_megabytes for each in found.authorities]
    most = max((peak for peak in peaks if peak is not None), default=None)
    if most is None or found.alone_megabytes is None:
        return []
    return [
        Figure("", "Most memory of one authority's services in the run", [most], "MB"),
        Figure(
            "7", "The same, against the largest authority alone", [most / found.alone_megabytes], "x", AT_MOST_MEMORY
        ),
    ]


def of_folder(out: Path) -> Measured:
    """A run that was made with its plans kept. What it took as a whole, and memory alone, it does not tell."""
    done = Results(out).done()
    return Measured(done, 0.0, raw_seconds(out, done), None)


def main() -> None:
    """Measure, and write the head of docs/national.md."""
    from tests.benchmarks.nation_page import write

    told = argparse.ArgumentParser(prog="python -m tests.benchmarks.nation")
    told.add_argument("--write", action="store_true", required=True)
    told.add_argument("--some", type=int)
    told.add_argument("--from", dest="folder", type=Path)
    options = told.parse_args()
    write(of_folder(options.folder) if options.folder else measured(options.some))


if __name__ == "__main__":
    main()
