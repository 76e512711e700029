"""Processor and memory of every process of the profile, looked at once a second."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import psutil

MIB = 1024 * 1024
POSTGRESQL, RABBITMQ = "PostgreSQL", "RabbitMQ"
Key = tuple[int, float]


@dataclass(frozen=True)
class Usage:
    """What one process took while it was measured, its children included.

    `memory_mib` is resident memory at the last look, `most_mib` at the worst. Of PostgreSQL's connections, which share
    most of theirs, each counts its part.
    """

    cpu_seconds: float
    memory_mib: float
    most_mib: float


@dataclass(frozen=True)
class Machine:
    """What the whole machine did while it was measured: seconds that passed, and seconds of its processors in use.

    `connections`: the most that we had open to PostgreSQL at one time.
    """

    seconds: float
    busy_seconds: float
    load_average: float
    connections: int = 0


class Meter:
    """Measures from `begin` on, as often as `look` is called. `roots`: process ids by the name to count them under."""

    def __init__(self, roots: Mapping[str, int], database: str) -> None:
        self._roots, self._database = dict(roots), database
        self._cpu: dict[str, dict[Key, float]] = defaultdict(dict)
        self._before: dict[str, float] = {}
        self._memory: dict[str, float] = {}
        self._most: dict[str, float] = {}
        self._connections = 0
        self._machine = psutil.cpu_times()
        self.begin()

    def add(self, name: str, pid: int) -> None:
        """One more process."""
        self._roots[name] = pid

    def begin(self) -> None:
        """Measure from here."""
        self._most, self._connections = {}, 0
        self.look()
        self._before = self._totals()
        self._machine = psutil.cpu_times()

    def look(self) -> None:
        """Take note of every process as it is now."""
        attributes = ["pid", "ppid", "name", "cmdline", "create_time", "cpu_times", "memory_info"]
        everything = {each.pid: each for each in psutil.process_iter(attributes)}
        children: dict[int, list[int]] = defaultdict(list)
        for each in everything.values():
            children[each.info["ppid"]].append(each.pid)
        found: dict[str, float] = defaultdict(float)
        roots = list(self._found(everything))
        self._connections = max(self._connections, sum(name == POSTGRESQL for name, _ in roots))
        for name, root in roots:
            family = [everything[pid] for pid in _family(root, children) if pid in everything]
            self._cpu[name][root, everything[root].info["create_time"]] = sum(map(_seconds, family))
            found[name] += sum(_part(each) if name == POSTGRESQL else _resident(each) for each in family) / MIB
        self._memory = dict(found)
        self._most = {name: max(mib, self._most.get(name, 0.0)) for name, mib in found.items()}

    def usage(self) -> dict[str, Usage]:
        """What each took since `begin`."""
        return {
            name: Usage(cpu - self._before.get(name, 0.0), self._memory.get(name, 0.0), self._most.get(name, 0.0))
            for name, cpu in self._totals().items()
        }

    def machine(self) -> Machine:
        """What the machine did since `begin`."""
        now = psutil.cpu_times()
        passed = sum(now) - sum(self._machine)
        idle = (now.idle + getattr(now, "iowait", 0.0)) - (self._machine.idle + getattr(self._machine, "iowait", 0.0))
        return Machine(passed / (os.cpu_count() or 1), passed - idle, os.getloadavg()[0], self._connections)

    def _totals(self) -> dict[str, float]:
        return {name: sum(seconds.values()) for name, seconds in self._cpu.items()}

    def _found(self, everything: Mapping[int, psutil.Process]) -> Iterator[tuple[str, int]]:
        """Process ids by the name that they are counted under. PostgreSQL titles its connections by their database."""
        for name, pid in self._roots.items():
            if pid in everything:
                yield name, pid
        for pid, each in everything.items():
            title = " ".join(each.info["cmdline"] or [])
            if title.startswith("postgres: ") and self._database in title:
                yield POSTGRESQL, pid
            elif each.info["name"] == "beam.smp":
                yield RABBITMQ, pid


def _family(root: int, children: Mapping[int, list[int]]) -> Iterator[int]:
    yield root
    for child in children.get(root, ()):
        yield from _family(child, children)


def _seconds(process: psutil.Process) -> float:
    """Of the processor, with what children that have ended took."""
    times = process.info["cpu_times"]
    if times is None:
        return 0.0
    ended = getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return float(times.user + times.system + ended)


def _resident(process: psutil.Process) -> int:
    return process.info["memory_info"].rss if process.info["memory_info"] else 0


def _part(process: psutil.Process) -> int:
    """Memory with its part of what it shares; without that where the machine does not tell."""
    try:
        full = process.memory_full_info()
    except psutil.Error:
        return 0
    return int(getattr(full, "pss", full.uss))
