"""Ages in the published tables, and how "age when the plan started" becomes a child's year group.

Children are counted each January by their age on the 31 August before. New and ceased plans of a calendar year are
counted by an age nearer to the January that ends the year: a child of that age is most often of the year group of that
age (born from January to August) and sometimes of the one below (born from September on). Where plans begin in a rush
before Reception the shares are far from the birthdays' 7.5 and 4.5 months in twelve; those below agree with the change
of England's stock by age from January 2023 to January 2024.
"""

from __future__ import annotations

import numpy as np

from services.placement.forecast.published.values import Row
from services.placement.forecast.rates.rates import AGE_COUNT, FloatArray

OLDEST_PUBLISHED = 20
"""Flows are published by single age to 19, then "age 20 and over"; the youngest is "age 2 and under"."""

_OWN_SHARE = 7.5 / 12
_OWN_SHARE_AT = {0: 1.0, 1: 1.0, 2: 1.0, 3: 0.88, 4: 0.83, 5: 0.45}
"""Share of an age's new plans whose child is of that age on 31 August before the January; others are one younger."""

OWN_SHARE: FloatArray = np.array([_OWN_SHARE_AT.get(age, _OWN_SHARE) for age in range(AGE_COUNT)])
EARLIER_MONTHS_SHARE = 8.0 / 12
"""Share of a calendar year before September, when the year group's academic year is the one that is ending."""


def read_age(row: Row) -> int | None:
    """The age of a row such as "age 11", "Aged 11", "under 3" or "age 20 and over"; None where it is unknown."""
    words = row.text("breakdown").lower().split()
    if "unknown" in words:
        return None
    if words[:1] == ["under"]:
        words = ["age", "2"]
    if len(words) < 2 or not words[0].startswith("age") or not words[1].isdigit() or int(words[1]) >= AGE_COUNT:
        raise row.wrong("breakdown", f'names an age below {AGE_COUNT}, such as "age 11", or "unknown"')
    return int(words[1])


def by_year_group(by_age: FloatArray) -> FloatArray:
    """Flows of a calendar year by age on the 31 August in it: float64[26], or more axes after the first."""
    share = OWN_SHARE.reshape(-1, *([1] * (by_age.ndim - 1)))
    moved = np.zeros_like(by_age)
    moved[:-1] = ((1 - share) * by_age)[1:]
    result: FloatArray = share * by_age + moved
    result[0] += ((1 - share) * by_age)[0]
    return result


def by_academic_age(by_group: FloatArray) -> FloatArray:
    """The same flows by age on 31 August before the academic year in which they happen."""
    earlier = np.zeros_like(by_group)
    earlier[:-1] = by_group[1:]
    result: FloatArray = (1 - EARLIER_MONTHS_SHARE) * by_group + EARLIER_MONTHS_SHARE * earlier
    result[0] += EARLIER_MONTHS_SHARE * by_group[0]
    return result
