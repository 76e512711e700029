"""Long work goes on in a process of its own, is its starter's alone, and ends when it is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from services.web import tasks as tasks_module
from services.web.tasks import BEGUN_AGAIN, FAILED, STOPPED, Task, Tasks
from shared.errors import InvalidInput, TooMuch

SEARCH = "services.planning.siting.process"
SLEEPER = "tests.builders.sleeper"


def in_a_loop(scene: Callable[[Tasks], Awaitable[Any]]) -> Any:
    """Play a scene, and close what it left open."""

    async def play() -> Any:
        tasks = Tasks()
        try:
            return await scene(tasks)
        finally:
            await tasks.close()

    return asyncio.run(play())


def test_what_cannot_be_done_is_said_by_the_process() -> None:
    async def scene(tasks: Tasks) -> Task:
        wanted = {"bids": {"name": "bids.csv", "content": ""}, "demand": {}, "prices": {}, "choices": {}, "search": {}}
        key = tasks.start("user_a", SEARCH, wanted, {})
        await tasks.wait_a_little(key, 60)
        found = tasks.find("user_a", key)
        assert found is not None
        assert tasks.find("user_b", key) is None
        return found

    task = in_a_loop(scene)
    assert not task.under_way
    assert "bids.csv is refused" in task.wrong


def test_a_process_that_dies_says_that_it_failed() -> None:
    async def scene(tasks: Tasks) -> Task:
        key = tasks.start("user_a", "services.planning.no_such_process", {}, {})
        await tasks.wait_a_little(key, 60)
        found = tasks.find("user_a", key)
        assert found is not None
        return found

    assert in_a_loop(scene).wrong == FAILED


def test_stopping_ends_the_process_at_once() -> None:
    async def scene(tasks: Tasks) -> Task:
        key = tasks.start("user_a", SLEEPER, {}, {})
        await asyncio.sleep(0.5)
        found = tasks.find("user_a", key)
        assert found is not None
        assert found.under_way
        tasks.stop(found)
        assert found.running is not None
        await asyncio.wait([found.running], timeout=10)
        assert found.running.done()
        return found

    assert in_a_loop(scene).wrong == STOPPED


def test_the_same_work_begun_again_stops_the_first() -> None:
    async def scene(tasks: Tasks) -> tuple[Task | None, Task | None]:
        first = tasks.start("user_a", SLEEPER, {}, {})
        other = tasks.start("user_b", SLEEPER, {}, {})
        tasks.start("user_a", SLEEPER, {}, {})
        return tasks.find("user_a", first), tasks.find("user_b", other)

    stopped, others = in_a_loop(scene)
    assert stopped.wrong == BEGUN_AGAIN
    assert others is not None


@pytest.mark.parametrize("error", [InvalidInput("file", "no file was sent")])
def test_an_error_of_a_call_is_why_it_found_nothing(error: InvalidInput) -> None:
    async def work(task: Task) -> None:
        raise error

    async def scene(tasks: Tasks) -> Task:
        key = tasks.do("user_a", work, {})
        await tasks.wait_a_little(key, 5)
        found = tasks.find("user_a", key)
        assert found is not None
        return found

    assert "no file was sent" in in_a_loop(scene).wrong


def test_no_more_is_begun_than_may_run_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks_module, "MOST_AT_ONCE", 1)

    async def scene(tasks: Tasks) -> int:
        async def wait(_: Task) -> None:
            await asyncio.sleep(60)

        first = tasks.do("user_a", wait, {})
        with pytest.raises(TooMuch) as refused:
            tasks.do("user_b", wait, {})
        found = tasks.find("user_a", first)
        assert found is not None
        tasks.stop(found)
        assert tasks.do("user_b", wait, {})
        return int(refused.value.facts["retry_in_seconds"])

    assert in_a_loop(scene) > 0
