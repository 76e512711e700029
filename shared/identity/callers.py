"""What a call carries to say who makes it, and how a server reads it.

In the clear a signed token says it all. Under TLS the certificate at the other end says which service or front door
calls: the role of a service comes from there alone, and a person's token is taken from a front door only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.errors import NotSignedIn
from shared.identity import NOBODY, SERVICE, Identity, current, spiffe
from shared.identity.keys import PRIVATE, make_keys, read_private, read_public
from shared.identity.spiffe import SpiffeName
from shared.identity.tokens import Signer, Verifier
from shared.identity.transport import Plain, Tls, Transport, transport_of
from shared.settings import ServiceSettings

AUTHORIZATION = "authorization"
BEHALF = "x-inborough-on-behalf-of"
BEARER = "Bearer "

Metadata = Sequence[tuple[str, str | bytes]]


class Caller(Protocol):
    """Somebody who makes calls."""

    @property
    def transport(self) -> Transport:
        """How the calls travel."""
        ...

    def metadata(self) -> list[tuple[str, str]]:
        """What each call carries."""
        ...


class Person:
    """A person at a front door such as the command line or the pages."""

    def __init__(self, signer: Signer, transport: Transport | None = None) -> None:
        self._signer, self.transport = signer, transport or Plain()

    def metadata(self) -> list[tuple[str, str]]:
        return [(AUTHORIZATION, BEARER + self._signer.token())]


class Service:
    """One of our services, for whoever called it. Without a signer its certificate alone says which service it is."""

    def __init__(self, signer: Signer | None, transport: Transport | None = None) -> None:
        self._signer, self.transport = signer, transport or Plain()

    def metadata(self) -> list[tuple[str, str]]:
        own = [(AUTHORIZATION, BEARER + self._signer.token())] if self._signer else []
        behalf = current().token
        return [*own, (BEHALF, behalf)] if behalf else own


def person(settings: ServiceSettings, user_id: str, roles: Sequence[str]) -> Person:
    """A person whom this front door vouches for. Raises shared.identity.set_up.SetUpWrong.

    Embedded, the services make the keys. Where none was ever started there are none, and none are made: what is signed
    there is signed with a key that nobody knows, and whoever is called says so.
    """
    folder = settings.identity_folder
    none_made = not settings.tls and not (folder / PRIVATE).exists()
    key = Ed25519PrivateKey.generate() if none_made else read_private(folder)
    return Person(Signer(key, user_id, roles), transport_of(settings))


def service(settings: ServiceSettings, name: str) -> Service:
    """The service of that name. Raises shared.identity.set_up.SetUpWrong."""
    transport = transport_of(settings)
    if isinstance(transport, Tls):
        transport.need_name(spiffe.SERVICE, name)
        return Service(None, transport)
    _make_keys_when_embedded(settings)
    return Service(Signer(read_private(settings.identity_folder), f"service_{name}", [SERVICE]), transport)


def verifier(settings: ServiceSettings) -> Verifier:
    """What a server verifies tokens with. Raises shared.identity.set_up.SetUpWrong."""
    _make_keys_when_embedded(settings)
    return Verifier(read_public(settings.identity_folder))


def _make_keys_when_embedded(settings: ServiceSettings) -> None:
    if not settings.tls:
        make_keys(settings.identity_folder)


def by_token(metadata: Metadata | None, tokens: Verifier) -> Identity:
    """The caller of an RPC in the clear; NOBODY when the call carries no token. Raises NotSignedIn."""
    own = _one(metadata, AUTHORIZATION).removeprefix(BEARER)
    if not own:
        return NOBODY
    caller = tokens.verify(own)
    return _for_somebody(replace(caller, token=""), metadata, tokens) if caller.is_service else caller


def by_certificate(metadata: Metadata | None, tokens: Verifier, peer: SpiffeName | None) -> Identity:
    """The caller of an RPC under TLS; NOBODY for a front door without a token. Raises NotSignedIn."""
    if peer is None:
        raise NotSignedIn(
            "The certificate names no service or front door of the trust domain; see INBOROUGH_TRUST_DOMAIN.",
            reason="certificate_not_known",
        )
    own = _one(metadata, AUTHORIZATION).removeprefix(BEARER)
    if peer.kind == spiffe.SERVICE:
        if own:
            raise NotSignedIn(
                "A service is known by its certificate; it sends no token of its own.", reason="own_token"
            )
        return _for_somebody(Identity(f"service_{peer.name}", frozenset({SERVICE})), metadata, tokens)
    if not own:
        return NOBODY
    caller = tokens.verify(own)
    if caller.is_service:
        raise NotSignedIn("Only a certificate makes a service, never a token.", reason="token_of_a_service")
    return caller


def _for_somebody(caller: Identity, metadata: Metadata | None, tokens: Verifier) -> Identity:
    """A service as calling for the person whose token it sends on, if it does."""
    behalf = _one(metadata, BEHALF)
    if not behalf:
        return caller
    person_behind = tokens.verify(behalf)
    if person_behind.is_service:
        raise NotSignedIn("A service acts for a person, not for another service.", reason="behalf_of_a_service")
    return replace(caller, on_behalf_of=person_behind.subject, token=person_behind.token)


def _one(metadata: Metadata | None, key: str) -> str:
    """The value sent under a key; "" for none. Raises NotSignedIn for several, of which none could be meant."""
    sent = [value for name, value in metadata or () if name == key]
    if len(sent) > 1:
        raise NotSignedIn("The call says twice who makes it.", reason="said_twice")
    value = sent[0] if sent else ""
    return value.decode("ascii", "replace") if isinstance(value, bytes) else value
