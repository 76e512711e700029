"""A process that takes work from a queue, as tests start it: `python -m tests.builders.work_taker QUEUE FOLDER`.

A message {"name": …, "seconds": …} becomes a line in FOLDER/done after so long.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":
    import shared.events.patched  # noqa: F401

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared import logs
from shared.events.process import Part, run
from shared.events.work_queue import WorkQueue
from shared.settings import ServiceSettings


def main(queue: str, folder: Path) -> None:
    """Take work until SIGTERM."""

    def work(message: Mapping[str, Any]) -> None:
        logs.log("work_taken", reason=message["name"])
        time.sleep(message["seconds"])
        with (folder / "done").open("a") as file:
            file.write(f"{message['name']} {os.getpid()}\n")

    part = Part("taker", ServiceSettings(), queue=WorkQueue(queue, work, 2))
    run([part], 0)


if __name__ == "__main__":
    logs.configure("taker")
    main(sys.argv[1], Path(sys.argv[2]))
