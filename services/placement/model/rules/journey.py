"""The rule about the journey, judged when distance and minutes are known."""

from __future__ import annotations

from services.placement.model.rules.base import MEETS, NEEDS_JUDGEMENT, Judged

JOURNEY = "journey"
JOURNEY_GUIDE_MINUTES = {"primary": 45, "secondary": 75}
"""Guide journey times, one way. From memory of the Department's guidance, unverified: an illustrative default."""


def judge_journey(year_group: int, travel_minutes: int | None) -> Judged:
    """The one-way journey is within the guide: 45 minutes to Year 6, 75 after. Beyond it a person must decide."""
    limit = JOURNEY_GUIDE_MINUTES["primary" if year_group <= 6 else "secondary"]
    if travel_minutes is None:
        return Judged(NEEDS_JUDGEMENT, "The journey is not known: home or setting has no grid reference.")
    outcome = MEETS if travel_minutes <= limit else NEEDS_JUDGEMENT
    return Judged(
        outcome, f"About {travel_minutes} minutes one way; the guide is {limit}.", "guide journey time (unverified)"
    )
