"""The days on which everything in the demonstration turns."""

from datetime import date, timedelta
from functools import lru_cache

AGE_DAY = date(2023, 8, 31)
"""The published tables count ages on this day."""
CENSUS_DAY = date(2024, 1, 18)
"""SEN2 census day of the January 2024 tables."""
EXPORT_DAY = date(2024, 2, 1)
"""The day on which the return is said to have been exported."""
FIRST_DAY = date(2024, 9, 2)
"""The first day of every decision due."""
PHASE_TRANSFER_DAY = date(2024, 2, 15)
"""Regulation 18(1)(a), Special Educational Needs and Disability Regulations 2014."""
POST_16_TRANSFER_DAY = date(2024, 3, 31)
"""Regulation 18(1)(b) of the same."""
PLAN_WEEKS = timedelta(weeks=20)
"""From request to final plan: regulation 13(2) of the same."""
REVIEW_WEEKS = timedelta(weeks=12)
"""Allowed here from a review meeting to the final amended plan: illustrative."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def year_group_of(age: int) -> int:
    """National curriculum year of a child of this age on 31 August: Reception is 0."""
    return age - 4


@lru_cache(maxsize=16_384)
def sen2_date(day: date | None) -> str:
    """A date as Blade exports it, `2022-Sep-28 00:00:00`, whatever the machine's language."""
    if day is None:
        return ""
    return f"{day.year:04d}-{MONTHS[day.month - 1]}-{day.day:02d} 00:00:00"
