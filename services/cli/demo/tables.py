"""Writing CSV files so that the same rows give the same bytes on every machine."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

Row = Mapping[str, object]


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Row], encoding: str = "utf-8") -> int:
    """Write a CSV file with a header (RFC 4180); returns the number of rows.

    Values absent from a row are left blank. Raises ValueError for one that has no column.
    """
    known = frozenset(columns)
    lines: list[list[object]] = [list(columns)]
    for row in rows:
        if not known.issuperset(row):
            raise ValueError(f"a row of {path.name} has a column that is not in its heading")
        lines.append([row.get(column, "") for column in columns])
    with path.open("w", encoding=encoding, newline="") as out:
        csv.writer(out, lineterminator="\r\n").writerows(lines)
    return len(lines) - 1


def yes_no(value: bool) -> str:
    """As the product's own files say it."""
    return "yes" if value else "no"
