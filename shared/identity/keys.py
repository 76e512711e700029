"""The key pair of the front door: it signs with the private key; services verify with the public one alone.

Embedded, the first process that needs the pair makes it under the var folder, readable by its owner alone. In
production (INBOROUGH_TLS) nobody makes one: the front doors are given the private key, services the public one.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.identity.set_up import SetUpWrong
from shared.ids import new_id

PRIVATE, PUBLIC = "private.pem", "public.pem"


class NoKey(SetUpWrong):
    """A key is missing or unreadable; the message says which and what to do."""


def make_keys(folder: Path) -> None:
    """Make the pair where there is none; processes that start together end with the same one.

    The public key is made from the private one. Whoever was given the public key alone keeps it, and makes no pair that
    nobody else would know.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    private, public = folder / PRIVATE, folder / PUBLIC
    if not private.exists():
        if public.exists():
            return
        _put(private, in_pem(Ed25519PrivateKey.generate()), 0o600, replace=False)
    derived = public_in_pem(read_private(folder))
    if not public.exists() or public.read_bytes() != derived:
        _put(public, derived, 0o644, replace=True)


def in_pem(key: Ed25519PrivateKey) -> bytes:
    """The private key as its file has it."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def public_in_pem(key: Ed25519PrivateKey) -> bytes:
    """The public key as its file has it."""
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _put(path: Path, content: bytes, mode: int, *, replace: bool) -> None:
    """Write whole or not at all. Without `replace` the first of several writers wins."""
    draft = path.with_name(new_id(path.name))
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    try:
        if replace:
            draft.replace(path)
        else:
            os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)


def read_private(folder: Path) -> Ed25519PrivateKey:
    """The key to sign with. Raises NoKey."""
    try:
        found = serialization.load_pem_private_key((folder / PRIVATE).read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise NoKey(_advice(folder / PRIVATE, error)) from None
    if not isinstance(found, Ed25519PrivateKey):
        raise NoKey(f"{folder / PRIVATE} is not an Ed25519 private key.")
    return found


def read_public(folder: Path) -> Ed25519PublicKey:
    """The key to verify with. Raises NoKey."""
    try:
        found = serialization.load_pem_public_key((folder / PUBLIC).read_bytes())
    except (OSError, ValueError, TypeError) as error:
        raise NoKey(_advice(folder / PUBLIC, error)) from None
    if not isinstance(found, Ed25519PublicKey):
        raise NoKey(f"{folder / PUBLIC} is not an Ed25519 public key.")
    return found


def _advice(path: Path, error: Exception) -> str:
    return (
        f"{path} cannot be read ({type(error).__name__}). Set INBOROUGH_IDENTITY to the folder that holds the front "
        "door's keys; `inborough certificates` makes a set for development."
    )
