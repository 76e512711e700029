"""Migrations as PostgreSQL would be told them, and what squawk and our exceptions say of each statement."""

from __future__ import annotations

import importlib.util
import io
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations

from tests.architecture.source import ROOT

DEPLOYED = ROOT / "deploy" / "migrations"
SQUAWK = Path(sys.executable).parent / "squawk"
VERSIONS = "services/*/storage/migrations/versions/[0-9]*.py"
GONE = re.compile(
    r"DROP TABLE (?:IF EXISTS )?(?P<table>\w+)|DROP COLUMN (?:IF EXISTS )?(?P<column>\w+)"
    r"|RENAME COLUMN (?P<renamed>\w+) TO|ALTER TABLE (?P<moved>\w+) RENAME TO",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Finding:
    """What a rule says of a migration, such as caseload/0003."""

    migration: str
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.migration}: {self.rule}: {self.message}"


def render_all() -> dict[str, str]:
    """SQL by migration, in order."""
    return {f"{path.parts[-5]}/{path.name[:4]}": render(path) for path in sorted(ROOT.glob(VERSIONS))}


def render(path: Path) -> str:
    """What a migration would tell PostgreSQL, without a database."""
    told = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": told, "transactional_ddl": True}
    )
    asked: Any = SimpleNamespace(dialect=context.dialect)  # op.get_bind() asks which database it is, and nothing more
    context.impl.connection = asked
    with Operations.context(context):
        _module(path).upgrade()
    return told.getvalue()


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"migration_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def lint(migrations: dict[str, str], folder: Path) -> list[Finding]:
    """What squawk finds, by deploy/migrations/squawk.toml; our own rule beside it."""
    for name, sql in migrations.items():
        (folder / f"{name.replace('/', '-')}.sql").write_text(sql)
    command = [
        str(SQUAWK),
        f"--config={DEPLOYED / 'squawk.toml'}",
        "--reporter=json",
        *map(str, sorted(folder.glob("*.sql"))),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("["), done.stderr
    return [
        Finding(Path(each["file"]).stem.replace("-", "/"), each["rule_name"], each["message"])
        for each in json.loads(done.stdout)
    ]


def excused() -> dict[tuple[str, str], str]:
    """Why, by migration and rule."""
    found = tomllib.loads((DEPLOYED / "exceptions.toml").read_text()).get("exception", [])
    return {(each["migration"], each["rule"]): each["because"] for each in found}


def names_gone(sql: str) -> set[str]:
    """Tables and columns that a migration drops or renames."""
    return {next(name for name in found.groups() if name) for found in GONE.finditer(sql)}


def still_named(migrations: dict[str, str], tables: dict[str, str]) -> Iterator[Finding]:
    """What the previous release's tables name and a migration takes away; `tables` are its sources by service."""
    for migration, sql in migrations.items():
        source = tables.get(migration.split("/")[0], "")
        for name in sorted(names_gone(sql)):
            if f'"{name}"' in source:
                yield Finding(
                    migration, "still-named", f"the previous release names {name}; contract one release later"
                )


def previous_release() -> str:
    """The commit that deploy/previous-release names."""
    lines = (ROOT / "deploy" / "previous-release").read_text().splitlines()
    (commit,) = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return commit


def has_previous_release() -> bool:
    """Whether git has that commit here: not in an archive, nor in a shallow clone."""
    command = ["git", "cat-file", "-e", f"{previous_release()}^{{commit}}"]
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def take_previous_release(folder: Path, paths: Iterable[str] = ()) -> None:
    """Write the previous release's files to a folder."""
    archive = subprocess.run(["git", "archive", previous_release(), *paths], cwd=ROOT, capture_output=True, check=True)
    subprocess.run(["tar", "--extract", "--directory", str(folder)], input=archive.stdout, check=True)
