"""When a setting's reply to a consultation is due: one rule, one sentence, one source.

No regulation sets the time. The SEND Code of Practice 2015, paragraph 9.83, says that a setting should reply within 15
days, and councils and academies' funding agreements read that as calendar days. An authority may have agreed to count
school days instead; then its closures and the bank holidays of England count for nothing. See
docs/decisions/0017-reply-clocks.md for what was read and what is from memory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
SATURDAY = 5
MOST_CLOSED_DAYS = 400
"""No file of closures leaves so many days together without a school day, and counting must end."""


@dataclass(frozen=True)
class ReplyRule:
    """How long a setting has: `days` of 1 or more, counted from the day after it was consulted."""

    code: str
    days: int
    counts_school_days: bool
    source: str

    @property
    def words(self) -> str:
        """The rule in words with its source: "15 calendar days (…)"."""
        return f"{self.days} {'school' if self.counts_school_days else 'calendar'} days ({self.source})"


CALENDAR = ReplyRule("15_calendar_days", 15, False, "SEND Code of Practice 2015, paragraph 9.83")
SCHOOL = ReplyRule(
    "15_school_days", 15, True, "agreed by the authority with its settings; the Code of Practice says 15 days"
)
RULES = {rule.code: rule for rule in (CALENDAR, SCHOOL)}
"""Every rule that an authority can choose, by its code."""


@dataclass(frozen=True)
class Closure:
    """A period in which schools are closed to children, both days included."""

    first_day: date
    last_day: date

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise ValueError("Expected last_day on or after first_day.")

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True)
class SchoolDays:
    """Which days are school days: from Monday to Friday, no bank holiday, in no closure."""

    closures: tuple[Closure, ...] = ()
    is_bank_holiday: Callable[[date], bool] = lambda day: False

    @property
    def known_until(self) -> date | None:
        """The last day that the closures on file tell of; None without any."""
        return max((closure.last_day for closure in self.closures), default=None)

    def has(self, day: date) -> bool:
        """Whether schools are open to children that day, as far as is known."""
        closed = day.weekday() >= SATURDAY or any(day in closure for closure in self.closures)
        return not closed and not self.is_bank_holiday(day)


@dataclass(frozen=True)
class ReplyClock:
    """The authority's rule with the days that it counts."""

    rule: ReplyRule = CALENDAR
    school_days: SchoolDays = SchoolDays()

    def due(self, sent_on: date) -> date:
        """The last day for a reply to a consultation sent on a day. Raises ValueError when no school day ever comes."""
        if not self.rule.counts_school_days:
            return sent_on + timedelta(days=self.rule.days)
        return self._after_school_days(sent_on)

    def words(self, due: date) -> str:
        """The rule in words, and a warning where the closures on file end before the day that it gave."""
        known = self.school_days.known_until
        if not self.rule.counts_school_days or (known is not None and known >= due):
            return self.rule.words
        until = f"only until {known.isoformat()}" if known else "for no day"
        return f"{self.rule.words}; school closures are known {until}, so the day may be later"

    def _after_school_days(self, sent_on: date) -> date:
        day, counted, closed = sent_on, 0, 0
        while counted < self.rule.days:
            day += ONE_DAY
            is_school_day = self.school_days.has(day)
            counted += is_school_day
            closed = 0 if is_school_day else closed + 1
            if closed > MOST_CLOSED_DAYS:
                raise ValueError(f"No school day in {MOST_CLOSED_DAYS} days; mend the file of school closures.")
        return day
