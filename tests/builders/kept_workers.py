"""One process of the optimiser for all the placement services that a process of tests starts one after another."""

from __future__ import annotations

import atexit
from functools import cache
from typing import Any

from services.placement import solver
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
    vars(solver)["WorkerProcesses"] = _kept
