"""How long a ride to school may be, by phase: a guide, since no statute says minutes.

The Department's guidance on travel to school asks for 45 minutes each way for a child of primary age and 75 minutes for
one of secondary age, as a general guide. A child whose direct drive alone is longer may ride for as long as that takes.
"""

from __future__ import annotations

from dataclasses import dataclass

GUIDANCE = "Travel to school for children of compulsory school age (Department for Education), as a general guide"


@dataclass(frozen=True)
class RideLimit:
    """From this year group on (Reception is 0), a ride ought to be at most so many minutes."""

    from_year_group: int
    minutes: int
    source: str = GUIDANCE


RIDE_LIMITS = (RideLimit(0, 45), RideLimit(7, 75))


def guide_minutes(year_group: int) -> int:
    """The guide for a child; the youngest children's for one who is younger still."""
    applying = [limit for limit in RIDE_LIMITS if limit.from_year_group <= year_group]
    return (applying or RIDE_LIMITS)[-1 if applying else 0].minutes
