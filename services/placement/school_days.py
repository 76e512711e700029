"""Read which days are school days: the authority's closures from its file, bank holidays from the holidays library."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from services.placement.domain.reply_rules import RULES, Closure, ReplyClock, SchoolDays
from shared.days import parse_day

COLUMNS = ("first_day", "last_day")


def reply_clock(rule_code: str, closures: Path | None) -> ReplyClock:
    """The authority's clock. Raises ValueError for a rule that counts school days without closures, or a bad file."""
    rule = RULES[rule_code]
    if not rule.counts_school_days:
        return ReplyClock(rule)
    if closures is None:
        raise ValueError(
            f"The reply rule {rule.code} counts school days: name your file of closures in INBOROUGH_SCHOOL_CLOSURES "
            "(`inborough template closures --explain`)."
        )
    import holidays  # here, because only this rule needs it and it is slow to load

    return ReplyClock(rule, SchoolDays(read_closures(closures), holidays.country_holidays("GB", "ENG").__contains__))


def read_closures(path: Path) -> tuple[Closure, ...]:
    """The closures in a CSV file with the columns first_day and last_day; others are for people and ignored.

    Raises ValueError naming file, row, column and rule; never with part of the file read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
            if missing:
                raise ValueError(f"{path.name}: the heading lacks {' and '.join(missing)}")
            closures = [_closure(path.name, at, row) for at, row in enumerate(rows, start=2) if any(row.values())]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path.name}: cannot be read as CSV in UTF-8 ({type(error).__name__})") from None
    if not closures:
        raise ValueError(f"{path.name}: names no closure; write one row for each holiday and training day")
    return tuple(sorted(closures, key=lambda closure: (closure.first_day, closure.last_day)))


def _closure(file: str, row: int, cells: dict[str, str | None]) -> Closure:
    first_day, last_day = (_day(file, row, column, cells[column] or "") for column in COLUMNS)
    if last_day < first_day:
        raise ValueError(f"{file}, row {row}, last_day: is before first_day")
    return Closure(first_day, last_day)


def _day(file: str, row: int, column: str, text: str) -> date:
    try:
        return parse_day(text)
    except ValueError as error:
        raise ValueError(f"{file}, row {row}, {column}: {error}") from None
