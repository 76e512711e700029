"""SPIFFE names: what a certificate says its holder is.

spiffe://<trust domain>/service/<name> for a service, spiffe://<trust domain>/front-door/<name> for what people use (the
command, the pages). See https://spiffe.io, "SPIFFE Identity and Verifiable Identity Document".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SERVICE, FRONT_DOOR = "service", "front-door"
SHAPE = re.compile(r"spiffe://([a-z0-9][a-z0-9.-]{0,99})/(service|front-door)/([a-z][a-z0-9-]{0,39})")
PEER_PROPERTY = "peer_spiffe_id"


@dataclass(frozen=True)
class SpiffeName:
    """A service or a front door of one trust domain. `kind` is SERVICE or FRONT_DOOR."""

    trust_domain: str
    kind: str
    name: str

    def __str__(self) -> str:
        return f"spiffe://{self.trust_domain}/{self.kind}/{self.name}"

    @property
    def short(self) -> str:
        """ "service/cost", for logs and messages."""
        return f"{self.kind}/{self.name}"

    @property
    def host(self) -> str:
        """The name that clients look for in a server's certificate, such as cost.inborough.internal."""
        within = self.trust_domain if self.kind == SERVICE else f"{self.kind}.{self.trust_domain}"
        return f"{self.name}.{within}.internal"


def read_name(uri: str) -> SpiffeName | None:
    """The name that a URI states; None when it is not of our shape."""
    found = SHAPE.fullmatch(uri)
    return SpiffeName(*found.groups()) if found else None


def peer_of(properties: Mapping[str, Sequence[bytes]], trust_domain: str) -> SpiffeName | None:
    """Who holds the certificate at the other end of a call, from gRPC's properties of it.

    None when the certificate states no name, several, or one of another trust domain.
    """
    stated = _stated(properties)
    name = read_name(stated[0]) if len(stated) == 1 else None
    return name if name is not None and name.trust_domain == trust_domain else None


def names_of(properties: Mapping[str, Sequence[bytes]]) -> list[str]:
    """The names that a certificate states, short, for a log; one that is not of our shape is not repeated."""
    return [name.short if (name := read_name(stated)) else "not_ours" for stated in _stated(properties)]


def _stated(properties: Mapping[str, Sequence[bytes]]) -> list[str]:
    return [value.decode("utf-8", "replace") for value in properties.get(PEER_PROPERTY, ())]
