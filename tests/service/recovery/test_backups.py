"""What a backup refuses, keeps to itself and removes: on small databases, without services."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pyrage
import pytest
from sqlalchemy import URL, create_engine, inspect, make_url, text

from services.cli.backup import making, postgresql
from services.cli.backup.databases import all_databases, readers_first
from services.cli.backup.manifest import read_manifest
from services.cli.backup.rotating import METRICS
from services.journal.domain.entries import SOURCES as JOURNAL_READS
from services.placement.events import SOURCES as PLACEMENT_READS
from shared.database import migrate, open_database, writing
from shared.days import now_utc
from shared.event_log.readers import READERS
from tests.architecture.source import ROOT
from tests.builders.databases import NoDatabaseServer, empty_database
from tests.builders.whole import DATABASES
from tests.conftest import need_server
from tests.service.recovery.conftest import Inborough


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every service's SQLite database, empty but for its tables."""
    folder = tmp_path_factory.mktemp("migrated")
    for name in DATABASES:
        engine = open_database(f"sqlite:///{folder / f'{name}.db'}")
        migrate(engine, ROOT / "services" / name / "storage" / "migrations")
        engine.dispose()
    return folder


@pytest.fixture
def var(migrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A var folder with those databases; nothing serves them."""
    shutil.copytree(migrated, tmp_path / "var")
    monkeypatch.setenv("INBOROUGH_VAR", str(tmp_path / "var"))
    for name in DATABASES[:-1]:
        monkeypatch.setenv(f"INBOROUGH_{name.upper()}_ADDRESS", "127.0.0.1:1")
    return tmp_path / "var"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def back_up(inborough: Inborough, out: Path, *more: str) -> Path:
    ran = inborough("backup", "--out", str(out), "--json", *more)
    assert ran.status == 0, ran.err
    return Path(json.loads(ran.out)["folder"])


def test_readers_of_logs_are_copied_before_what_they_read() -> None:
    order = readers_first()
    assert order.index("journal") < order.index("placement")
    for source in PLACEMENT_READS:
        assert order.index("placement") < order.index(source)


def test_the_table_of_readers_is_what_the_events_processes_read() -> None:
    assert READERS == {"journal": JOURNAL_READS, "placement": PLACEMENT_READS}


def test_only_its_owner_can_read_a_backup(inborough: Inborough, var: Path, out: Path) -> None:
    folder = back_up(inborough, out)
    assert {path.stat().st_mode & 0o777 for path in (out, folder)} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert (out / METRICS).stat().st_mode & 0o777 == 0o644


def test_prometheus_is_told_when_it_succeeded(inborough: Inborough, var: Path, out: Path) -> None:
    began = now_utc().timestamp()
    back_up(inborough, out)
    told = dict(line.split() for line in (out / METRICS).read_text().splitlines() if not line.startswith("#"))
    assert float(told["inborough_backup_last_success_timestamp_seconds"]) >= began
    assert float(told["inborough_backup_size_bytes"]) > 0


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_a_backup_that_is_cut_off_leaves_nothing(
    error: type[BaseException], var: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> str:
        raise error

    monkeypatch.setattr(making, "sha256_of", fail)
    with pytest.raises(error):
        making.make_backup(out, "", lambda _: None)
    assert list(out.iterdir()) == []


def test_old_backups_go_and_the_newest_stays(inborough: Inborough, var: Path, out: Path) -> None:
    first = back_up(inborough, out)
    for days in (10, 36, 400):
        made = now_utc() - timedelta(days=days)
        shutil.copytree(first, out / f"backup-{made:%Y-%m-%dT%H-%M-%SZ}")
    (out / "somebody's own").mkdir()
    shutil.rmtree(first)
    left = {path.name for path in (back_up(inborough, out), *out.iterdir()) if path.is_dir()}
    assert len(left) == 3
    assert "somebody's own" in left


@pytest.mark.parametrize("harm", ["changed", "missing", "shortened"])
def test_a_damaged_backup_is_found_and_not_put_back(harm: str, inborough: Inborough, var: Path, out: Path) -> None:
    folder = back_up(inborough, out)
    path = folder / "placement.sqlite"
    content = path.read_bytes()
    if harm == "missing":
        path.unlink()
    else:
        path.write_bytes(content[:-4096] if harm == "shortened" else content[:5000] + b"x" + content[5001:])
    for command in (["backup", "verify", str(folder)], ["restore", str(folder), "--replace", "--yes"]):
        ran = inborough(*command)
        assert ran.status == 1
        assert "placement.sqlite" in ran.err


def test_a_database_that_is_not_empty_is_not_replaced_unless_told(inborough: Inborough, var: Path, out: Path) -> None:
    folder = back_up(inborough, out)
    engine = open_database(f"sqlite:///{var / 'caseload.db'}")
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO returns (id, return_day) VALUES (1, '2024-02-01')"))
    engine.dispose()
    ran = inborough("restore", str(folder))
    assert (ran.status, "--replace" in ran.err) == (1, True)
    assert returns(var) == 1
    assert inborough("restore", str(folder), "--replace", "--yes").status == 0
    assert returns(var) == 0


def returns(var: Path) -> int:
    engine = open_database(f"sqlite:///{var / 'caseload.db'}")
    with engine.connect() as connection:
        found = connection.scalar(text("SELECT count(*) FROM returns"))
    engine.dispose()
    return int(found or 0)


def test_a_backup_of_a_newer_release_is_not_put_back(inborough: Inborough, var: Path, out: Path) -> None:
    folder = back_up(inborough, out)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["databases"][0]["migration"] = "9999"
    (folder / "manifest.json").write_text(json.dumps(manifest))
    ran = inborough("restore", str(folder), "--replace", "--yes")
    assert (ran.status, "newer release" in ran.err) == (2, True)


def test_an_encrypted_backup_opens_with_its_identity_alone(
    inborough: Inborough, var: Path, out: Path, tmp_path: Path
) -> None:
    ours, others = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    for name, identity in (("ours", ours), ("others", others)):
        (tmp_path / name).write_text(f"# made for a test\n{identity}\n")
    folder = back_up(inborough, out, "--encrypt-to", str(ours.to_public()))
    assert {path.suffix for path in folder.iterdir()} == {".age", ".json"}
    assert read_manifest(folder).encrypted_to == str(ours.to_public())
    assert b"SQLite format" not in (folder / "caseload.sqlite.age").read_bytes()
    replace = ("restore", str(folder), "--replace", "--yes")
    assert "--identity" in inborough(*replace).err
    assert inborough(*replace, "--identity", str(tmp_path / "others")).status == 1
    assert inborough(*replace, "--identity", str(tmp_path / "ours")).status == 0
    assert inborough("backup", "verify", str(folder), "--identity", str(tmp_path / "ours")).status == 0


def test_a_missing_program_is_named_with_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from services.cli.failures import CannotGoOn

    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotGoOn) as caught:
        postgresql.list_contents(tmp_path / "x.dump")
    assert "postgresql-client" in caught.value.advice


def test_a_database_that_is_not_there_is_named(inborough: Inborough, var: Path, out: Path) -> None:
    (var / "cost.db").unlink()
    ran = inborough("backup", "--out", str(out))
    assert (ran.status, "database of cost" in ran.err) == (2, True)
    assert [each.service for each in all_databases() if each.missing] == ["cost"]


@pytest.mark.servers
def test_a_database_is_put_back_whole_or_left_as_it_was(tmp_path: Path) -> None:
    """On PostgreSQL, where what was there waits beside what comes in."""
    try:
        with empty_database("postgresql", tmp_path) as address:
            _restore_twice(make_url(address), tmp_path / "test.dump")
    except NoDatabaseServer:
        need_server("PostgreSQL", "INBOROUGH_TEST_POSTGRESQL")


def _restore_twice(url: URL, path: Path) -> None:
    """Once with a check that fails, once with one that does not."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept (word TEXT)"))
        connection.execute(text("INSERT INTO kept VALUES ('backed up')"))
    with postgresql.of_one_moment(url) as (_, snapshot):
        postgresql.dump(url, path, snapshot)
    with engine.begin() as connection:
        connection.execute(text("UPDATE kept SET word = 'newer'"))
        connection.execute(text("CREATE TABLE newer (word TEXT)"))
    with pytest.raises(LookupError), postgresql.replacing(url, path):
        raise LookupError
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT word FROM kept, (SELECT count(*) FROM newer) AS n")) == "newer"
    with postgresql.replacing(url, path) as connection:
        assert connection.scalar(text("SELECT word FROM kept")) == "backed up"
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["kept"]
        assert postgresql.BEFORE not in inspect(connection).get_schema_names()
    engine.dispose()
