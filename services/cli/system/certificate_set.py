"""A whole set of development certificates in one folder: a subfolder a process, ready for INBOROUGH_TLS."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.cli.failures import CannotGoOn
from services.cli.system.issuing import Authority, Period
from services.cli.typed import typed
from shared.identity import keys
from shared.identity.certificates import AUTHORITY, CERTIFICATE, KEY
from shared.identity.spiffe import FRONT_DOOR, SERVICE, SpiffeName

SERVICES = ("caseload", "provision", "cost", "placement", "journal")
FRONT_DOORS = ("cli", "web")
SERVERS = ("postgres", "rabbitmq")
"""What is not ours and is reached under TLS, as docker-compose.yml calls it."""
TITLE = "Inborough development authority"
README = """Certificates for development and trial, made by `inborough certificates`. The authority that issued them has
no key any more. Real children's records want certificates of the council's own authority, under the same names.

One folder a process: set INBOROUGH_TLS to it. Those of postgres and rabbitmq are for the two servers, which read their
key as the user that they run as. Whoever reads key.pem can pass for that process; whoever reads
private.pem, which the front doors alone have, can pass for any person.
"""


def write_set(folder: Path, trust_domain: str, days: int, force: bool) -> list[SpiffeName]:
    """Write the set; our names in it. Raises CannotGoOn when one is there and `force` does not say to replace it."""
    if _holds_a_set(folder) and not force:
        raise CannotGoOn(
            f"{folder} holds certificates already.",
            f"Replace them with `{typed(f'certificates --out {folder} --force')}`; running services take the new ones, "
            "and every process must have one of the same set.",
        )
    period = Period.of_days(days)
    authority, tokens = Authority(TITLE, period), Ed25519PrivateKey.generate()
    names = [SpiffeName(trust_domain, SERVICE, name) for name in SERVICES]
    names += [SpiffeName(trust_domain, FRONT_DOOR, name) for name in FRONT_DOORS]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / "README").write_text(README, encoding="utf-8")
    for name in names:
        issued = authority.issue(name, period)
        files = {CERTIFICATE: issued.certificate, KEY: issued.key, AUTHORITY: authority.certificate}
        files[keys.PUBLIC] = keys.public_in_pem(tokens)
        if name.kind == FRONT_DOOR:
            files[keys.PRIVATE] = keys.in_pem(tokens)
        _exchange(folder / name.name, files)
    for server in SERVERS:
        issued = authority.issue_to_server([server], period)
        files = {CERTIFICATE: issued.certificate, KEY: issued.key, AUTHORITY: authority.certificate}
        _exchange(folder / server, files)
    return names


def _holds_a_set(folder: Path) -> bool:
    return any((folder / name / CERTIFICATE).exists() for name in (*SERVICES, *FRONT_DOORS, *SERVERS))


def _exchange(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write each file whole under another name first, so that a process that looks meanwhile reads no half of one."""
    folder.mkdir(exist_ok=True, mode=0o700)
    drafts = folder / ".new"
    shutil.rmtree(drafts, ignore_errors=True)
    drafts.mkdir(mode=0o700)
    for name, content in files.items():
        secret = name in (KEY, keys.PRIVATE)
        descriptor = os.open(drafts / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if secret else 0o644)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    for name in files:
        (drafts / name).replace(folder / name)
    drafts.rmdir()
