"""Tokens: JSON Web Tokens signed with Ed25519 (RFC 7519, RFC 8037), good for ten minutes."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Iterable

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
        try:
            claims = jwt.decode(
                token,
                self._key,
                [ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                leeway=CLOCKS_MAY_DIFFER_SECONDS,
                options={"require": ["sub", "roles", "iat", "exp"]},
            )
        except jwt.ExpiredSignatureError:
            raise NotSignedIn("The identity token has run out. Sign in again.") from None
        except jwt.PyJWTError:
            raise NotSignedIn("The identity token is not one that our front door signed. Sign in again.") from None
        subject, roles = claims["sub"], claims["roles"]
        sound = isinstance(subject, str) and SUBJECT_SHAPE.fullmatch(subject)
        if not sound or not isinstance(roles, list) or not set(roles) <= set(ROLES):
            raise NotSignedIn("The identity token names no caller and roles that we know. Sign in again.")
        if (SERVICE in roles) != subject.startswith("service_"):
            raise NotSignedIn("The identity token gives a person the role of a service. Sign in again.")
        return float(claims["exp"]) + CLOCKS_MAY_DIFFER_SECONDS, Identity(subject, frozenset(roles), "", token)
