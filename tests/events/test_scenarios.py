"""Scenarios are simulated by worker processes over either broker, or none: all of each, once, and the same answer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.placement.domain.scenarios import State
from services.placement.storage import scenarios
from shared.database import writing
from tests.builders.brokers import Broker
from tests.builders.running import wait_until
from tests.builders.scenario_office import Office
from tests.builders.scenarios import figures_of, find, keep_scenario, placement_database, rows_of, work_off

pytestmark = pytest.mark.timeout(300)
REPLICATES = 12
FAILPOINTS = (
    "scenario.shard.after_take",
    "scenario.shard.after_replicate",
    "scenario.shard.before_commit",
    "scenario.shard.after_commit",
    "scenario.summary.before_commit",
)


@pytest.fixture
def office(broker: Broker, tmp_path: Path) -> Iterator[Office]:
    with placement_database(f"sqlite:///{tmp_path / 'placement.db'}") as engine:
        yield Office(engine, broker, tmp_path)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What the scenario comes to when one process simulates it all in order."""
    with placement_database(f"sqlite:///{tmp_path_factory.mktemp('expected') / 'placement.db'}") as engine:
        scenario_id = keep_scenario(engine, replicates=REPLICATES)
        work_off(engine)
        return figures_of(engine, scenario_id)


def check_whole(office: Office, scenario_id: str, expected: bytes) -> None:
    """Every shard done, none counted twice: the figures are to the byte what one process finds."""
    assert {row.state for row in rows_of(office.engine, scenario_id)} == {"done"}
    assert figures_of(office.engine, scenario_id) == expected


ON_FILES = pytest.mark.parametrize("broker", ["files"], indirect=True)
ON_RABBITMQ = pytest.mark.parametrize("broker", [pytest.param("rabbitmq", marks=pytest.mark.servers)], indirect=True)


@ON_RABBITMQ
def test_four_workers_give_the_answer_that_one_does(office: Office, expected: bytes) -> None:
    scenario_id = keep_scenario(office.engine, replicates=REPLICATES)
    with office.start("one", workers=4) as process:
        office.wait_until_finished(scenario_id)
        assert process.stop(15) == 0
    check_whole(office, scenario_id, expected)
    assert "Traceback" not in process.output.read_text()


@ON_FILES
def test_a_worker_killed_anywhere_loses_no_shard_and_counts_none_twice(office: Office, expected: bytes) -> None:
    for passes, failpoint in enumerate(FAILPOINTS[:-1]):
        office.arm(failpoint, passes)
    office.arm(FAILPOINTS[-1])
    scenario_id = keep_scenario(office.engine, replicates=REPLICATES)
    with office.start("one", workers=1) as process:
        office.wait_until_finished(scenario_id)
        assert len(process.lines("shard_worker_died")) == len(FAILPOINTS)
    assert not any(map(office.armed, FAILPOINTS))
    check_whole(office, scenario_id, expected)


def test_what_a_killed_process_was_at_is_done_by_another_though_the_broker_is_gone(
    office: Office, expected: bytes
) -> None:
    scenario_id = keep_scenario(office.engine, replicates=REPLICATES)
    with office.start("one") as first:
        wait_until(lambda: any(row.state == "leased" for row in rows_of(office.engine, scenario_id)), "a shard taken")
        first.popen.kill()
        office.broker.go_away()
        with office.start("two"):
            office.wait_until_finished(scenario_id)
    check_whole(office, scenario_id, expected)


@ON_FILES
def test_a_cancelled_scenario_is_left_and_its_baseline_goes_on_with_the_next(office: Office, expected: bytes) -> None:
    first = keep_scenario(office.engine, replicates=REPLICATES)
    baseline_id = find(office.engine, first).baseline_id
    with office.start("one") as process:
        wait_until(lambda: any(row.state == "done" for row in rows_of(office.engine, first)), "a shard done")
        with writing(office.engine) as connection:
            for scenario_id in (first, baseline_id):
                scenarios.move(connection, scenario_id, [State.WAITING, State.RUNNING], State.CANCELLED)
        wait_until(lambda: all(row.state != "leased" for row in rows_of(office.engine, first)), "left", 20)
        done = sum(row.state == "done" for row in rows_of(office.engine, first))
        time.sleep(1)
        assert sum(row.state == "done" for row in rows_of(office.engine, first)) == done
        second = keep_scenario(office.engine, replicates=REPLICATES)
        office.wait_until_finished(second)
        assert process.stop(15) == 0
    check_whole(office, second, expected)
