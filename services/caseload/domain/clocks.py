"""Statutory clocks: Special Educational Needs and Disability Regulations 2014."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from services.caseload.domain.case import DueReason

ASSESS_WITHIN = timedelta(weeks=6)
"""To say whether the authority will assess: regulation 5(1)."""
REFUSE_WITHIN = timedelta(weeks=16)
"""To say that no plan will be issued: regulation 10(1)."""
FINALISE_WITHIN = timedelta(weeks=20)
"""To the final plan: regulation 13(2)."""
PHASE_TRANSFER = (2, 15)
"""Month and day by which a phase transfer is named: regulation 18(1)(b)."""
POST_16_TRANSFER = (3, 31)
"""The same from secondary school to post-16: regulation 18(1)(a)."""
FIRST_POST_16_YEAR = 12


@dataclass(frozen=True, slots=True)
class RequestClocks:
    """Days by which the authority answers a request for an assessment."""

    assess_by: date
    refuse_by: date
    finalise_by: date


def clocks_from(request_received: date) -> RequestClocks:
    """The clocks that a request starts."""
    return RequestClocks(
        request_received + ASSESS_WITHIN, request_received + REFUSE_WITHIN, request_received + FINALISE_WITHIN
    )


def deadline(reason: DueReason, first_day: date, year_group: int, request_received: date | None) -> date | None:
    """The day by which the law wants a decision; None where it gives none.

    `year_group` is the child's on the first day.
    """
    if reason is DueReason.PHASE_TRANSFER:
        return phase_transfer_deadline(first_day, year_group)
    if reason is DueReason.NEW_PLAN and request_received:
        return request_received + FINALISE_WITHIN
    return None


def phase_transfer_deadline(first_day: date, year_group: int) -> date:
    """The last 15 February before the first day, or 31 March for who then enters Year 12 or later.

    After Year 11 the only phase transfer left is from secondary school, its sixth form included, to post-16
    (regulation 2(1)).
    """
    month, day = POST_16_TRANSFER if year_group >= FIRST_POST_16_YEAR else PHASE_TRANSFER
    named_by = date(first_day.year, month, day)
    return named_by if named_by < first_day else named_by.replace(year=first_day.year - 1)


def months_before(day: date, months: int) -> date:
    """The same day of the month, `months` (1 to 12) earlier, or the last of that month where it is shorter."""
    year, month = (day.year, day.month - months) if day.month > months else (day.year - 1, day.month - months + 12)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
