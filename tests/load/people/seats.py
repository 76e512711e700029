"""Who is played: a panel is eight people, one chair, two caseworkers and five members; a planner is alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CHAIR, CASEWORKER, MEMBER, PLANNER = "panel_chair", "caseworker", "panel_member", "planner"
PANEL = (CHAIR, CASEWORKER, CASEWORKER, MEMBER, MEMBER, MEMBER, MEMBER, MEMBER)


@dataclass(frozen=True)
class Seat:
    """Somebody who is played, and their one role. `who` is what the issuer knows them by."""

    who: str
    role: str

    @property
    def claims(self) -> dict[str, Any]:
        """What the council's issuer says of them."""
        return {"sub": f"subject-{self.who}", "name": self.who.capitalize(), "roles": [self.role]}


def seats(panel_users: int, planners: int) -> list[Seat]:
    """Everybody, in the order in which they come: chairs first, who open the panels."""
    panel = [Seat(f"panel-{number + 1}", PANEL[number % len(PANEL)]) for number in range(panel_users)]
    panel.sort(key=lambda seat: seat.role != CHAIR)
    return panel + [Seat(f"planner-{number + 1}", PLANNER) for number in range(planners)]
