"""The command that brings one service's database up to date."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from shared.migrate import bring_up_to_date
from tests.architecture.source import ROOT


def test_a_database_is_brought_to_the_newest_migration_however_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INBOROUGH_VAR", str(tmp_path))
    monkeypatch.setenv("INBOROUGH_JOURNAL_MIGRATE", "false")
    bring_up_to_date("journal")
    bring_up_to_date("journal")
    versions = (ROOT / "services/journal/storage/migrations/versions").glob("[0-9]*.py")
    engine = create_engine(f"sqlite:///{tmp_path / 'journal.db'}")
    with engine.connect() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    engine.dispose()
    assert found == max(path.name.split("_")[0] for path in versions)


def test_what_is_no_service_is_named() -> None:
    with pytest.raises(SystemExit, match="weather is no service with a database"):
        bring_up_to_date("weather")
