"""The embedded system as `inborough up` starts it: time to the first recommendation, and memory at rest."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.cli.system.health import SERVICES
from services.cli.system.ports import METRICS_PORTS
from tests.benchmarks.figures import Figure
from tests.benchmarks.findings import Finding
from tests.benchmarks.memory import memory_of
from tests.benchmarks.processes import ROOT, proportional_megabytes, resident_megabytes
from tests.builders.ports import free_ports

STARTS = 3
REST_SECONDS = 10.0
READY = "Inborough is up"


def measure() -> list[Finding]:
    """Starts one after another, in a folder of their own."""
    with tempfile.TemporaryDirectory() as folder:
        return start_and_rest(Path(folder))


def start_and_rest(folder: Path) -> list[Finding]:
    """The second and later starts, when the demonstration is there already."""
    with _up(folder):
        pass
    seconds, taken, resident = [], [], []
    for _ in range(STARTS):
        began = time.perf_counter()
        with _up(folder) as pid:
            seconds.append(time.perf_counter() - began)
            time.sleep(REST_SECONDS)
            taken.append(proportional_megabytes([pid]))
            resident.append(resident_megabytes([pid]))
            by_process = memory_of("Memory at rest", {"inborough up": pid})
    return [
        Figure(
            "10",
            "`inborough up`, not the first: to recommendations and plan on the screen",
            seconds,
            "s",
            10,
            note="nine Python processes load their libraries before they serve, side by side on the cores there are",
            headline="`make run`, not the first time, shows its first recommendations and plan after {}.",
        ),
        Figure(
            "10",
            "Memory at rest, all processes, a shared page counted once",
            taken,
            "MB",
            900,
            note="an interpreter with its libraries in each process; the next table says which",
            headline="The whole embedded system rests in {}.",
        ),
        Figure("", "The same, shared pages counted in each process", resident, "MB"),
        by_process,
    ]


@contextmanager
def _up(folder: Path) -> Iterator[int]:
    """`inborough up` once it has shown its first recommendations; yields its process id."""
    command = [sys.executable, "-m", "services.cli.main", "up"]
    started = subprocess.Popen(command, cwd=ROOT, env=_environment(folder), stdout=subprocess.PIPE, text=True)
    assert started.stdout is not None
    try:
        said = []
        for line in started.stdout:
            said.append(line)
            if READY in line:
                break
        else:
            raise RuntimeError("`inborough up` ended: " + "".join(said[-5:]))
        yield started.pid
    finally:
        started.terminate()
        started.stdout.close()
        started.wait(30)


def _environment(folder: Path) -> dict[str, str]:
    """Free ports for all, and a var folder of its own."""
    ports = iter(free_ports(len(SERVICES) + len(METRICS_PORTS) + 1))
    told = {**os.environ, "INBOROUGH_VAR": str(folder), "PYTHONUNBUFFERED": "1"}
    for name in SERVICES:
        told[f"INBOROUGH_{name.upper()}_ADDRESS"] = f"127.0.0.1:{next(ports)}"
    told["INBOROUGH_WEB_PORT"] = str(next(ports))
    for name in METRICS_PORTS:
        told[f"INBOROUGH_{name.upper()}_METRICS_PORT"] = str(next(ports))
    return told
