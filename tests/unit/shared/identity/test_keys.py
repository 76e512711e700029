"""The front door's key pair: made once, whole, by one of those who start together, and readable by its owner alone."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from shared.identity.keys import PRIVATE, PUBLIC, NoKey, make_keys, read_private, read_public

RACE = "import sys; from pathlib import Path; from shared.identity.keys import make_keys; make_keys(Path(sys.argv[1]))"


def public_bytes(folder: Path) -> tuple[bytes, bytes]:
    """The public key as kept, and as the private one gives it."""
    return read_public(folder).public_bytes_raw(), read_private(folder).public_key().public_bytes_raw()


def test_eight_processes_that_start_together_make_one_pair(tmp_path: Path) -> None:
    folder = tmp_path / "identity"
    starts = [subprocess.Popen([sys.executable, "-c", RACE, str(folder)]) for _ in range(8)]
    assert [start.wait(60) for start in starts] == [0] * 8
    kept, derived = public_bytes(folder)
    assert kept == derived
    assert sorted(path.name for path in folder.iterdir()) == [PRIVATE, PUBLIC]


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_only_the_owner_may_read_the_private_key(mask: int, tmp_path: Path) -> None:
    before = os.umask(mask)
    try:
        make_keys(tmp_path / "identity")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "identity").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "identity" / PRIVATE).stat().st_mode) == 0o600


def test_a_pair_that_is_there_is_kept(tmp_path: Path) -> None:
    make_keys(tmp_path)
    before = public_bytes(tmp_path)
    make_keys(tmp_path)
    assert public_bytes(tmp_path) == before


def test_the_public_key_follows_a_private_one_that_was_exchanged(tmp_path: Path) -> None:
    make_keys(tmp_path)
    (tmp_path / PRIVATE).unlink()
    make_keys(tmp_path / "other")
    (tmp_path / "other" / PRIVATE).rename(tmp_path / PRIVATE)
    make_keys(tmp_path)
    kept, derived = public_bytes(tmp_path)
    assert kept == derived


def test_who_was_given_the_public_key_alone_makes_no_other(tmp_path: Path) -> None:
    make_keys(tmp_path)
    (tmp_path / PRIVATE).unlink()
    before = (tmp_path / PUBLIC).read_bytes()
    make_keys(tmp_path)
    assert (tmp_path / PUBLIC).read_bytes() == before
    with pytest.raises(NoKey, match="INBOROUGH_IDENTITY"):
        read_private(tmp_path)


@pytest.mark.parametrize("content", [b"", b"nonsense", None], ids=["empty", "nonsense", "missing"])
def test_a_key_that_cannot_be_read_says_which_and_what_to_do(content: bytes | None, tmp_path: Path) -> None:
    for name in (PRIVATE, PUBLIC):
        if content is not None:
            (tmp_path / name).write_bytes(content)
    with pytest.raises(NoKey, match=r"private\.pem.*INBOROUGH_IDENTITY"):
        read_private(tmp_path)
    with pytest.raises(NoKey, match=r"public\.pem.*INBOROUGH_IDENTITY"):
        read_public(tmp_path)


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    (tmp_path / PRIVATE).write_bytes(
        key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    )
    (tmp_path / PUBLIC).write_bytes(
        key.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    )
    with pytest.raises(NoKey, match="Ed25519 private"):
        read_private(tmp_path)
    with pytest.raises(NoKey, match="Ed25519 public"):
        read_public(tmp_path)
