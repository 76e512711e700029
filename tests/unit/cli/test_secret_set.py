"""Secrets of the production profile: made once, each changed alone, and two never."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import stat
from pathlib import Path

import pytest

from services.cli.failures import CannotGoOn
from services.cli.pages.secret_set import owners
from services.cli.system.password_forms import rabbitmq_definitions
from services.cli.system.secret_set import (
    BROKER,
    CLIENT_SECRET,
    DEFINITIONS,
    ROLES,
    SECRETS,
    database_password,
    names,
    read_name,
    rotate,
    write_secrets,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_secrets(tmp_path / "secrets", "inborough")
    return tmp_path / "secrets"


def read(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_each_is_random_and_for_its_owner_alone(folder: Path) -> None:
    found = read(folder)
    assert set(found) == set(names())
    random = [found[each.name] for each in SECRETS]
    assert len(set(random)) == len(random)
    assert all(re.fullmatch(r"[\w-]{43}", value) for value in random)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_issuers_secret_is_left_for_a_person_to_write(folder: Path) -> None:
    assert read(folder)[CLIENT_SECRET] == ""


def test_what_is_there_is_never_written_over(folder: Path) -> None:
    before = read(folder)
    with pytest.raises(CannotGoOn, match="holds secrets already"):
        write_secrets(folder, "inborough")
    assert read(folder) == before


def test_one_alone_is_changed_with_what_is_made_from_it_and_stays_the_same_file(folder: Path) -> None:
    before, files = read(folder), {path.name: path.stat().st_ino for path in folder.iterdir()}
    changed = rotate(folder, BROKER, read_name(folder))
    after = read(folder)
    assert {name for name in after if after[name] != before[name]} == {BROKER, DEFINITIONS, ROLES}
    assert {path.name: path.stat().st_ino for path in folder.iterdir()} == files
    assert "restart rabbitmq" in changed.then


@pytest.mark.parametrize("name", ["inborough_caseload_pseudonym_key", "inborough_journal_key", "another"])
def test_one_that_must_not_change_does_not(name: str, folder: Path) -> None:
    before = read(folder)
    with pytest.raises(CannotGoOn, match=f"{name} is not changed"):
        rotate(folder, name, "inborough")
    assert read(folder) == before


def test_what_the_servers_keep_does_not_hold_a_password(folder: Path) -> None:
    found = read(folder)
    passwords = [value for name, value in found.items() if name.endswith("_password")]
    assert [each for each in passwords if each in found[ROLES] + found[DEFINITIONS]] == []


def test_postgresql_can_check_each_services_password(folder: Path) -> None:
    found = read(folder)
    for line in found[ROLES].splitlines():
        service, verifier = line.split()
        iterations, salt, stored = re.fullmatch(r"SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):.+", verifier).groups()  # type: ignore[union-attr]
        password = found[database_password(service)].encode()
        salted = hashlib.pbkdf2_hmac("sha256", password, base64.b64decode(salt), int(iterations))
        client = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
        assert base64.b64encode(client).decode() == stored


def test_rabbitmq_has_one_user_that_may_do_all_in_its_own_virtual_host() -> None:
    made = json.loads(rabbitmq_definitions("trial", "a password"))
    (user,) = made["users"]
    raw = base64.b64decode(user["password_hash"])
    assert raw[4:] == hashlib.sha256(raw[:4] + b"a password").digest()
    assert (user["name"], user["tags"], made["vhosts"]) == ("trial", [], [{"name": "trial"}])


def test_every_file_is_given_to_the_user_who_reads_it(folder: Path) -> None:
    lines = "\n".join(owners(folder))
    others = [name for name in names() if not name.startswith("inborough_")]
    assert [name for name in others if f"{folder}/{name}" not in lines] == []
    assert f"chown 10001 {os.fspath(folder)}/inborough_*" in lines
