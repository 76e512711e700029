"""Shards: each is done once whoever comes, the last finishes the scenario, and nothing is lost with a worker."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from services.placement.domain.scenarios import MOST_FAILURES, MOST_TAKES, State
from services.placement.steps.scenarios import worker
from services.placement.steps.scenarios.replicates import Replicates
from services.placement.steps.scenarios.tasks import DONE, LOST, NOT_TAKEN, STOPPED
from services.placement.storage import scenarios, shards
from services.placement.storage.scenario_tables import scenario_shards
from services.placement.storage.shards import ShardKey
from shared.database import reading, writing
from shared.event_log import list_events
from tests.builders.scenarios import at_once, figures_of, find, keep_scenario, list_ready, rows_of, work_off, work_on


def event_names(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return [event.name for event in list_events(connection, 0, 1000)]


def test_a_scenario_is_cut_into_shards_and_its_summary_is_held_back(engine: Engine) -> None:
    scenario_id = keep_scenario(engine)
    ready = list_ready(engine)
    assert {key.scenario_id for key in ready} == {scenario_id, find(engine, scenario_id).baseline_id}
    rows = [row for row in rows_of(engine, scenario_id) if row.scenario_id == scenario_id]
    assert [row.kind for row in rows] == ["replicates"] * 4 + ["summary"]
    assert [(row.first_replicate, row.last_replicate) for row in rows[:-1]] == [(at, at) for at in range(4)]
    assert rows[-1].state == "held_back"


def test_the_last_shard_lets_it_be_summed_up_and_the_summary_finishes_it(engine: Engine) -> None:
    scenario_id = keep_scenario(engine)
    *others, last = list_ready(engine)
    for key in others:
        assert work_on(engine, key).became == DONE
    assert list_ready(engine) == [last]
    work_on(engine, last)
    assert find(engine, scenario_id).state is State.SUMMING_UP
    (summary,) = list_ready(engine)
    assert summary == ShardKey(scenario_id, 4)
    work_on(engine, summary)
    finished = find(engine, scenario_id)
    assert (finished.state, bool(figures_of(engine, scenario_id))) == (State.FINISHED, True)
    assert finished.started_at_utc is not None
    assert finished.ended_at_utc is not None
    assert event_names(engine) == ["scenario_created", "scenario_finished"]


def test_a_shard_that_is_done_is_not_done_again(engine: Engine) -> None:
    scenario_id = keep_scenario(engine)
    work_off(engine)
    before = rows_of(engine, scenario_id)
    for row in before:
        assert work_on(engine, ShardKey(row.scenario_id, row.shard)).became == NOT_TAKEN
    assert rows_of(engine, scenario_id) == before
    assert event_names(engine).count("scenario_finished") == 1


def test_of_several_workers_one_takes_a_shard(engine: Engine) -> None:
    keep_scenario(engine)
    key = list_ready(engine)[0]

    def take(at: int) -> bool:
        with writing(engine) as connection:
            return shards.take(connection, key, f"lease_{at}", 60) is not None

    assert sorted(at_once(4, take)) == [False, False, False, True]


def test_a_result_that_comes_twice_counts_once(engine: Engine) -> None:
    """The lease ran out while a worker was still at it: both finish."""
    scenario_id = keep_scenario(engine)
    key = list_ready(engine)[0]
    with writing(engine) as connection:
        assert shards.keep_outcome(connection, key, [b"first"], 1.0)
        assert not shards.keep_outcome(connection, key, [b"second"], 2.0)
    row = next(row for row in rows_of(engine, scenario_id) if (row.scenario_id, row.shard) == key)
    assert (shards.unpack(row.outcome), row.seconds) == ([b"first"], 1.0)


def test_shards_that_end_at_the_same_time_finish_the_scenario_once(engine: Engine) -> None:
    scenario_id = keep_scenario(engine, replicates=4)
    ready = list_ready(engine)
    assert at_once(len(ready), lambda at: work_on(engine, ready[at], f"lease_{at}").became) == [DONE] * len(ready)
    (summary,) = list_ready(engine)
    assert sorted(at_once(3, lambda at: work_on(engine, summary, f"lease_{at}").became)) == [DONE, NOT_TAKEN, NOT_TAKEN]
    assert find(engine, scenario_id).state is State.FINISHED
    assert event_names(engine).count("scenario_finished") == 1


def test_a_lease_that_ran_out_lets_others_take_the_shard(engine: Engine) -> None:
    keep_scenario(engine)
    key = list_ready(engine)[0]
    with writing(engine) as connection:
        assert shards.take(connection, key, "lease_dead", 0.05)
        assert shards.put_back_lapsed(connection) == 0
    time.sleep(0.1)
    with writing(engine) as connection:
        assert not shards.renew(connection, key, "lease_other", 60, 0)
        assert shards.put_back_lapsed(connection) == 1
    assert work_on(engine, key).became == DONE


def test_a_lease_is_renewed_while_its_worker_is_at_it(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_scenario(engine)
    simulate = Replicates.simulate

    def slowly(replicates: Replicates, replicate: int) -> bytes:
        time.sleep(1.2)
        return simulate(replicates, replicate)

    monkeypatch.setattr(Replicates, "simulate", slowly)
    key = list_ready(engine)[0]
    thread = threading.Thread(target=work_on, args=(engine, key), kwargs={"lease_seconds": 1.0})
    thread.start()
    time.sleep(1.1)
    with writing(engine) as connection:
        assert shards.put_back_lapsed(connection) == 0
    thread.join()
    assert key not in list_ready(engine)


def test_a_worker_that_is_to_stop_puts_the_shard_back(engine: Engine) -> None:
    scenario_id = keep_scenario(engine)
    key, stopping = list_ready(engine)[0], threading.Event()
    stopping.set()
    assert work_on(engine, key, stopping=stopping).became == STOPPED
    assert key in list_ready(engine)
    work_off(engine)
    assert find(engine, scenario_id).state is State.FINISHED


def test_a_worker_whose_scenario_is_cancelled_leaves_it_between_two_replicates(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario_id = keep_scenario(engine, replicates=80)
    simulated: list[int] = []

    def simulate(_: object, replicate: int) -> bytes:
        simulated.append(replicate)
        with writing(engine) as connection:
            scenarios.move(connection, scenario_id, [State.RUNNING], State.CANCELLED)
        time.sleep(0.4)
        return b""

    monkeypatch.setattr(Replicates, "simulate", simulate)
    key = next(key for key in list_ready(engine) if key.scenario_id == scenario_id)
    assert work_on(engine, key, lease_seconds=1.0).became == LOST
    assert 1 <= len(simulated) < 10
    assert work_on(engine, key).became == NOT_TAKEN


def test_a_shard_that_fails_again_and_again_fails_the_scenario_and_says_so(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario_id = keep_scenario(engine)
    key = ShardKey(scenario_id, 0)

    def fail(*_: object) -> bytes:
        raise ArithmeticError("a name")

    monkeypatch.setattr(Replicates, "simulate", fail)
    for _ in range(MOST_FAILURES):
        assert find(engine, scenario_id).state in (State.WAITING, State.RUNNING)
        with pytest.raises(ArithmeticError):
            work_on(engine, key)
    failed = find(engine, scenario_id)
    assert failed.state is State.FAILED
    assert failed.failed_because == "A part of it failed 3 times (ArithmeticError); the log has it."
    assert event_names(engine)[-1] == "scenario_failed"
    assert work_on(engine, key).became == NOT_TAKEN


def test_a_baseline_that_cannot_be_simulated_fails_all_that_wait_for_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = keep_scenario(engine), keep_scenario(engine)
    baseline_id = find(engine, first).baseline_id
    with writing(engine) as connection:
        its_row = (scenario_shards.c.scenario_id == baseline_id) & (scenario_shards.c.shard == 0)
        connection.execute(scenario_shards.update().where(its_row).values(takes=MOST_TAKES))
    assert work_on(engine, ShardKey(baseline_id, 0)).became == NOT_TAKEN
    assert [find(engine, each).state for each in (baseline_id, first, second)] == [State.FAILED] * 3
    third = keep_scenario(engine)
    work_off(engine)
    assert find(engine, third).state is State.FINISHED


def test_workers_of_another_version_leave_it_alone_and_in_the_end_say_that_it_must_be_run_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario_id = keep_scenario(engine)
    monkeypatch.setattr(worker, "code_version", lambda: "another")
    key = list_ready(engine)[0]
    assert work_on(engine, key).became == NOT_TAKEN
    assert key in list_ready(engine)
    monkeypatch.setattr(worker, "UPGRADE_SECONDS", -1.0)
    for key in list_ready(engine):
        work_on(engine, key)
    failed = find(engine, scenario_id)
    assert failed.state is State.FAILED
    assert "was upgraded" in failed.failed_because


def test_the_same_answer_whatever_the_order_and_however_it_is_cut(engine: Engine) -> None:
    first, second = keep_scenario(engine), keep_scenario(engine)
    for key in reversed(list_ready(engine)):
        work_on(engine, key)
    work_off(engine)
    assert figures_of(engine, first) == figures_of(engine, second) != b""


def test_a_baseline_is_simulated_once_for_all_that_share_it(engine: Engine) -> None:
    first = keep_scenario(engine)
    work_off(engine)
    second = keep_scenario(engine, name="Another")
    assert find(engine, second).baseline_id == find(engine, first).baseline_id
    assert {key.scenario_id for key in list_ready(engine)} == {second}


def test_packed_outcomes_are_the_parts_that_were_packed() -> None:
    parts = [b"", b"a", b"\0" * 1000]
    assert shards.unpack(shards.pack(parts)) == parts
    assert shards.unpack(shards.pack([])) == []


def test_the_longest_wait_is_that_of_the_first_shard_that_nobody_took(engine: Engine) -> None:
    with reading(engine) as connection:
        assert shards.longest_wait_seconds(connection) == 0
    keep_scenario(engine)
    with writing(engine) as connection:
        (first, *_), waits = list_ready(engine), shards.now() - timedelta(minutes=20)
        of_first = (scenario_shards.c.scenario_id == first.scenario_id) & (scenario_shards.c.shard == first.shard)
        connection.execute(scenario_shards.update().where(of_first).values(ready_at_utc=waits))
    with reading(engine) as connection:
        assert 1200 <= shards.longest_wait_seconds(connection) < 1260
    work_off(engine)
    with reading(engine) as connection:
        assert shards.longest_wait_seconds(connection) == 0
