"""What a system's processes took of processor and memory, as Linux counts it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")
MEGA = 1e6


def peak_megabytes(pids: Iterable[int]) -> float | None:
    """The peaks of these processes and their children added up, in MB of 10**6 bytes; None where none is told.

    Peaks may not have been at one moment, and a page that processes share counts in each: the true peak is lower.
    """
    peaks = [peak for pid in pids for each in _with_children(pid) if (peak := _peak_kib(each)) is not None]
    return sum(peaks) * 1024 / MEGA if peaks else None


def processor_seconds(pids: Iterable[int]) -> float | None:
    """Seconds of processor that these processes and their children have used so far; None where none is told."""
    ticks = [used for pid in pids for each in _with_children(pid) if (used := _ticks(each)) is not None]
    return sum(ticks) / os.sysconf("SC_CLK_TCK") if ticks else None


def _ticks(pid: int) -> int | None:
    try:
        fields = (PROC / str(pid) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[11]) + int(fields[12])


def _peak_kib(pid: int) -> int | None:
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", (PROC / str(pid) / "status").read_text(encoding="utf-8"))
    except OSError:
        return None
    return int(found[1]) if found else None


def _with_children(pid: int) -> list[int]:
    found = [pid]
    try:
        for task in (PROC / str(pid) / "task").iterdir():
            for child in (task / "children").read_text(encoding="utf-8").split():
                found += _with_children(int(child))
    except OSError:
        pass
    return found
