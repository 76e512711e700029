"""One run of the benchmarks: which parts, what each found, and on what machine; kept as JSON beside the page."""

from __future__ import annotations

import os
import platform
import sys
import time
import traceback
from collections.abc import Iterable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.benchmarks.findings import Finding, from_json, to_json

LIBRARIES = (
    "grpcio",
    "protobuf",
    "sqlalchemy",
    "numpy",
    "ortools",
    "highspy",
    "scipy",
    "pylmcf",
    "pot",
    "pulp",
    "networkx",
)
QUIET = 1.5
"""The most load at the start that leaves times as they are; the kernel's own work and what came before make some."""


@dataclass(frozen=True)
class Part:
    """A function of a module beside this one that measures, and the question that its figures answer.

    Parameters
    ----------
    name
        By which it is asked for alone.
    question
        Heading of the page under which its figures stand.
    call
        "module.function"; the function takes nothing and gives findings.
    """

    name: str
    question: str
    call: str

    def measured(self) -> list[Finding]:
        """What it finds."""
        module, function = self.call.split(".")
        return list(getattr(import_module(f"tests.benchmarks.{module}"), function)())


@dataclass(frozen=True)
class Outcome:
    """What a part found, or why it failed, and how long it took."""

    name: str
    question: str
    found: Sequence[Finding]
    seconds: float
    failed: str = ""


@dataclass(frozen=True)
class Run:
    """Outcomes in the order measured, and the machine they were measured on."""

    command: str
    began_at_utc: str
    minutes: float
    machine: str
    load: str
    versions: str
    outcomes: Sequence[Outcome]

    @property
    def found(self) -> list[Finding]:
        """Everything, in order."""
        return [finding for outcome in self.outcomes for finding in outcome.found]

    @property
    def is_busy(self) -> bool:
        """Whether something else was running when it began."""
        return self.load.split()[0] not in ("?", "") and float(self.load.split()[0]) > QUIET

    @property
    def failed(self) -> list[Outcome]:
        """Parts that did not end well."""
        return [outcome for outcome in self.outcomes if outcome.failed]

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        outcomes = [{**vars(one), "found": [to_json(finding) for finding in one.found]} for one in self.outcomes]
        return {**vars(self), "outcomes": outcomes}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Run:
        """What `to_json` wrote."""
        outcomes = [
            Outcome(**{**one, "found": [from_json(finding) for finding in one["found"]]}) for one in kept["outcomes"]
        ]
        return cls(**{**kept, "outcomes": outcomes})


def measured(parts: Iterable[Part], command: str, load_before: str = "") -> Run:
    """Measure parts one after another. One that fails is told as failed, and the others go on.

    `load_before`: of the machine before any run of ours, where another has just ended.
    """
    began, began_at, load = time.perf_counter(), datetime.now(UTC), load_before or load_now()
    outcomes = []
    for part in parts:
        _say(began, f"{part.name} …")
        outcomes.append(_outcome(part))
        _say(began, f"{part.name}: {outcomes[-1].failed or 'done'} after {outcomes[-1].seconds:.0f} s")
    return Run(
        command=command,
        began_at_utc=began_at.strftime("%d %B %Y, %H:%M UTC").lstrip("0"),
        minutes=(time.perf_counter() - began) / 60,
        machine=machine(),
        load=f"{load} at the start, {load_now()} at the end",
        versions=f"Python {platform.python_version()}, {', '.join(f'{name} {version(name)}' for name in LIBRARIES)}",
        outcomes=outcomes,
    )


def _outcome(part: Part) -> Outcome:
    began, found, failed = time.perf_counter(), list[Finding](), ""
    try:
        with redirect_stdout(sys.stderr):  # what services may log in this process
            found = part.measured()
    except (Exception, SystemExit) as error:
        traceback.print_exc()
        failed = f"{type(error).__name__}: {error}".splitlines()[0]
    return Outcome(part.name, part.question, found, time.perf_counter() - began, failed)


def _say(began: float, words: str) -> None:
    sys.stderr.write(f"[{(time.perf_counter() - began) / 60:4.1f} min] {words}\n")
    sys.stderr.flush()


def machine() -> str:
    """Processor, cores and memory."""
    cpu = next((line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "?")
    memory = next((int(line.split()[1]) / 1e6 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    return f"{cpu}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.release()}"


def load_now() -> str:
    """Processes that ran or waited to, on average over the last minute."""
    return next(iter(_lines("/proc/loadavg")), "? ").split()[0]


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []
