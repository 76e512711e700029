"""As what the person runs the command: all the roles that they have, or the one that `--as` limits it to."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar

from shared.identity import PEOPLES_ROLES

ROLES_VARIABLE = "INBOROUGH_CLI_ROLES"
_limited_to: ContextVar[str] = ContextVar("limited_to", default="")


def limit_to(role: str | None) -> None:
    """Limit what follows to a role, such as "planner" or "panel-chair"; None lifts the limit.

    Raises ValueError, whose message says which roles there are.
    """
    wanted = (role or "").strip().lower().replace("-", "_").replace(" ", "_")
    if wanted and wanted not in PEOPLES_ROLES:
        raise ValueError(f"there is no such role; roles are {', '.join(PEOPLES_ROLES)}")
    _limited_to.set(wanted)


def roles_within(given: Sequence[str]) -> list[str]:
    """The roles to act with, of those that the person was given. Raises ValueError when the limit is none of them."""
    wanted = _limited_to.get()
    if not wanted:
        return list(given)
    if wanted not in given:
        raise ValueError(f"the roles in {ROLES_VARIABLE} are {', '.join(given)}")
    return [wanted]
