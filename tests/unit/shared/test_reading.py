"""Work that many ask for: one does it, and nobody's wish is lost."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared import identity, logs
from shared.events.reading import Once, run_as_service


def test_work_asked_for_while_it_runs_is_done_once_more_however_often_asked() -> None:
    runs, under_way, go_on = [], threading.Event(), threading.Event()

    def work() -> None:
        runs.append(1)
        under_way.set()
        go_on.wait(10)

    once = Once(work)
    assert once.begin()
    runner = threading.Thread(target=once.run)
    runner.start()
    under_way.wait(10)
    assert [once.begin() for _ in range(50)] == [False] * 50
    go_on.set()
    runner.join()
    assert len(runs) == 2


def test_a_wish_is_never_lost_between_a_look_and_the_end() -> None:
    """Each asker sees a run that began after it asked, or runs itself."""
    wishes, done = 0, []
    lock = threading.Lock()

    def work() -> None:
        done.append(wishes)

    once = Once(work)

    def ask(_: int) -> None:
        nonlocal wishes
        for _ in range(200):
            with lock:
                wishes += 1
            if once.begin():
                once.run()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(8)))
    assert done[-1] == 1600
    assert once.begin()


def test_an_error_ends_the_work_and_the_next_to_ask_begins_anew() -> None:
    def fail() -> None:
        raise ZeroDivisionError

    once = Once(fail)
    for _ in range(2):
        assert once.begin()
        with pytest.raises(ZeroDivisionError):
            once.run()


def test_work_that_no_rpc_asked_for_is_the_services_own() -> None:
    seen: list[tuple[str, bool, str]] = []

    def look() -> None:
        seen.append((identity.current().subject, identity.current().is_service, logs.request_id.get()[:4]))

    run_as_service("provision", "expire_offers", look)
    assert seen == [("service_provision", True, "own_")]
    assert identity.current() == identity.NOBODY


def test_work_that_fails_is_logged_without_its_text_and_goes_on_next_time(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise KeyError("Ann Other")

    run_as_service("provision", "expire_offers", fail)
    written = capsys.readouterr().out
    assert "timer_failed" in written
    assert "KeyError" in written
    assert "Ann" not in written
