"""The optimiser's process, and those that plan runs, kept for all services that a process of tests starts in turn."""

from __future__ import annotations

import atexit
from functools import cache
from typing import Any

from services.cost.carrying import solver as runs
from services.placement import solver as placements
from shared.worker_processes import WorkerProcesses


class KeptWorkers(WorkerProcesses):
    """Goes on when its service ends: the next service need not start another."""

    def stop(self) -> None:
        """Not before the tests end."""


@cache
def _kept(most: int, start: str, *arguments: Any) -> KeptWorkers:
    found = KeptWorkers(most, start, *arguments)
    atexit.register(WorkerProcesses.stop, found)
    return found


def keep() -> None:
    """From here on, until the process ends."""
    for module in (placements, runs):
        vars(module)["WorkerProcesses"] = _kept
