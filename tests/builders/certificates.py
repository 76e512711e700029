"""Certificates of the tests' own authorities, sound and unsound, as folders for INBOROUGH_TLS."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.cli.system.issuing import Authority, Period
from shared.identity import keys
from shared.identity.certificates import AUTHORITY, CERTIFICATE, KEY
from shared.identity.spiffe import FRONT_DOOR, SERVICE, SpiffeName
from shared.settings import ServiceSettings

TRUST_DOMAIN = "inborough"
SOUND = Period.of_days(1)


def days_from_now(first: float, last: float) -> Period:
    """From one day to another, counted from now; both may be past or to come."""
    now = datetime.now(UTC)
    return Period(now + timedelta(days=first), now + timedelta(days=last))


EXPIRED, NOT_YET_VALID = days_from_now(-9, -1), days_from_now(1, 9)


def service(name: str, trust_domain: str = TRUST_DOMAIN) -> SpiffeName:
    return SpiffeName(trust_domain, SERVICE, name)


def front_door(name: str = "cli") -> SpiffeName:
    return SpiffeName(TRUST_DOMAIN, FRONT_DOOR, name)


@dataclass(frozen=True)
class Issuer:
    """An authority, the front doors' token key, and the folder that certificates are written below."""

    folder: Path
    authority: Authority = field(default_factory=lambda: Authority("Authority of the tests", SOUND))
    token_key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    def write(self, folder: str, name: SpiffeName, period: Period = SOUND, trusting: Authority | None = None) -> Path:
        """A folder for INBOROUGH_TLS, as `inborough certificates` makes one; written over what is there.

        `trusting` is whose certificates the holder takes; the authority's own by default.
        """
        issued, made = self.authority.issue(name, period), self.folder / folder
        made.mkdir(parents=True, exist_ok=True)
        (made / AUTHORITY).write_bytes((trusting or self.authority).certificate)
        (made / CERTIFICATE).write_bytes(issued.certificate)
        _write_key(made / KEY, issued.key)
        (made / keys.PUBLIC).write_bytes(keys.public_in_pem(self.token_key))
        if name.kind == FRONT_DOOR:
            (made / keys.PRIVATE).write_bytes(keys.in_pem(self.token_key))
        return made

    def write_server(self, folder: str, name: str) -> Path:
        """A folder for a server that is not ours, as `inborough certificates` makes one."""
        issued, made = self.authority.issue_to_server([name], SOUND), self.folder / folder
        made.mkdir(parents=True, exist_ok=True)
        (made / AUTHORITY).write_bytes(self.authority.certificate)
        (made / CERTIFICATE).write_bytes(issued.certificate)
        _write_key(made / KEY, issued.key)
        return made


def _write_key(path: Path, key: bytes) -> None:
    """As PostgreSQL wants it, server and client alike: nobody else may read it."""
    path.touch(0o600)
    path.write_bytes(key)


def under_tls(folder: Path, **settings: Any) -> ServiceSettings:
    """Settings of a process that holds the certificate in a folder."""
    return ServiceSettings(tls=folder, identity=folder, **settings)
