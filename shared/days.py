"""Calendar days: reading them, showing them the British way, and academic years (1 September to 31 August)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from inborough.common.v1 import common_pb2
from shared.errors import InvalidInput

EPOCH = date(1970, 1, 1)
_MONTHS = "january february march april may june july august september october november december".split()
_SHAPES = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[T ]00:00:00(?:\.0+)?)?"),
    re.compile(r"(?P<y>\d{4})-(?P<mon>[A-Za-z]{3})-(?P<d>\d{1,2})(?: 00:00:00)?"),
    re.compile(r"(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})[-/.](?P<y>\d{4})(?: 00:00(?::00)?)?"),
    re.compile(r"(?P<d>\d{1,2})[- ](?P<mon>[A-Za-z]{3,9})[- ](?P<y>\d{4})"),
)


def parse_day(text: str) -> date:
    """The day that `text` names: 2024-09-02, 02/09/2024, 02-09-2024, 2024-Sep-02 00:00:00 or 2 September 2024.

    Raises ValueError that states the rule; days before 1900 and after 2100 are refused as slips.
    """
    for shape in _SHAPES:
        if found := shape.fullmatch(text.strip()):
            parts = found.groupdict()
            month = int(parts["m"]) if parts.get("m") else _month(str(parts["mon"]))
            return _sound_day(int(str(parts["y"])), month, int(str(parts["d"])))
    raise ValueError("not a date; write 2024-09-02 or 02/09/2024")


def _month(word: str) -> int:
    """The number of a month named in full or by its first letters; 0 when there is none."""
    return next((at for at, name in enumerate(_MONTHS, start=1) if name.startswith(word.lower())), 0)


def _sound_day(year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise ValueError("no such day in the calendar; write 2024-09-02 or 02/09/2024") from None
    if not 1900 <= year <= 2100:
        raise ValueError("the year is not between 1900 and 2100")
    return found


def academic_year_start(day: date) -> int:
    """The academic year that a day falls in: 2024 for any day from 1 September 2024 to 31 August 2025."""
    return day.year if day.month >= 9 else day.year - 1


def in_words(day: date) -> str:
    """For reading: "2 September 2024"."""
    return f"{day.day} {day:%B %Y}"


def epoch_days(day: date | None) -> int:
    """Days since 1970-01-01; 0 for None."""
    return (day - EPOCH).days if day else 0


def to_wire(day: date) -> common_pb2.Date:
    """A day as a message."""
    return common_pb2.Date(year=day.year, month=day.month, day=day.day)


def from_wire(message: common_pb2.Date, field: str) -> date:
    """The day that a message names. Raises InvalidInput naming `field` when it is no day of the calendar."""
    try:
        return date(message.year, message.month, message.day)
    except ValueError:
        raise InvalidInput(field, "is not a day of the calendar; give year, month and day") from None


def now_utc() -> datetime:
    """The present instant, UTC, whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def in_utc(stored: datetime) -> datetime:
    """An instant as a database gives it back: SQLite leaves its zone out, PostgreSQL may give another one than UTC."""
    return stored.astimezone(UTC) if stored.tzinfo else stored.replace(tzinfo=UTC)


def in_rfc3339(instant: datetime) -> str:
    """An instant as "2024-02-01T09:30:00Z"."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
