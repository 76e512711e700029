"""Reading one published table."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from services.placement.forecast.published.values import (
    WHERE_PUBLISHED,
    PublishedTablesMissingError,
    PublishedTableWrongError,
    Row,
)

NATIONAL = "National"
REGIONAL = "Regional"
LOCAL = "Local authority"
LEVELS = (NATIONAL, REGIONAL, LOCAL)
PLACE_COLUMNS = ("time_period", "geographic_level", "region_code", "new_la_code", "old_la_code", "la_name")
TOPIC_COLUMNS = ("breakdown_topic", "breakdown")
_SUBFOLDER = "ehc-plans"


def tables_folder(folder: Path) -> Path:
    """The folder that holds the tables: this one, or its `ehc-plans`. Raises PublishedTablesMissingError."""
    inner = folder / _SUBFOLDER
    if inner.is_dir():
        return inner
    if not folder.is_dir():
        raise PublishedTablesMissingError(f"{folder} is not a folder.")
    return folder


def read_table(folder: Path, name: str, columns: Sequence[str]) -> list[Row]:
    """All rows of one table, in the file's order.

    Raises PublishedTablesMissingError where there is no such file, PublishedTableWrongError where it has no column of
    those named, a row is short or an area is of no known level.
    """
    path = folder / f"{name}.csv"
    if not path.is_file():
        raise PublishedTablesMissingError(f"{path} was not found.")
    return list(_rows(path, (*PLACE_COLUMNS, *TOPIC_COLUMNS, *columns)))


def _rows(path: Path, needed: Sequence[str]) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.reader(lines)
        try:
            heading = next(reader, [])
            _check_heading(path, heading, needed)
            for cells in reader:
                yield _row(path, heading, reader.line_num, cells)
        except (UnicodeDecodeError, csv.Error) as error:
            raise PublishedTableWrongError(
                f"{path.name}, row {reader.line_num + 1}: not CSV in UTF-8 ({error})."
            ) from None


def _check_heading(path: Path, heading: Sequence[str], needed: Sequence[str]) -> None:
    missing = [column for column in needed if column not in heading]
    if missing:
        raise PublishedTableWrongError(
            f"{path.name}, row 1: there is no column {', '.join(missing)}; the table needs it. {WHERE_PUBLISHED}"
        )


def _row(path: Path, heading: Sequence[str], line: int, cells: Sequence[str]) -> Row:
    if len(cells) != len(heading):
        raise PublishedTableWrongError(
            f"{path.name}, row {line}: {len(cells)} cells are wrong; a row has as many as the heading, {len(heading)}."
        )
    row = Row(path.name, line, dict(zip(heading, cells, strict=True)))
    if row.text("geographic_level") not in LEVELS:
        raise row.wrong("geographic_level", f"is one of {', '.join(LEVELS)}")
    return row


def read_january(row: Row) -> int:
    """The January that a period belongs to: 202324 is January 2024, calendar year 2023 ends at January 2024."""
    period = row.text("time_period")
    if period.isdigit() and len(period) == 6:
        return int(period[:4]) + 1
    if period.isdigit() and len(period) == 4:
        return int(period) + 1
    raise row.wrong("time_period", "is an academic year such as 202324 or a calendar year such as 2023")
