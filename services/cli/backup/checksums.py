"""The checksum of a table's rows, whatever their order and on whichever database they are.

Each row is written down in one form, hashed, and the hashes are added up. So nothing is sorted, which the two databases
do otherwise, and no more than a row is in memory.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, MetaData, select

from services.cli.backup.manifest import TableCopy
from shared.days import in_utc

ROWS_AT_ONCE = 500
MODULUS = 2**256


def table_copies(connection: Connection) -> list[TableCopy]:
    """Every table of a database, ordered by name, within the connection's snapshot."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [_copy(connection, metadata, name) for name in sorted(metadata.tables)]


def _copy(connection: Connection, metadata: MetaData, name: str) -> TableCopy:
    columns = sorted(metadata.tables[name].columns, key=lambda column: column.name)
    names = [column.name for column in columns]
    rows, total = 0, 0
    with connection.execution_options(yield_per=ROWS_AT_ONCE).execute(select(*columns)) as found:
        for row in found:
            rows += 1
            total += int.from_bytes(_digest(names, row), "big")
    return TableCopy(name=name, rows=rows, checksum=f"{total % MODULUS:064x}")


def _digest(names: Sequence[str], row: Sequence[Any]) -> bytes:
    written = [[name, *_form(value)] for name, value in zip(names, row, strict=True)]
    return hashlib.sha256(json.dumps(written, separators=(",", ":")).encode()).digest()


def _form(value: Any) -> tuple[str, Any]:
    """A value as kind and text; SQLite keeps instants without their zone, which is UTC."""
    match value:
        case bool() | None:
            return "word", value
        case int():
            return "whole", value
        case float():
            return "float", value.hex()
        case bytes() | memoryview():
            return "bytes", hashlib.sha256(value).hexdigest()
        case datetime():
            return "instant", in_utc(value).isoformat()
        case date():
            return "day", value.isoformat()
    return "text", str(value)
