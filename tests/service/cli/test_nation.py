"""The national run end to end: real workers, real services, either broker, and what goes wrong on the way."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from services.cli.failures import CannotGoOn
from services.cli.nation import running, stack
from services.cli.nation.authorities import choose, cut_tables, list_authorities
from services.cli.nation.council import Desk
from services.cli.nation.results import Asked, Figures, Results, Task
from services.cli.nation.running import National, Outcome, Progress, run_nation
from services.cli.nation.stack import InUse, Services
from tests.builders.brokers import Broker, NoBroker, running_broker
from tests.builders.nation import CITY, NOWHERE, SCILLY, small_tables
from tests.conftest import need_server

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_tables(tmp_path_factory.mktemp("tables"))


@pytest.fixture(autouse=True)
def _one_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever edits the code while a test runs does not make its second run begin anew."""
    monkeypatch.setattr(running, "version_of", lambda _: "one")


@pytest.fixture(params=["files", pytest.param("rabbitmq", marks=pytest.mark.servers)])
def broker(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    """A broker of the test's own, which the run finds in its environment."""
    try:
        with running_broker(request.param, tmp_path / "broker") as found:
            for name, value in found.environment.items():
                monkeypatch.setenv(name, value)
            yield found
    except NoBroker:
        need_server("RabbitMQ", "INBOROUGH_TEST_RABBITMQ")


def asked(out: Path, tables: Path, *codes: str) -> National:
    return National(out, tables, choose(list_authorities(tables), codes, None), 1, 2024, "")


def run(national: National, show: Callable[[Progress], None] = lambda _: None) -> Outcome:
    return run_nation(national, show, os.environ)


def kill_worker(out: Path) -> None:
    """Kill the worker of the run in a folder, as the machine does when memory runs out."""
    for found in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = found.read_bytes().decode().split("\0")
        except OSError:
            continue
        if "services.cli.nation.worker" in words and str(out) in words:
            os.kill(int(found.parent.name), signal.SIGKILL)


class KillsOnce:
    """Kills the worker as soon as it is at something."""

    def __init__(self, out: Path) -> None:
        self._out, self.killed = out, ""

    def __call__(self, progress: Progress) -> None:
        if progress.in_hand and not self.killed:
            self.killed = progress.in_hand["worker-1"].code
            kill_worker(self._out)


def test_a_run_goes_on_after_ctrl_c_a_killed_worker_and_an_authority_that_fails(
    broker: Broker, tables: Path, tmp_path: Path
) -> None:
    out = tmp_path / "nation"

    def ctrl_c(progress: Progress) -> None:
        if progress.in_hand:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(asked(out, tables), ctrl_c)
    assert Results(out).done() == []

    kills = KillsOnce(out)
    outcome = run(asked(out, tables), kills)
    assert kills.killed == NOWHERE  # the largest of the three comes first
    assert [task.name for task, _ in outcome.failed] == ["Nowhere"], outcome.failed
    assert "E06999999" in outcome.failed[0][1], outcome.failed
    assert [each.task.code for each in outcome.done] == [CITY, SCILLY]
    for each in outcome.done:
        figures = each.figures
        assert figures.decisions_due == figures.in_borough + figures.out_of_borough + figures.unplaced > 0
        assert figures.plan_id.startswith("plan_")
        assert 0 <= figures.solver_seconds < figures.plan_seconds
    assert sorted(path.name for path in out.iterdir()) == ["in-use", "logs", "nation.db"]

    again = run(asked(out, tables, CITY, SCILLY))
    assert (again.found, again.failed) == (2, [])
    assert [each.figures for each in again.done] == [each.figures for each in outcome.done]


def test_the_same_authority_in_another_system_gives_the_same_plan_and_keeps_what_it_is_told_to(
    tables: Path, tmp_path: Path
) -> None:
    [city] = asked(tmp_path, tables, CITY).authorities
    task = Task(city.code, city.ons_code, city.name, city.region, city.plans, 0)
    came = []
    with Services(tmp_path / "waiting") as services:
        for name, keep in (("one", ""), ("two", "all")):
            cut_tables(tables, tmp_path / name / "tables", [city])
            came.append(Desk(services, tmp_path / name).do(Asked("run_1", 2024, "6", "one", keep), task))
    first, second = came
    assert isinstance(first, Figures), first
    assert isinstance(second, Figures), second
    assert first.plan_id == second.plan_id
    assert first.decisions_due == 6
    kept = {path.name for path in (tmp_path / "two" / "councils" / CITY).iterdir()}
    assert {"caseload.db", "provision.db", "cost.db", "placement.db", "files", "logs"} <= kept
    assert not (tmp_path / "one" / "councils" / CITY).exists()


def test_what_a_killed_worker_leaves_behind_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two sets of services in one folder would make one another's databases, and read one another's logs."""
    monkeypatch.setattr(stack, "SERVICES", ("caseload",))
    with (
        Services(tmp_path),
        pytest.raises(InUse, match="other services are using"),
        Services(tmp_path, wait_seconds=0.1),
    ):
        pass
    with Services(tmp_path, wait_seconds=0.1):
        pass


def test_what_empty_databases_have_in_their_write_ahead_logs_is_copied_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A forked process may end without having closed its database: then the log has its tables, and not the file."""
    monkeypatch.setattr(stack, "SERVICES", ("caseload",))
    with (
        Services(tmp_path) as services,
        closing(sqlite3.connect(tmp_path / "empty" / "caseload.db")) as open_still,
    ):
        open_still.execute("CREATE TABLE in_the_log (one)")
        with (
            services.running(tmp_path / "council", "E06000006", "876"),
            closing(sqlite3.connect(tmp_path / "council" / "caseload.db")) as copied,
        ):
            assert copied.execute("SELECT count(*) FROM in_the_log").fetchone() == (0,)


def test_two_runs_in_one_folder_are_refused(tables: Path, tmp_path: Path) -> None:
    def second(progress: Progress) -> None:
        with pytest.raises(CannotGoOn, match="Another national run is using"):
            run(asked(tmp_path, tables, CITY))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(asked(tmp_path, tables, CITY), second)
