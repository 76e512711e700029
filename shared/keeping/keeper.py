"""What a service says of its own tables: what it holds of a case, and how long it keeps what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from sqlalchemy import ColumnElement, Connection, Engine, Table, delete, func, select

from shared.database import reading, writing


@dataclass(frozen=True)
class Erased:
    """What there was of a case: rows by what they were, in the plural, and the ids of what went with it."""

    rows: Mapping[str, int] = field(default_factory=dict)
    with_ids: Sequence[str] = ()


@dataclass(frozen=True)
class PastTerm:
    """Rows past their term, and why they stay all the same; "" when nothing holds them."""

    rows: int
    stays_because: str = ""


@dataclass(frozen=True)
class Term:
    """A kind of record, how long it is kept in words, and how to count and remove what is older on a day.

    `remove` answers with how many rows went. It raises shared.errors.NeighbourDown when a service that must say what
    it still needs does not answer.
    """

    what: str
    kept_for: str
    count: Callable[[Engine, date], PastTerm]
    remove: Callable[[Engine, date], int]


def _nothing(_: Connection, __: str) -> Erased:
    return Erased()


def _no_cases(_: Connection, __: date) -> list[str]:
    return []


@dataclass(frozen=True)
class Keeper:
    """A service's own part. The defaults are those of a service that holds nothing about cases.

    Parameters
    ----------
    erase
        Removes what the service's tables hold of a case, in the caller's transaction. Doing it again finds nothing.
    terms
        Records that the service removes by itself when it is told to.
    comes_late
        Whether a call that was under way may keep something of a case after it was erased. Not where cases are brought
        in: that is done on purpose, and one that is brought in again stays.
    cases_past_term
        Ids of cases past their term on a day, ordered, at most 500.
    """

    erase: Callable[[Connection, str], Erased] = _nothing
    terms: Sequence[Term] = ()
    comes_late: bool = True
    cases_past_term: Callable[[Connection, date], list[str]] = _no_cases


def years_before(day: date, years: int) -> date:
    """The same day of an earlier year; 28 February for a 29th that there is not."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def by_age(
    what: str,
    years: int,
    table: Table,
    made_at: ColumnElement[datetime],
    also: Callable[[Connection], object] = lambda _: None,
) -> Term:
    """A term of so many years since rows of a table were made.

    `also` removes, in the same transaction, what was there for them alone.
    """

    def old(day: date) -> ColumnElement[bool]:
        return made_at < datetime.combine(years_before(day, years), time(), UTC)

    def count(engine: Engine, day: date) -> PastTerm:
        with reading(engine) as connection:
            return PastTerm(connection.scalar(select(func.count()).select_from(table).where(old(day))) or 0)

    def remove(engine: Engine, day: date) -> int:
        with writing(engine) as connection:
            rows = connection.execute(delete(table).where(old(day))).rowcount
            if rows:
                also(connection)
        return rows

    return Term(what, f"{years} years", count, remove)
