"""Which process takes how much memory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks.findings import Breakdown
from tests.benchmarks.processes import proportional_megabytes, resident_megabytes, with_children

OWN_NAMES = ("caseload", "provision", "cost", "placement", "journal", "web", "events")


def memory_of(what: str, pids: Mapping[str, int]) -> Breakdown:
    """Processes by name, each with its children under it, as they are now."""
    listed = [(named(name, pid, child), child) for name, pid in pids.items() for child in with_children([pid])]
    parts: dict[str, list[float]] = {}
    resident: dict[str, float] = {}
    for name, pid in listed:
        parts[name] = [parts.get(name, [0.0])[0] + proportional_megabytes([pid], children=False)]
        resident[name] = resident.get(name, 0.0) + resident_megabytes([pid], children=False)
    notes = {name: f"{taken:,.0f} MB with the pages it shares" for name, taken in resident.items()}
    return Breakdown(f"{what}, a page that processes share counted once", parts, unit="MB", notes=notes)


def named(parent: str, parent_pid: int, pid: int) -> str:
    """What a process is: its own module where its command line tells it, else what its parent is."""
    command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    module = next((word for word in command if word.startswith("services.")), "")
    own = next((name for name in OWN_NAMES if f".{name}." in f"{module}."), "")
    if own:
        return f"{own}: {module.rpartition('.')[2]}" if module.rpartition(".")[2] != "main" else own
    return parent if pid == parent_pid else f"{parent}: worker"
