"""What is done stays done, what is in hand is one worker's, and what a worker leaves is done again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from services.cli.nation.results import Asked, Results
from tests.builders.nation import a_task, some_figures

ASKED = Asked("run_1", 2024, "", "v1")
FIRST, SECOND = a_task("301", 0), a_task("302", 1)


@pytest.fixture
def results(tmp_path: Path) -> Results:
    found = Results(tmp_path)
    found.begin(ASKED, [FIRST, SECOND])
    return found


def test_before_any_run_there_is_none(tmp_path: Path) -> None:
    assert Results(tmp_path).find_run() is None


def test_a_task_is_taken_by_one_worker_alone(results: Results) -> None:
    assert results.take("run_1", "one") == FIRST
    assert results.waiting() == [SECOND]
    assert results.take("run_1", "two") == SECOND
    assert results.take("run_1", "three") is None
    assert results.in_hand() == {"one": FIRST, "two": SECOND}


def test_tasks_are_taken_in_the_runs_order_however_they_were_made(results: Results) -> None:
    results.begin(replace(ASKED, run_id="run_2"), [SECOND, FIRST])
    assert [results.take("run_2", name) for name in ("one", "two")] == [FIRST, SECOND]


def test_a_message_of_another_run_is_nothing_to_take(results: Results) -> None:
    assert results.take("run_0", "one") is None
    assert results.in_hand() == {}


def test_what_is_kept_is_done_and_not_taken_again(results: Results) -> None:
    results.take("run_1", "one")
    results.keep(ASKED, "301", some_figures())
    assert [(each.task, each.figures) for each in results.done()] == [(FIRST, some_figures())]
    assert results.waiting() == [SECOND]
    assert results.take("run_1", "one") == SECOND


def test_a_later_run_goes_on_and_one_that_asks_something_else_begins_anew(results: Results) -> None:
    results.keep(ASKED, "301", some_figures())
    results.begin(replace(ASKED, run_id="run_2"), [FIRST, SECOND])
    assert [task.code for task in results.waiting()] == ["302"]
    for other in (replace(ASKED, seed=1), replace(ASKED, due="20"), replace(ASKED, version="v2")):
        results.begin(other, [FIRST, SECOND])
        assert [task.code for task in results.waiting()] == ["301", "302"]


def test_a_worker_that_is_gone_frees_its_task_once_and_the_second_time_it_has_failed(results: Results) -> None:
    results.take("run_1", "one")
    assert results.free("one", 2, "gone") == ["301"]
    assert results.waiting() == [FIRST, SECOND]
    results.take("run_1", "one")
    assert results.free("one", 2, "gone") == []
    assert results.failed() == [(FIRST, "gone")]
    assert results.take("run_1", "two") == SECOND


def test_a_failure_is_tried_again_by_the_next_run(results: Results) -> None:
    results.take("run_1", "one")
    results.fail("301", "why")
    assert (results.failed(), results.in_hand()) == ([(FIRST, "why")], {})
    results.begin(replace(ASKED, run_id="run_2"), [FIRST, SECOND])
    assert results.failed() == []


@pytest.mark.parametrize(("due", "wanted"), [("", None), ("20", 20), ("0", 0), ("all", 1524)])
def test_decisions_due_of_an_authority(due: str, wanted: int | None) -> None:
    assert replace(ASKED, due=due).due_of(1524) == wanted
