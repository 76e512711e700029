"""Read settings from a GIAS establishment CSV, by column name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.provision.domain.settings import NEEDS, STATUSES, GridReference, Setting
from services.provision.imports.gias_row import GiasRow
from shared.imports.report import RowProblem, SourceFile
from shared.imports.rows import Checked, read_rows
from shared.postcodes import locate, squeezed

NO_NEED = frozenset({"not applicable", "none", "not collected", "none recorded", "not recorded"})
OLDER_NEEDS = {"BESD": "SEMH"}
"""Behaviour, emotional and social difficulties: the Department's term until 2014."""

Located = Mapping[str, GridReference]


@dataclass(frozen=True)
class SettingsRead:
    """What a file holds: sound settings, rows read, rows refused, and rows worth a look."""

    settings: Sequence[Setting]
    rows_read: int
    problems: Sequence[RowProblem]
    warnings: Sequence[RowProblem]


def read_settings(file: SourceFile) -> SettingsRead:
    """Read and check a file. Settings come in the file's order; a URN that is there twice is refused both times."""
    checked = read_rows(file, GiasRow)
    twice = list(_twice(file.name, checked))
    refused = {problem.row for problem in twice}
    rows = [(number, row) for number, row in checked.rows if number not in refused]
    located = _locate({row.postcode for _, row in rows if row.postcode and _grid(row) is None})
    settings = [_setting(row, located) for _, row in rows]
    warnings = [
        RowProblem(file.name, number, column, value, reason)
        for (number, row), setting in zip(rows, settings, strict=True)
        for column, value, reason in _oddities(row, setting)
    ]
    problems = [*checked.problems, *twice]
    rows_read = len(checked.rows) + len({problem.row for problem in checked.problems if problem.row})
    return SettingsRead(settings, rows_read, problems, warnings)


def _twice(file_name: str, checked: Checked[GiasRow]) -> Iterator[RowProblem]:
    numbers: dict[int, list[int]] = {}
    for number, row in checked.rows:
        numbers.setdefault(row.urn, []).append(number)
    for urn, places in numbers.items():
        for number in places if len(places) > 1 else ():
            others = " and ".join(str(other) for other in places if other != number)
            yield RowProblem(file_name, number, "URN", str(urn), f"the same URN is in row {others}; keep one of them")


def _locate(postcodes: set[str]) -> Located:
    return {code: GridReference(point.easting, point.northing) for code, point in locate(postcodes).items()}


def _setting(row: GiasRow, located: Located) -> Setting:
    return Setting(
        urn=row.urn,
        name=row.name,
        type_code=row.type_code,
        type_name=row.type_name,
        la_code=row.la_code,
        la_name=row.la_name,
        location=_grid(row) or located.get(squeezed(row.postcode)),
        low_age=row.low_age,
        high_age=row.high_age,
        admits_sex=row.admits.lower() if row.admits.lower() in ("mixed", "girls", "boys") else "",
        status=row.status,
        section_41_approved=row.section_41.casefold() == "approved",
        needs=tuple(dict.fromkeys(code for name in row.sen_names() if (code := _need(name)))),
        school_capacity=row.school_capacity,
        number_on_roll=row.number_on_roll,
    )


def _grid(row: GiasRow) -> GridReference | None:
    """The grid reference; GIAS writes 0 or nothing where it has none."""
    return GridReference(row.easting, row.northing) if row.easting and row.northing else None


def _need(name: str) -> str:
    """The SEN2 code of a name such as "SEMH - Social, Emotional and Mental Health"; "" when it has none."""
    code = name.partition(" - ")[0].strip().upper()
    code = OLDER_NEEDS.get(code, code)
    return code if code in NEEDS else ""


def _oddities(row: GiasRow, setting: Setting) -> Iterator[tuple[str, str, str]]:
    """Column, value and reason of whatever somebody should look at; of closed settings nothing but the status."""
    if setting.status not in STATUSES:
        yield (
            "EstablishmentStatus (name)",
            row.status,
            f"not a status we know ({'; '.join(STATUSES)}); taken as not open",
        )
    if not setting.is_open:
        return
    if setting.location is None:
        reason = "no grid reference, and no postcode that we know: distances to this setting stay unknown"
        yield "Postcode", row.postcode, reason
    if row.low_age is not None and row.high_age is not None and row.low_age > row.high_age:
        yield "StatutoryLowAge", str(row.low_age), f"above StatutoryHighAge, {row.high_age}"
    for name in row.sen_names():
        if not _need(name) and name.casefold() not in NO_NEED:
            yield "SEN1 (name) to SEN13 (name)", name, "not a need that we know; it is left out"
