"""Read a fleet file: one fleet, each vehicle type once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from services.cost.domain.fleet import VehicleType
from services.cost.imports.fleet_rows import FleetRow
from shared.imports.report import RowProblem, SourceFile
from shared.imports.rows import read_rows

NumberedRow = tuple[int, FleetRow]


@dataclass(frozen=True)
class ReadFleet:
    """A fleet file: its name ("" without a good row), first day and good rows, and what is wrong or doubtful."""

    name: str
    first_day: date
    vehicle_types: Sequence[VehicleType]
    rows_read: int
    problems: Sequence[RowProblem]
    warnings: Sequence[RowProblem] = ()


def read_fleet(file: SourceFile) -> ReadFleet:
    """Read and check a file of vehicle types; a file that cannot be read at all gives one problem of row 0."""
    checked = read_rows(file, FleetRow)
    rows_read = len(checked.rows) + len({problem.row for problem in checked.problems if problem.row})
    if not checked.rows:
        return ReadFleet("", date.min, [], rows_read, checked.problems)
    first = checked.rows[0]
    found = [*_other_fleets(file.name, first, checked.rows[1:]), *_named_twice(file.name, checked.rows)]
    refused = {problem.row for problem in found}
    kept = [row.to_vehicle_type() for number, row in checked.rows if number not in refused]
    problems = [*checked.problems, *found]
    return ReadFleet(first[1].fleet, first[1].first_day, kept, rows_read, problems, list(_doubts(file.name, kept)))


def _other_fleets(file: str, first: NumberedRow, others: Iterable[NumberedRow]) -> Iterator[RowProblem]:
    """One file is one fleet: `fleet` and `first_day` are the same in every row."""
    for number, row in others:
        for column in ("fleet", "first_day"):
            value, expected = str(getattr(row, column)), str(getattr(first[1], column))
            if value != expected:
                reason = f"row {first[0]} says {expected}; one file holds one fleet with one first day"
                yield RowProblem(file, number, column, value, reason)


def _named_twice(file: str, rows: Iterable[NumberedRow]) -> Iterator[RowProblem]:
    """A vehicle type that is there twice is refused twice: only a person knows which row is meant."""
    rows_by_name: dict[str, list[int]] = defaultdict(list)
    for number, row in rows:
        rows_by_name[row.vehicle_type.casefold()].append(number)
    names = {number: row.vehicle_type for number, row in rows}
    for numbers in rows_by_name.values():
        for number in numbers if len(numbers) > 1 else ():
            other = numbers[0] if number != numbers[0] else numbers[1]
            reason = f"the same vehicle type as row {other}; keep one of them"
            yield RowProblem(file, number, "vehicle_type", names[number], reason)


def _doubts(file: str, vehicle_types: Sequence[VehicleType]) -> Iterator[RowProblem]:
    if vehicle_types and not any(vehicle.wheelchair_places for vehicle in vehicle_types):
        reason = "no vehicle type has a wheelchair place, so children in wheelchairs cannot be carried; add one"
        yield RowProblem(file, 0, "wheelchair_places", "", reason)
