"""`make bench` and `make bench-full`: measure speed and write docs/performance.md with its pictures.

    python -m tests.benchmarks [--full] [--json] [PART …]

Parts named are measured and printed alone, and nothing is written. Figures are kept in docs/performance.json, so that
the quick run leaves those of the last full run on the page. Status 1 when a part failed.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import structlog

from tests.benchmarks.page import FULL, QUICK, page
from tests.benchmarks.parts import ALL, FULL_PARTS, QUICK_PARTS
from tests.benchmarks.pictures import draw
from tests.benchmarks.processes import ROOT, own_front_door
from tests.benchmarks.runs import Run, measured
from tests.benchmarks.tables import tables

DOCS = ROOT / "docs"
PAGE, KEPT, PICTURES = DOCS / "performance.md", DOCS / "performance.json", DOCS / "pictures"


def main() -> None:
    """Measure what is asked for."""
    options = _arguments()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with own_front_door(), _quiet_output():
        if options.parts:
            runs = {"": measured([ALL[name] for name in options.parts], "python -m tests.benchmarks")}
        else:
            runs = {QUICK: measured(QUICK_PARTS, "make bench-full" if options.full else "make bench")}
            keep(runs)
            if options.full:
                runs[FULL] = measured(FULL_PARTS, "make bench-full", runs[QUICK].load.split()[0])
                keep(runs)
    _print(list(runs.values()), as_json=options.json)
    sys.exit(1 if any(run.failed for run in runs.values()) else 0)


@contextmanager
def _quiet_output() -> Iterator[None]:
    """What libraries write to standard output by themselves, such as HiGHS its name, goes to standard error."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def keep(runs: dict[str, Run]) -> None:
    """Write figures, page and pictures, with the last full run's where this one has none."""
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    kept |= {kind: run.to_json() for kind, run in runs.items()}
    KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    write_page()


def write_page() -> None:
    """The page and its pictures anew, from the figures kept."""
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    runs = {kind: Run.from_json(run) for kind, run in kept.items()}
    pictures = draw([finding for kind in (QUICK, FULL) if kind in runs for finding in runs[kind].found], PICTURES)
    PAGE.write_text(page(runs, pictures), encoding="utf-8")
    sys.stderr.write(f"Written to {PAGE.relative_to(ROOT)}\n")


def _print(runs: Sequence[Run], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps([run.to_json() for run in runs], indent=1) + "\n")
    else:
        sys.stdout.write("\n\n".join(tables(run.found) for run in runs) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[[], *ALL], metavar="PART", help=f"of {', '.join(ALL)}")
    parser.add_argument("--full", action="store_true", help="measure the slow parts too")
    parser.add_argument("--json", action="store_true", help="print what was found for machines")
    return parser.parse_args()


if __name__ == "__main__":
    main()
