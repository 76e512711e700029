"""Callers of any role, and channels that carry one. Keys are those of the tests' own front door (tests/conftest.py)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import grpc

from shared import grpc_client
from shared.identity import ROLES, Identity, acting_as
from shared.identity.callers import Person, person
from shared.settings import ServiceSettings

TESTER = "service_tests"
"""A caller of every role, a service's included: for tests in which it does not matter who calls."""


def caller(*roles: str, user_id: str = "") -> Person:
    """A caller with these roles; with none, of every role."""
    if not roles:
        return person(ServiceSettings(), TESTER, ROLES)
    return person(ServiceSettings(), user_id or f"user_{roles[0]}", roles)


def connect(neighbour: str, address: str, *roles: str, user_id: str = "") -> grpc.Channel:
    """A channel whose calls carry a caller with these roles; with none, one of every role."""
    return grpc_client.connect(neighbour, address, caller(*roles, user_id=user_id))


@contextmanager
def as_somebody(*roles: str, user_id: str = "user_tester") -> Iterator[None]:
    """What is done within is done by a person with these roles, as if in an RPC."""
    with acting_as(Identity(user_id, frozenset(roles or ("panel_chair",)))):
        yield
