"""`make bench`: measure the core and the whole path, print the figures and write docs/performance.md."""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks.figures import Figure
from tests.benchmarks.processes import ROOT, own_front_door

PAGE = ROOT / "docs" / "performance.md"
VERSIONS = ("grpcio", "protobuf", "sqlalchemy", "numpy", "ortools")
PARTS = ("core_figures", "siting", "scenarios", "recommend_path", "whole_path")
"""Modules beside this one, each with `measure() -> list[Figure]`."""
HEADINGS = ("target", "what", "median", "from lowest to highest", "repeats", "wanted", "", "note")


def main() -> None:
    """Measure every part and write the page, or only print those named as arguments."""
    began = time.perf_counter()
    named = sys.argv[1:]
    with own_front_door():
        figures = [figure for part in named or PARTS for figure in _measured(part)]
    minutes = (time.perf_counter() - began) / 60
    sys.stdout.write(table(figures) + "\n")
    if not named:
        PAGE.write_text(page(figures, minutes), encoding="utf-8")
        sys.stderr.write(f"Written to {PAGE.relative_to(ROOT)} after {minutes:.1f} minutes\n")


def _measured(part: str) -> Sequence[Figure]:
    found: Sequence[Figure] = import_module(f"tests.benchmarks.{part}").measure()
    return found


def page(figures: Sequence[Figure], minutes: float) -> str:
    """The whole of docs/performance.md."""
    behind = [figure.what for figure in figures if figure.met is False]
    verdict = f"Behind: {'; '.join(behind)}." if behind else "Every target measured here is met."
    return f"""# Performance

`make bench` wrote this page in {minutes:.1f} minutes; it is never edited by hand. Speed is a ratio within one run,
because machines differ: to a bare gRPC echo (a server with nothing of ours in it) or to the optimiser's own time. The
services are real processes on SQLite. Client, echo and every service share the machine. Each answer is timed beside an
echo, turn by turn, so that both meet the same caches and neighbours; and again with both called back to back.

- Machine: {_machine()}
- Versions: Python {platform.python_version()}, {", ".join(f"{name} {version(name)}" for name in VERSIONS)}

{verdict}

{table(figures)}

What the sizes are: "Halton today" is the demonstration as `make run` loads it; "Halton" has 2,000 decisions due at
once, and "county" is 20,000 plans with as many decisions due as open about 859,000 options. All 20,000 due at once
would open more than the 5,000,000 options that one call prices, and no authority decides them all for one day.
"""


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    rows = [list(HEADINGS), ["---"] * len(HEADINGS), *(figure.cells() for figure in figures)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _machine() -> str:
    """Processor, cores, memory and how busy it was."""
    cpu = next((line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "?")
    memory = next((int(line.split()[1]) / 1e6 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    cores = sum(line.startswith("processor") for line in _lines("/proc/cpuinfo"))
    load = next(iter(_lines("/proc/loadavg")), "? ").split()[0]
    return f"{cpu}, {cores} cores, {memory:.0f} GB, {platform.system()}; load {load} at the end"


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


if __name__ == "__main__":
    main()
