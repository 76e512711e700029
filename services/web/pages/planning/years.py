"""Academic years as planners' pages count them."""

from __future__ import annotations

from datetime import date

from inborough.common.v1 import common_pb2
from shared.clock import today


def next_year() -> int:
    """The academic year of the next 1 September, by its start."""
    now = today()
    return now.year if (now.month, now.day) < (9, 1) else now.year + 1


def first_day(year: int) -> common_pb2.Date:
    """1 September."""
    return common_pb2.Date(year=year, month=9, day=1)


def as_date(day: common_pb2.Date) -> date:
    """A day of the wire."""
    return date(day.year, day.month, day.day)
