"""Columns of every database with what they hold, as their tables say."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, MetaData, Table

from tests.architecture.source import ROOT

DATABASES = tuple(sorted(path.parts[-3] for path in ROOT.glob("services/*/storage/tables.py")))
"""Services with a database of their own."""


def tables_of(service: str) -> list[Table]:
    """A service's tables, those that every service has among them, ordered by name."""
    metadata: MetaData = importlib.import_module(f"services.{service}.storage.tables").METADATA
    return sorted(metadata.tables.values(), key=lambda table: table.name)


def columns() -> Iterator[tuple[str, Column[Any]]]:
    """Every column with its service."""
    for service in DATABASES:
        for table in tables_of(service):
            for column in table.columns:
                yield service, column
