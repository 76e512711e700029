"""No migration locks out or breaks the previous release, which serves while it runs (docs/decisions/0042)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.migrations import (
    excused,
    has_previous_release,
    lint,
    names_gone,
    previous_release,
    render_all,
    still_named,
    take_previous_release,
)
from tests.conftest import need_history

UNSAFE = {
    "ALTER TABLE cases ADD COLUMN colour INTEGER NOT NULL;": "adding-required-field",
    "ALTER TABLE cases DROP COLUMN sex;": "ban-drop-column",
    "ALTER TABLE cases RENAME COLUMN needs TO wants;": "renaming-column",
    "ALTER TABLE cases RENAME TO children;": "renaming-table",
    "DROP TABLE returns;": "ban-drop-table",
    "CREATE INDEX by_sex ON cases (sex);": "require-concurrent-index-creation",
    "ALTER TABLE cases ADD CONSTRAINT born CHECK (birth_year > 1900);": "constraint-missing-not-valid",
    "ALTER TABLE cases ALTER COLUMN sex TYPE TEXT;": "changing-column-type",
    "ALTER TABLE cases ALTER COLUMN easting SET NOT NULL;": "adding-not-nullable-field",
}


@pytest.fixture(scope="module")
def migrations() -> dict[str, str]:
    return render_all()


@pytest.fixture(scope="module")
def released_tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the previous release's tables say, by service."""
    if not has_previous_release():
        need_history(previous_release())
    folder = tmp_path_factory.mktemp("released")
    take_previous_release(folder, ["services", "shared"])
    ours = (folder / "shared" / "event_log" / "tables.py").read_text()
    return {
        path.name: ours + "".join(each.read_text() for each in (path / "storage").glob("*tables.py"))
        for path in (folder / "services").iterdir()
        if (path / "storage").is_dir()
    }


def test_every_migration_is_rendered(migrations: dict[str, str]) -> None:
    assert {name.split("/")[0] for name in migrations} == {
        "caseload",
        "cost",
        "journal",
        "placement",
        "provision",
        "web",
    }
    assert [name for name, sql in migrations.items() if not sql.strip()] == []


def test_no_migration_is_unsafe_unless_it_is_said_why(migrations: dict[str, str], tmp_path: Path) -> None:
    found = lint(migrations, tmp_path)
    assert [str(each) for each in found if (each.migration, each.rule) not in excused()] == []


def test_every_exception_is_still_needed(migrations: dict[str, str], tmp_path: Path) -> None:
    needed = {(each.migration, each.rule) for each in lint(migrations, tmp_path)}
    assert [each for each in excused() if each not in needed] == []


def test_what_the_previous_release_names_is_neither_dropped_nor_renamed(
    migrations: dict[str, str], released_tables: dict[str, str]
) -> None:
    assert [str(each) for each in still_named(migrations, released_tables)] == []


def test_an_unsafe_migration_is_found(tmp_path: Path) -> None:
    given = {f"caseload/{number:04}": sql for number, sql in enumerate(UNSAFE)}
    found = {each.migration: each.rule for each in lint(given, tmp_path)}
    assert found == {f"caseload/{number:04}": rule for number, rule in enumerate(UNSAFE.values())}


def test_taking_away_what_is_still_named_is_found(released_tables: dict[str, str]) -> None:
    drop = {"caseload/9999": "ALTER TABLE cases DROP COLUMN sex; ALTER TABLE preferences RENAME TO wishes;"}
    assert names_gone(drop["caseload/9999"]) == {"sex", "preferences"}
    assert len(list(still_named(drop, released_tables))) == 2
    assert list(still_named({"caseload/9999": "ALTER TABLE cases DROP COLUMN never_was;"}, released_tables)) == []
