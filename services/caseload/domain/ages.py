"""Year groups and ages, from an academic year and a month of birth: the day of birth is not kept."""

from __future__ import annotations

from datetime import date


def academic_year(day: date) -> int:
    """The academic year that a day falls in: 2024 from 1 September 2024 to 31 August 2025."""
    return day.year if day.month >= 9 else day.year - 1


def reception_year(birth: date) -> int:
    """The academic year in which a child is in Reception: aged 4 on the 31 August before it began."""
    return birth.year + (4 if birth.month < 9 else 5)


def year_group(reception: int, day: date) -> int:
    """National curriculum year on a day: Reception is 0, nursery negative, 14 and over after Year 13."""
    return academic_year(day) - reception


def age_years(birth_year: int, birth_month: int, day: date) -> int:
    """Completed years on a day, counted from the first day of the month of birth."""
    return day.year - birth_year - (day.month < birth_month)


def next_first_day(day: date) -> date:
    """The first day of the academic year after the one that `day` falls in."""
    return date(academic_year(day) + 1, 9, 1)
