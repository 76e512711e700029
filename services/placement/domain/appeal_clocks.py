"""The family's clocks: how long it may make representations on a draft plan, and how long it may appeal.

See docs/decisions/0033-representation-and-appeal.md for what was read and what is from memory.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.placement.domain.appeals import Step, StepKind, days_of

REPRESENTATION_DAYS = 15
"""At least so many, the day on which the draft was served being the first (SEND Regulations 2014 reg. 13(1)(a))."""
LETTER_MONTHS, CERTIFICATE_MONTHS = 2, 1
"""From the letter and from the mediation certificate (the Tribunal's HESC Rules 2008 r. 20(1)(c)); the later counts."""


@dataclass(frozen=True)
class RepresentationClock:
    """How long the family may comment on the draft. `done_on`: its first views on that draft, None without any."""

    draft_sent: date
    done_on: date | None

    @property
    def last_day(self) -> date:
        """The earliest that the last day can be."""
        return self.draft_sent + timedelta(days=REPRESENTATION_DAYS - 1)


@dataclass(frozen=True)
class AppealClock:
    """How long the family may appeal. `certificate` is of mediation, if there is one; `done_on`: appeal registered."""

    letter: date
    certificate: date | None
    done_on: date | None

    @property
    def by_letter(self) -> date:
        """Two months from the letter."""
        return months_after(self.letter, LETTER_MONTHS)

    @property
    def by_certificate(self) -> date | None:
        """One month from the certificate."""
        return months_after(self.certificate, CERTIFICATE_MONTHS) if self.certificate else None

    @property
    def last_day(self) -> date:
        """The later of the two."""
        return max(self.by_letter, self.by_certificate or self.by_letter)


def representation_clock(steps: Sequence[Step]) -> RepresentationClock | None:
    """Of the newest draft on record; None without one."""
    sent = days_of(steps, StepKind.DRAFT_SENT)
    if not sent:
        return None
    views = [day for day in days_of(steps, StepKind.REPRESENTATION) if day >= sent[-1]]
    return RepresentationClock(sent[-1], views[0] if views else None)


def appeal_clock(steps: Sequence[Step], letter: date | None) -> AppealClock | None:
    """Of the letter about the right of appeal; None until it is sent."""
    if letter is None:
        return None
    certificates, registered = (
        days_of(steps, kind) for kind in (StepKind.MEDIATION_CERTIFICATE, StepKind.APPEAL_REGISTERED)
    )
    return AppealClock(letter, certificates[0] if certificates else None, registered[0] if registered else None)


def months_after(day: date, months: int) -> date:
    """The same day of the month, `months` (1 or more) later, or the last of that month where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
