"""Who is calling: a person with the roles that the front door gave, or one of our own services for somebody.

A caller is proved by a short-lived token that the front door signs and every service can verify with the public key
alone (tokens.py). A service that calls another for a person sends the person's token on, so that records say on whose
behalf. What each role may call stands in the protos (access.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

PANEL_MEMBER = "panel_member"
PANEL_CHAIR = "panel_chair"
CASEWORKER = "caseworker"
PLANNER = "planner"
ADMINISTRATOR = "administrator"
AUDITOR = "auditor"
SERVICE = "service"
PEOPLES_ROLES = (PANEL_MEMBER, PANEL_CHAIR, CASEWORKER, PLANNER, ADMINISTRATOR, AUDITOR)
ROLES = (*PEOPLES_ROLES, SERVICE)
SEES_CASES = frozenset({PANEL_MEMBER, PANEL_CHAIR, CASEWORKER, SERVICE})
"""Roles that may be shown case ids; a planner's answers have pseudonyms or counts in their place."""


@dataclass(frozen=True)
class Identity:
    """A proven caller. `subject` is "user_…" or "service_…"; `token` proves a person to the next service.

    `on_behalf_of` is the person for whom a service calls; "" when it calls for nobody.
    """

    subject: str
    roles: frozenset[str]
    on_behalf_of: str = ""
    token: str = field(default="", repr=False)

    @property
    def is_service(self) -> bool:
        """Whether this is one of our own services."""
        return SERVICE in self.roles

    @property
    def sees_cases(self) -> bool:
        """Whether this caller may be shown who a case is about, by its id."""
        return bool(self.roles & SEES_CASES)

    @property
    def person(self) -> str:
        """The person behind the call: the caller, or whom the service acts for; "" for none."""
        return self.on_behalf_of if self.is_service else self.subject


NOBODY = Identity("", frozenset())
_current: ContextVar[Identity] = ContextVar("identity", default=NOBODY)


def current() -> Identity:
    """The caller of the RPC in hand; NOBODY outside one."""
    return _current.get()


@contextmanager
def acting_as(identity: Identity) -> Iterator[None]:
    """What is done within is done by this caller."""
    token = _current.set(identity)
    try:
        yield
    finally:
        _current.reset(token)
