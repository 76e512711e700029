"""Tokens: JSON Web Tokens signed with Ed25519 (RFC 7519, RFC 8037), good for ten minutes."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.errors import NotSignedIn
from shared.identity import ROLES, SERVICE, Identity

GOOD_FOR_SECONDS = 600
RENEW_BEFORE_SECONDS = 300
CLOCKS_MAY_DIFFER_SECONDS = 30
ALGORITHM = "EdDSA"
ISSUER = AUDIENCE = "inborough"
SUBJECT_SHAPE = re.compile(r"(user|service)_[a-z0-9_]{1,60}")
MOST_REMEMBERED = 4096


class Signer:
    """Makes tokens for one subject, a new one when the last has half run out."""

    def __init__(self, key: Ed25519PrivateKey, subject: str, roles: Iterable[str]) -> None:
        self._key, self._subject, self._roles = key, subject, sorted(set(roles))
        if not SUBJECT_SHAPE.fullmatch(subject):
            raise ValueError("a subject is user_ or service_ and then small letters, digits or underscores, at most 60")
        if unknown := set(self._roles) - set(ROLES):
            raise ValueError(f"{', '.join(sorted(unknown))}: not a role; roles are {', '.join(ROLES)}")
        self._last, self._renew_at = "", 0.0

    def token(self) -> str:
        """A token that is good for five minutes or more."""
        now = time.time()
        if now >= self._renew_at:
            self._last = self.make(now)
            self._renew_at = now + GOOD_FOR_SECONDS - RENEW_BEFORE_SECONDS
        return self._last

    def make(self, now: float) -> str:
        """A token made at an instant, in seconds since the epoch."""
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": self._subject,
            "roles": self._roles,
            "iat": int(now),
            "exp": int(now) + GOOD_FOR_SECONDS,
        }
        return jwt.encode(claims, self._key, ALGORITHM)


class Verifier:
    """Says who a token is of. A token seen before is looked up until it runs out. Safe for several threads."""

    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key = key
        self._seen: OrderedDict[str, tuple[float, Identity]] = OrderedDict()

    def verify(self, token: str) -> Identity:
        """The caller. Raises NotSignedIn that says what is wrong with the token, never what is in it."""
        now = time.time()
        known = self._seen.get(token)
        if known is not None and now < known[0]:
            return known[1]
        until, identity = self._read(token)
        self._seen[token] = until, identity
        while len(self._seen) > MOST_REMEMBERED:
            self._seen.popitem(last=False)
        return identity

    def _read(self, token: str) -> tuple[float, Identity]:
        claims = self._signed_claims(token)
        subject, roles = claims["sub"], claims["roles"]
        if not _names_a_caller(subject) or not _names_roles(roles):
            raise _refusal("token_not_known", "names no caller and roles that we know")
        if (SERVICE in roles) != subject.startswith("service_"):
            raise _refusal("token_mixes_roles", "gives a person the role of a service, or a service none")
        until = int(claims["exp"])
        if until - int(claims["iat"]) > GOOD_FOR_SECONDS:
            raise _refusal("token_too_long", f"is good for more than {GOOD_FOR_SECONDS} seconds")
        return float(until) + CLOCKS_MAY_DIFFER_SECONDS, Identity(subject, frozenset(roles), "", token)

    def _signed_claims(self, token: str) -> dict[str, Any]:
        """What our front door signed, of a time that is now. The algorithm is ours to say, never the token's."""
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._key,
                [ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                leeway=CLOCKS_MAY_DIFFER_SECONDS,
                options={"require": ["sub", "roles", "iat", "exp"]},
            )
        except jwt.ExpiredSignatureError:
            raise _refusal("token_ran_out", "has run out") from None
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError):
            raise _refusal("token_not_ours", "is not one that our front door signed") from None
        return claims


def _refusal(reason: str, what: str) -> NotSignedIn:
    return NotSignedIn(f"The identity token {what}. Sign in again.", reason=reason)


def _names_a_caller(subject: object) -> bool:
    return isinstance(subject, str) and SUBJECT_SHAPE.fullmatch(subject) is not None


def _names_roles(roles: object) -> bool:
    return isinstance(roles, list) and all(isinstance(role, str) and role in ROLES for role in roles)
