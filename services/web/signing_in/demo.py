"""Demo users, one a role, for this machine alone: nobody proves who they are."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from shared.identity import PEOPLES_ROLES
from shared.machine import is_this_machine


@dataclass(frozen=True)
class DemoUser:
    """Somebody invented, with one role and what it does, for choosing."""

    role: str
    does: str

    @property
    def user_id(self) -> str:
        """As records name them."""
        return f"user_demo_{self.role}"

    @property
    def name(self) -> str:
        """As pages name them."""
        return f"Demo {self.role.replace('_', ' ')}"


DOES = {
    "panel_member": "sits on panels, reads the papers and decides with them",
    "panel_chair": "chairs panels, decides, signs, and may do what a caseworker does with cases",
    "caseworker": "prepares agendas, consults settings and names placements",
    "planner": "plans places, and never sees a child",
    "administrator": "brings files in and keeps the system, and sees no case",
    "auditor": "reads records and the journal, and changes nothing",
}
USERS = tuple(DemoUser(role, DOES[role]) for role in PEOPLES_ROLES)


def find_user(role: str) -> DemoUser | None:
    """The demo user of a role."""
    return next((user for user in USERS if user.role == role), None)


def comes_from_this_machine(request: Request) -> bool:
    """Whether whoever asks is on this machine; a demo sign-in is for nobody else."""
    return request.client is not None and is_this_machine(request.client.host)
