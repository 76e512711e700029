"""Long work of one person in a process of its own: how far it has come, its answer, and how to stop it.

The process is `python -m services.planning.siting.process`: it reads what is wanted from its input and writes a line of
JSON for each step and for the answer. So it never holds up a page, and stopping it is killing it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

MOST_AT_ONCE = 2
KEPT_SECONDS = 3600.0
LONGEST_LINE = 64 * 1024 * 1024


@dataclass
class Task:
    """Work under way or at its end: `answer` what it found, `wrong` why it found nothing."""

    user_id: str
    said: Mapping[str, str]
    began: float = field(default_factory=time.monotonic)
    ended: float | None = None
    step: str = "Starting"
    answer: Mapping[str, Any] | None = None
    wrong: str = ""
    running: asyncio.Task[None] | None = None

    @property
    def under_way(self) -> bool:
        """Whether it has yet to end."""
        return self.ended is None

    @property
    def seconds(self) -> float:
        """Since it began, until it ended if it has."""
        return (self.ended or time.monotonic()) - self.began

    def end(self, wrong: str = "") -> None:
        """It is at its end."""
        self.wrong, self.ended = self.wrong or wrong, time.monotonic()


class Tasks:
    """Everybody's long work, by an id that nobody can guess. For one event loop."""

    def __init__(self) -> None:
        self._tasks: dict[str, Task] = {}

    def start(self, user_id: str, module: str, wanted: Mapping[str, Any], said: Mapping[str, str]) -> str:
        """Begin; the work's id. What goes on for this user already is stopped."""
        self._forget_old()
        for task in self._tasks.values():
            if task.user_id == user_id:
                self._stop(task)
        key, task = f"task_{token_hex(16)}", Task(user_id, said)
        self._tasks[key] = task
        task.running = asyncio.create_task(_work(task, module, json.dumps(wanted).encode()))
        return key

    def find(self, user_id: str, key: str) -> Task | None:
        """This user's work under an id; None when it is not known any more, or not theirs."""
        found = self._tasks.get(key)
        return found if found is not None and found.user_id == user_id else None

    def stop(self, task: Task) -> None:
        """Stop it; nothing of it is kept."""
        self._stop(task)

    async def close(self) -> None:
        """Stop all of it."""
        for task in self._tasks.values():
            self._stop(task)
        await asyncio.gather(*(task.running for task in self._tasks.values() if task.running), return_exceptions=True)

    @staticmethod
    def _stop(task: Task) -> None:
        if task.under_way and task.running:
            task.end("Stopped. Nothing of it was kept.")
            task.running.cancel()

    def _forget_old(self) -> None:
        now = time.monotonic()
        self._tasks = {
            key: task for key, task in self._tasks.items() if task.ended is None or now - task.ended < KEPT_SECONDS
        }


async def _work(task: Task, module: str, wanted: bytes) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=LONGEST_LINE,
    )
    try:
        await _follow(task, process, wanted)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        if task.under_way:
            task.end("" if task.answer else "It ended without an answer; start it again.")


async def _follow(task: Task, process: asyncio.subprocess.Process, wanted: bytes) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(wanted)
    await process.stdin.drain()
    process.stdin.close()
    async for line in process.stdout:
        told = json.loads(line)
        task.step = told.get("step", task.step)
        task.answer = told.get("answer", task.answer)
        task.wrong = told.get("wrong", task.wrong)
