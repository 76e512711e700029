"""What must hold of the rows of a place pools file beyond each cell by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from services.provision.domain.pools import MAY_HAVE_NO_FIXED_NUMBER, PlacePool
from services.provision.domain.settings import Setting
from services.provision.imports.pool_row import PoolRow

NumberedRow = tuple[int, PoolRow]
Cell = tuple[str, str, str]
"""Column, value, reason."""
CellOfRow = tuple[int, str, str, str]
"""Row number, column, value, reason."""

SAME_IN_EVERY_ROW = ("urn kind needs year_group_low year_group_high sex group_ref wheelchair_accessible").split()
"""What the rows of one pool must agree on: everything but the first day and what counts from it."""


def wrong_cells(row: PoolRow, settings: Mapping[int, Setting]) -> Iterator[Cell]:
    """What is wrong with one row by itself."""
    if row.urn not in settings:
        yield "urn", str(row.urn), "no such setting on file; import the GIAS file that has it first"
    if row.year_group_low > row.year_group_high:
        yield "year_group_low", str(row.year_group_low), f"above year_group_high, {row.year_group_high}"
    if row.places_commissioned is None and row.kind not in MAY_HAVE_NO_FIXED_NUMBER:
        reason = "the cell is empty; only mainstream and further_education may have no fixed number of places"
        yield "places_commissioned", "", reason
    if row.group_ref and row.group_places is None:
        yield "group_places", "", "the cell is empty; write the places that the whole group has together"
    if row.group_places is not None and not row.group_ref:
        yield "group_ref", "", "the cell is empty, though group_places is not; name the group or clear group_places"


def odd_cells(row: PoolRow, setting: Setting) -> Iterator[Cell]:
    """What somebody should look at in a row that is kept."""
    if row.kind not in setting.usual_kinds():
        what = f"{setting.name} ({setting.type_name or f'type {setting.type_code}'})"
        yield "kind", row.kind, f"unusual at {what}; check the kind and the URN"
    if not setting.is_open:
        yield "urn", str(row.urn), f"{setting.name} is not open (GIAS: {setting.status}); check the URN"


def wrong_rows_together(rows: Sequence[NumberedRow]) -> Iterator[CellOfRow]:
    """Two numbers of one pool from the same day, and rows of one pool that disagree."""
    first_of: dict[str, NumberedRow] = {}
    dated: dict[tuple[str, date], int] = {}
    for number, row in rows:
        earlier = dated.setdefault((row.pool_ref, row.first_day), number)
        if earlier != number:
            reason = f"row {earlier} and row {number} both give pool {row.pool_ref} from this day; keep one of them"
            yield number, "first_day", row.first_day.isoformat(), reason
        first_number, first = first_of.setdefault(row.pool_ref, (number, row))
        for column in SAME_IN_EVERY_ROW:
            if getattr(row, column) != getattr(first, column):
                reason = f"not the same as in row {first_number} of the same pool; every row of a pool must agree"
                yield number, column, _shown(getattr(row, column)), reason


def wrong_groups(rows: Sequence[NumberedRow], stored: Sequence[PlacePool]) -> Iterator[CellOfRow]:
    """Rows that state another total for their group from the same day than an earlier row, or than a pool on file."""
    named = {f"pool_{row.pool_ref}" for _, row in rows}
    on_file = {
        (pool.group_id, from_.first_day, from_.confirmed): (pool.pool_id, from_.group_places)
        for pool in stored
        if pool.group_id and pool.pool_id not in named
        for from_ in pool.numbers
    }
    in_file: dict[tuple[str, date, bool], tuple[int, int | None]] = {}
    for number, row in rows:
        if not row.group_ref or row.group_places is None:
            continue
        key = (f"group_{row.group_ref}", row.first_day, row.confirmed)
        earlier, places = in_file.setdefault(key, (number, row.group_places))
        pool_id, kept = on_file.get(key, ("", row.group_places))
        if places != row.group_places:
            reason = f"row {earlier} gives the same group {places} places from this day; a group has one total"
            yield number, "group_places", str(row.group_places), reason
        elif kept != row.group_places:
            reason = f"{pool_id}, which is on file, gives its group {kept} places from this day; import the group whole"
            yield number, "group_places", str(row.group_places), reason


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ";".join(str(word) for word in value) or "ALL"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
