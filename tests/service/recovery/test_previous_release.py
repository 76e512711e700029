"""The previous release goes on, reading and writing, while and after today's migrations run under it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from services.cli.backup.databases import newest_revision
from shared.database import migrate, writing
from tests.architecture.migrations import has_previous_release, previous_release, take_previous_release
from tests.architecture.source import ROOT
from tests.builders.databases import NoDatabaseServer
from tests.builders.deciding import ASKS_BIRCH, ASKS_BIRCH_TOO, FREE
from tests.builders.whole import SERVICES, Whole, whole_system
from tests.conftest import need_history, need_server

DRIVER = Path(__file__).with_name("old_release.py")
QUIET = "told "


@dataclass(frozen=True)
class OldRelease:
    """The previous release, serving; what it is asked it does with its own code."""

    process: subprocess.Popen[str]

    def hear(self) -> dict[str, Any]:
        """Its next answer; its log lines are passed over."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith(QUIET):
                found: dict[str, Any] = json.loads(line.removeprefix(QUIET))
                return found
        raise AssertionError("the previous release ended")

    def ask(self, **asked: Any) -> dict[str, Any]:
        """Have it do something."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return self.hear()


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The previous release's code."""
    if not has_previous_release():
        need_history(previous_release())
    folder = tmp_path_factory.mktemp("released")
    take_previous_release(folder, ["services", "shared", "tests"])
    return folder


@contextmanager
def serving(released: Path, folder: Path) -> Iterator[OldRelease]:
    """It starts on the databases of the environment and brings its small authority in."""
    path = f"{released}{os.pathsep}{released / 'shared' / 'gen'}"
    told = {**os.environ, "PYTHONPATH": path, "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, str(DRIVER), str(folder / "files")]
    process = subprocess.Popen(
        command, cwd=released, env=told, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield OldRelease(process)
    finally:
        process.communicate(timeout=30)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def whole(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Whole]:
    """Not started: the previous release is, on the same databases."""
    try:
        with whole_system(request.param, tmp_path) as system:
            yield system
    except NoDatabaseServer:
        need_server("PostgreSQL", "INBOROUGH_TEST_POSTGRESQL")


def test_it_reads_and_writes_before_and_after_todays_release_serves_too(
    released: Path, whole: Whole, tmp_path: Path
) -> None:
    with serving(released, tmp_path) as old:
        whole.case_ids = {int(child): case_id for child, case_id in old.hear()["case_ids"].items()}
        first = old.ask(decide=FREE)["decision_id"]
        _migrate_all(whole)
        before = old.ask(read=first, case=FREE)
        assert (before["case_id"], before["offers"]) == (whole.case_ids[FREE], 1)
        second = old.ask(decide=ASKS_BIRCH)["decision_id"]

        with whole.other_ports():
            whole.start()
            with whole.sitting() as panel:
                assert panel.read(first).decision.case_id == whole.case_ids[FREE]
                assert panel.read(second).decision.case_id == whole.case_ids[ASKS_BIRCH]
                third = panel.record(ASKS_BIRCH_TOO)
        assert old.ask(read=third.decision_id, case=ASKS_BIRCH_TOO)["offers"] == 3

        with whole.engine("placement") as engine, writing(engine) as connection:
            connection.execute(text("ALTER TABLE recommendations RENAME COLUMN case_etag TO etag_of_case"))
        assert "failed" in old.ask(decide=FREE), "an unsafe migration would pass unseen"


def _migrate_all(whole: Whole) -> None:
    for service in SERVICES:
        with whole.engine(service) as engine:
            migrate(engine, ROOT / "services" / service / "storage" / "migrations")
            with engine.connect() as connection:
                version = connection.scalar(text("SELECT version_num FROM alembic_version"))
        assert version == newest_revision(service)
