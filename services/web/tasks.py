"""Long work of one person: how far it has come, its answer, and how to stop it; a page looks at it now and then.

Work that computes runs in a process of its own, which reads what is wanted from its input and writes a line of JSON
for each step and for the answer: so it never holds up a page, and stopping it is killing it. Work that a service does
is a call that is waited for.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

from shared import logs
from shared.errors import InboroughError, TooMuch

KEPT_SECONDS = 3600.0
MOST_AT_ONCE, SOON = 8, 30
LONGEST_LINE = 64 * 1024 * 1024
STOPPED = "Stopped"
BEGUN_AGAIN = "Stopped, because you began another of the kind; one at a time"
FAILED = "It failed, by a fault of ours; start it again"


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
        self.wrong, self.ended = self.wrong or wrong, self.ended or time.monotonic()


Work = Callable[[Task], Awaitable[None]]


class Tasks:
    """Everybody's long work, by an id that nobody can guess. For one event loop."""

    def __init__(self) -> None:
        self._tasks: dict[str, Task] = {}

    def start(self, user_id: str, module: str, wanted: Mapping[str, Any], said: Mapping[str, str]) -> str:
        """Begin work in a process, `python -m module`; the work's id. This user's others of the kind are stopped."""
        content = json.dumps(wanted).encode()

        async def work(task: Task) -> None:
            await _run(task, module, content)

        return self.do(user_id, work, {**said, "module": module})

    def do(self, user_id: str, work: Work, said: Mapping[str, str]) -> str:
        """Begin work that puts its answer into its task; the work's id. An error of ours is why it found nothing.

        With a "module" said, this user's others of the same are stopped. Raises TooMuch when too much is under way.
        """
        for before in self._tasks.values():
            if before.user_id == user_id and before.said.get("module", "") == said.get("module"):
                self.stop(before, BEGUN_AGAIN)
        self._forget_old()
        if sum(task.under_way for task in self._tasks.values()) >= MOST_AT_ONCE:
            raise TooMuch(
                "As much long work as may run at once is under way.", reason="at_once", retry_in_seconds=str(SOON)
            )
        key, task = f"task_{token_hex(16)}", Task(user_id, said)
        self._tasks[key] = task
        task.running = asyncio.create_task(_to_its_end(task, work))
        return key

    def find(self, user_id: str, key: str) -> Task | None:
        """This user's work under an id; None when it is not known any more, or not theirs."""
        found = self._tasks.get(key)
        return found if found is not None and found.user_id == user_id else None

    async def wait_a_little(self, key: str, seconds: float) -> None:
        """Give work a moment to end, so that what is quick needs no page of its own."""
        running = self._tasks[key].running
        if running is not None:
            await asyncio.wait([running], timeout=seconds)

    def stop(self, task: Task, why: str = STOPPED) -> None:
        """Stop it; nothing of it is kept."""
        if task.under_way and task.running:
            task.end(why)
            task.running.cancel()

    async def close(self) -> None:
        """Stop all of it."""
        for task in self._tasks.values():
            self.stop(task)
        await asyncio.gather(*(task.running for task in self._tasks.values() if task.running), return_exceptions=True)

    def _forget_old(self) -> None:
        now = time.monotonic()
        self._tasks = {
            key: task for key, task in self._tasks.items() if task.ended is None or now - task.ended < KEPT_SECONDS
        }


async def _to_its_end(task: Task, work: Work) -> None:
    try:
        await work(task)
    except InboroughError as error:
        task.end(error.message.rstrip("."))
    except Exception as error:  # its text may be personal
        logs.log("task_failed", "error", error_type=type(error).__name__)
        task.end(FAILED)
    finally:
        if task.under_way:
            task.end("" if task.answer else FAILED)


async def _run(task: Task, module: str, wanted: bytes) -> None:
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


async def _follow(task: Task, process: asyncio.subprocess.Process, wanted: bytes) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(wanted)
        await process.stdin.drain()
        process.stdin.close()
    async for line in process.stdout:
        told = json.loads(line)
        task.step = told.get("step", task.step)
        task.answer = told.get("answer", task.answer)
        task.wrong = told.get("wrong", task.wrong)
