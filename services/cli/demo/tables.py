"""Writing CSV files so that the same rows give the same bytes on every machine."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

Row = Mapping[str, object]


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Row], encoding: str = "utf-8") -> int:
    """Write a CSV file with a header (RFC 4180); returns the number of rows.

    Values absent from a row are left blank.
    """
    count = 0
    with path.open("w", encoding=encoding, newline="") as out:
        writer = csv.DictWriter(out, columns, restval="", lineterminator="\r\n")
        writer.writeheader()
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


def yes_no(value: bool) -> str:
    """As the product's own files say it."""
    return "yes" if value else "no"
