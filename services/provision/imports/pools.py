"""Read place pools from the product's own CSV or XLSX: one row for each number of places from a first day on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from services.provision.domain.pools import PlacePool, PlacesFrom
from services.provision.domain.settings import Setting
from services.provision.imports.pool_row import REFERENCE_SHAPE, PoolRow
from services.provision.imports.pool_rules import NumberedRow, odd_cells, wrong_cells, wrong_groups, wrong_rows_together
from shared.imports.report import RowProblem, SourceFile
from shared.imports.rows import Checked, check_rows
from shared.imports.tables import Table, UnreadableFile, no_rows, read_table


@dataclass(frozen=True)
class PoolsRead:
    """What a file holds: sound pools by pool id, rows read, rows refused, and rows worth a look."""

    pools: Sequence[PlacePool]
    rows_read: int
    problems: Sequence[RowProblem]
    warnings: Sequence[RowProblem]


def read_pools(file: SourceFile, settings: Mapping[int, Setting], stored: Sequence[PlacePool]) -> PoolsRead:
    """Read and check a file against the settings and pools on file.

    A pool is taken whole: one refused row refuses the other rows of its pool, each with a problem that says so, and a
    row so broken that its pool cannot be told refuses the file.
    """
    try:
        table = read_table(file, PoolRow.required_columns(), PoolRow.optional_columns())
    except UnreadableFile as unreadable:
        return PoolsRead([], 0, [unreadable.problem], [])
    checked = check_rows(table, PoolRow)
    problems = [*checked.problems, *no_rows(table), *_problems(file.name, checked.rows, settings, stored)]
    refused_rows = {problem.row for problem in problems}
    refused = [*table.rows_of(refused_rows), *table.broken]
    refused_pools = {row.cells.get("pool_ref", "") for row in refused}
    kept = [(number, row) for number, row in checked.rows if row.pool_ref not in refused_pools]
    problems += [*_siblings(file.name, checked, refused_pools, refused_rows), *_of_no_pool(table)]
    warnings = [
        RowProblem(file.name, number, column, value, reason)
        for number, row in kept
        for column, value, reason in odd_cells(row, settings[row.urn])
    ]
    return PoolsRead(_pools(row for _, row in kept), table.count_rows(), problems, warnings)


def _problems(
    file_name: str, rows: Sequence[NumberedRow], settings: Mapping[int, Setting], stored: Sequence[PlacePool]
) -> Iterator[RowProblem]:
    for number, row in rows:
        for column, value, reason in wrong_cells(row, settings):
            yield RowProblem(file_name, number, column, value, reason)
    for number, column, value, reason in (*wrong_rows_together(rows), *wrong_groups(rows, stored)):
        yield RowProblem(file_name, number, column, value, reason)


def _siblings(
    file_name: str, checked: Checked[PoolRow], refused_pools: set[str], refused_rows: set[int]
) -> Iterator[RowProblem]:
    reason = "another row of this pool is refused, and a pool is taken whole; correct that row"
    for number, row in checked.rows:
        if row.pool_ref in refused_pools and number not in refused_rows:
            yield RowProblem(file_name, number, "pool_ref", row.pool_ref, reason)


def _of_no_pool(table: Table) -> Iterator[RowProblem]:
    """One problem of the file for broken rows that do not say readably which pool they are of."""
    lost = [row.number for row in table.broken if not REFERENCE_SHAPE.fullmatch(row.cells.get("pool_ref", ""))]
    if lost:
        rows = ", ".join(str(number) for number in lost[:20])
        reason = f"which pool is meant cannot be told in row {rows}, and a pool is taken whole; correct it first"
        yield RowProblem(table.file, 0, "pool_ref", "", reason)


def _pools(rows: Iterable[PoolRow]) -> list[PlacePool]:
    def key(row: PoolRow) -> tuple[str, date]:
        return row.pool_ref, row.first_day

    ordered = groupby(sorted(rows, key=key), key=lambda row: row.pool_ref)
    return [_pool(list(of_pool)) for _, of_pool in ordered]


def _pool(rows: Sequence[PoolRow]) -> PlacePool:
    first = rows[0]
    return PlacePool(
        pool_id=f"pool_{first.pool_ref}",
        urn=first.urn,
        kind=first.kind,
        needs=first.needs,
        year_group_low=first.year_group_low,
        year_group_high=first.year_group_high,
        numbers=tuple(
            PlacesFrom(row.first_day, row.places_commissioned, row.confirmed, row.basis, row.group_places)
            for row in rows
        ),
        admits_sex=first.sex,
        wheelchair_accessible=first.wheelchair_accessible,
        group_id=f"group_{first.group_ref}" if first.group_ref else "",
    )
