"""What figures depend on beside the question: the code, the demonstration's facts, the Department's tables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from services.cli.demo.facts import FACTS
from services.cli.nation.authorities import TABLES, tables_folder
from services.cli.system.procfile import ROOT

CODE = ("services", "shared")
LENGTH = 16


def version_of(tables: Path) -> str:
    """16 hexadecimal digits that change with any of them, whatever built or installed the code."""
    digest = hashlib.sha256()
    for path in _files(tables):
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:LENGTH]


def _files(tables: Path) -> Iterator[Path]:
    for folder in CODE:
        yield from sorted(path for path in (ROOT / folder).rglob("*") if path.suffix in (".py", ".toml", ".csv"))
    yield from sorted(path for path in FACTS.rglob("*") if path.is_file())
    yield from (path for name in TABLES if (path := tables_folder(tables) / f"{name}.csv").is_file())
