"""The services as the processes that they are in real life, on free ports, with SQLite in a folder."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
START_SECONDS = 120.0


@dataclass(frozen=True)
class Started:
    """A process that serves, and how long it took to."""

    name: str
    address: str
    pid: int
    start_seconds: float


@contextmanager
def started(module: str, name: str, folder: Path, environment: Mapping[str, str]) -> Iterator[Started]:
    """`python -m module`, once its log says where it serves. Raises RuntimeError when it does not come to serve."""
    log = folder / f"{name}.log"
    began = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", module], cwd=ROOT, env={**os.environ, **environment}, stdout=output, stderr=output
        )
    try:
        address = _address(log, process)
        yield Started(name, address, process.pid, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait(20)


def _address(log: Path, process: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        for line in log.read_text().splitlines():
            if '"service_started"' in line:
                return str(json.loads(line)["address"])
        time.sleep(0.02)
    raise RuntimeError(f"It does not serve; see {log}")


@contextmanager
def own_front_door() -> Iterator[None]:
    """Keys of the benchmarks' own for callers' tokens, which this process and all that it starts find."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["INBOROUGH_IDENTITY"] = folder
        try:
            yield
        finally:
            del os.environ["INBOROUGH_IDENTITY"]


@contextmanager
def running_system(folder: Path) -> Iterator[dict[str, Started]]:
    """Caseload, provision, cost and placement, empty. One caller may ask as fast as it can, which people may not."""
    folder.mkdir(parents=True, exist_ok=True)
    told = {"INBOROUGH_VAR": str(folder), "PYTHONUNBUFFERED": "1"}
    with ExitStack() as stack:
        servers: dict[str, Started] = {}
        for name in ("caseload", "provision", "cost", "placement"):
            free = dict.fromkeys(("PORT", "METRICS_PORT", "CALLS_A_MINUTE", "COSTLY_CALLS_A_MINUTE"), "0")
            own = {f"INBOROUGH_{name.upper()}_{setting}": value for setting, value in free.items()}
            server = stack.enter_context(started(f"services.{name}.main", name, folder, told | own))
            servers[name] = server
            told[f"INBOROUGH_{name.upper()}_ADDRESS"] = server.address
        yield servers


@contextmanager
def echo_server(folder: Path) -> Iterator[Started]:
    """The bare gRPC server that everything is compared with."""
    folder.mkdir(parents=True, exist_ok=True)
    with started("tests.benchmarks.echo", "echo", folder, {"PYTHONUNBUFFERED": "1"}) as server:
        yield server


def addresses_of(servers: Mapping[str, Started]) -> dict[str, str]:
    """Addresses by setting name, as `tests.builders.system` takes them."""
    return {f"{name}_address": server.address for name, server in servers.items()}


def processor_seconds(pids: list[int]) -> float:
    """Seconds of processor that processes and their children have used, as the kernel counts them."""
    ticks = 0
    for pid in with_children(pids):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def resident_megabytes(pids: list[int], *, children: bool = True) -> float:
    """Resident memory of processes and of all their children, in MB of 10**6 bytes. Shared pages count in each."""
    return sum(_kilobytes(p, "status", "VmRSS") for p in (with_children(pids) if children else pids)) * 1024 / 1e6


def proportional_megabytes(pids: list[int], *, children: bool = True) -> float:
    """What processes and all their children take of the memory, in MB: a page that n share counts 1/n in each."""
    return sum(_kilobytes(p, "smaps_rollup", "Pss") for p in (with_children(pids) if children else pids)) * 1024 / 1e6


def with_children(pids: list[int]) -> list[int]:
    """Processes with all that they started, and those, each before its children."""
    found = list(pids)
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += with_children([int(child) for child in (task / "children").read_text().split()])
    return found


def _kilobytes(pid: int, file: str, name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+) kB", Path(f"/proc/{pid}/{file}").read_text())
    return int(found[1]) if found else 0
