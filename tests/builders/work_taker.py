"""A process that takes work from a queue, as tests start it: `python -m tests.builders.work_taker QUEUE FOLDER`.

A message {"name": …, "seconds": …} becomes a line in FOLDER/done once a worker process has waited so long.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":
    import shared.events.patched  # noqa: F401

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared import logs
from shared.events.process import Part, run
from shared.events.work_queue import WorkQueue
from shared.settings import ServiceSettings
from shared.worker_processes import WorkerProcesses


def main(queue: str, folder: Path) -> None:
    """Take work until SIGTERM."""
    workers = WorkerProcesses(2, "tests.builders.worker_tasks:start", "done")

    def work(message: Mapping[str, Any]) -> None:
        logs.log("work_taken", reason=message["name"])
        workers.run(("wait", message["seconds"]))
        with (folder / "done").open("a") as file:
            file.write(f"{message['name']} {os.getpid()}\n")

    part = Part("taker", ServiceSettings(), queue=WorkQueue(queue, work, 2), stop=workers.stop)
    run([part], 0)


if __name__ == "__main__":
    logs.configure("taker")
    main(sys.argv[1], Path(sys.argv[2]))
