"""Show how decisions stand, as counts alone."""

from __future__ import annotations

from services.placement.domain.decisions import State
from services.placement.metrics import decisions_standing
from services.placement.steps.hands import Hands
from services.placement.storage import decisions
from shared.database import reading


def show_standing(hands: Hands) -> None:
    """Set the gauge of decisions by state to what is stored."""
    with reading(hands.engine) as connection:
        counts = decisions.count_by_state(connection)
    for state in State:
        decisions_standing.labels(state).set(counts.get(state, 0))
