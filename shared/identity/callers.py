"""What a call carries to say who makes it, and how a server reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from shared.errors import NotSignedIn
from shared.identity import NOBODY, SERVICE, Identity, current
from shared.identity.keys import make_keys, read_private, read_public
from shared.identity.tokens import Signer, Verifier
from shared.settings import ServiceSettings

AUTHORIZATION = "authorization"
BEHALF = "x-inborough-on-behalf-of"
BEARER = "Bearer "

Metadata = Sequence[tuple[str, str | bytes]]


class Caller(Protocol):
    """Somebody who makes calls."""

    def metadata(self) -> list[tuple[str, str]]:
        """What each call carries."""
        ...


class Person:
    """A person at a front door such as the command line or the pages."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    def metadata(self) -> list[tuple[str, str]]:
        return [(AUTHORIZATION, BEARER + self._signer.token())]


class Service:
    """One of our services, for whoever called it. Without a signer its certificate alone says which service it is."""

    def __init__(self, signer: Signer | None) -> None:
        self._signer = signer

    def metadata(self) -> list[tuple[str, str]]:
        own = [(AUTHORIZATION, BEARER + self._signer.token())] if self._signer else []
        behalf = current().token
        return [*own, (BEHALF, behalf)] if behalf else own


def person(settings: ServiceSettings, user_id: str, roles: Sequence[str]) -> Person:
    """A person whom this front door vouches for. Raises shared.identity.keys.NoKey."""
    _make_keys_when_embedded(settings)
    return Person(Signer(read_private(settings.identity_folder), user_id, roles))


def service(settings: ServiceSettings, name: str) -> Service:
    """The service of that name. Raises shared.identity.keys.NoKey."""
    _make_keys_when_embedded(settings)
    return Service(Signer(read_private(settings.identity_folder), f"service_{name}", [SERVICE]))


def verifier(settings: ServiceSettings) -> Verifier:
    """What a server verifies tokens with. Raises shared.identity.keys.NoKey."""
    _make_keys_when_embedded(settings)
    return Verifier(read_public(settings.identity_folder))


def _make_keys_when_embedded(settings: ServiceSettings) -> None:
    make_keys(settings.identity_folder)


def identify(metadata: Metadata | None, tokens: Verifier) -> Identity:
    """The caller of an RPC; NOBODY when the call carries no token. Raises NotSignedIn for a token that is not sound."""
    given = dict(metadata or ())
    own = _bearer(given.get(AUTHORIZATION))
    if not own:
        return NOBODY
    caller = tokens.verify(own)
    behalf = given.get(BEHALF)
    if not caller.is_service or not behalf:
        return replace(caller, token="") if caller.is_service else caller
    person_behind = tokens.verify(str(behalf))
    if person_behind.is_service:
        raise NotSignedIn("A service acts for a person, not for another service.")
    return replace(caller, on_behalf_of=person_behind.subject, token=person_behind.token)


def _bearer(value: str | bytes | None) -> str:
    text = value.decode("ascii", "replace") if isinstance(value, bytes) else value or ""
    return text.removeprefix(BEARER) if text.startswith(BEARER) else ""
