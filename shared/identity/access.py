"""What each role may call, read from the protos: the option `inborough.common.v1.allows` beside each RPC.

An RPC without the option answers nobody. Health is open to all, since orchestrators ask it; so is reflection, which
tells only what the protos say.
"""

from __future__ import annotations

from collections.abc import Mapping

from google.protobuf import descriptor_pool

from inborough.common.v1 import common_pb2
from shared.errors import NotAllowed, NotSignedIn
from shared.identity import NOBODY, ROLES, Identity

OPEN_TO_ALL = ("grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection")

Access = Mapping[str, frozenset[str]]
"""Roles allowed, by method of one service."""


def access_of(service: str) -> Access:
    """What the protos say of a service such as inborough.cost.v1.CostService. Raises ValueError for an unknown role."""
    descriptor = descriptor_pool.Default().FindServiceByName(service)  # type: ignore[no-untyped-call]
    return {method.name: _allowed(f"{service}/{method.name}", method.GetOptions()) for method in descriptor.methods}


def costly_of(service: str) -> frozenset[str]:
    """Methods of a service that keep a process busy for long, as the protos say; none where no proto knows it."""
    try:
        descriptor = descriptor_pool.Default().FindServiceByName(service)  # type: ignore[no-untyped-call]
    except KeyError:
        return frozenset()
    return frozenset(each.name for each in descriptor.methods if each.GetOptions().Extensions[common_pb2.costly])


def _allowed(method: str, options: object) -> frozenset[str]:
    words = options.Extensions[common_pb2.allows].split()  # type: ignore[attr-defined]
    if unknown := set(words) - set(ROLES):
        raise ValueError(f"{method}: {', '.join(sorted(unknown))} is no role; roles are {', '.join(ROLES)}")
    return frozenset(words)


def check(identity: Identity, method: str, allowed: frozenset[str]) -> None:
    """Raises NotSignedIn for nobody, NotAllowed for somebody without an allowed role."""
    if identity is NOBODY:
        raise NotSignedIn("Sign in first: the call carried no identity.", reason="no_identity")
    if not identity.roles & allowed:
        wanted = " or ".join(sorted(allowed)).replace("_", " ") or "nobody"
        raise NotAllowed(f"{method} is for {wanted}. Ask somebody with that role.", method=method, reason="role")
