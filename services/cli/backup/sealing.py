"""Encrypt a backup's files so that one key opens them, which is kept elsewhere: age (age-encryption.org)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.cli.exits import ANSWER_IS_NO
from services.cli.failures import CannotGoOn

ENDING = ".age"


def need_recipient(public_key: str) -> None:
    """Raises CannotGoOn unless it is the public key of an age identity."""
    import pyrage

    try:
        pyrage.x25519.Recipient.from_str(public_key)
    except pyrage.RecipientError:
        raise CannotGoOn(
            "--encrypt-to wants an age public key, which begins with age1.", "Make a pair with age-keygen."
        ) from None


def seal(path: Path, public_key: str) -> Path:
    """Encrypt a file, which goes; the encrypted one. It is its owner's alone."""
    import pyrage

    sealed = path.with_name(path.name + ENDING)
    sealed.touch(0o600)
    pyrage.encrypt_file(str(path), str(sealed), [pyrage.x25519.Recipient.from_str(public_key)])
    path.unlink()
    return sealed


@contextmanager
def opened(path: Path, identity: Path | None, folder: Path) -> Iterator[Path]:
    """The file in the clear, in `folder` and gone again at the end if it was encrypted. Raises CannotGoOn."""
    if path.suffix != ENDING:
        yield path
        return
    if identity is None:
        raise CannotGoOn(f"{path.name} is encrypted.", "Name the file with its age identity: --identity FILE.")
    clear = folder / path.stem
    clear.touch(0o600)
    try:
        _open(path, clear, identity)
        yield clear
    finally:
        clear.unlink(missing_ok=True)


def _open(path: Path, clear: Path, identity: Path) -> None:
    import pyrage

    lines = identity.read_text(encoding="utf-8").splitlines()
    secret = next((line.strip() for line in lines if line.startswith("AGE-SECRET-KEY-1")), "")
    try:
        pyrage.decrypt_file(str(path), str(clear), [pyrage.x25519.Identity.from_str(secret)])
    except (pyrage.DecryptError, pyrage.IdentityError):
        raise CannotGoOn(
            f"{identity} does not open {path.name}.",
            "Name the identity that the backup was encrypted to.",
            ANSWER_IS_NO,
        ) from None
