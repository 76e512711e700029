"""The one transaction of an import."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from services.caseload.storage import changes
from shared.database import reading, writing
from shared.imports.report import ImportOptions


@contextmanager
def import_transaction(engine: Engine, options: ImportOptions) -> Iterator[Connection]:
    """A preview reads one snapshot; an import compares and writes while no other import does."""
    if options.preview:
        with reading(engine) as connection:
            yield connection
    else:
        with writing(engine) as connection:
            changes.hold_other_imports(connection)
            yield connection
