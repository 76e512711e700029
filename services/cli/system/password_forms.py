"""Passwords in the forms that PostgreSQL and RabbitMQ keep them: enough to check one, not to know it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping

ITERATIONS = 4096


def postgres_roles(passwords: Mapping[str, str]) -> str:
    """A line a service: its name and its password's SCRAM-SHA-256 verifier, as PostgreSQL stores it (RFC 5803)."""
    return "".join(f"{service} {_scram(password)}\n" for service, password in passwords.items())


def _scram(password: str) -> str:
    """The passwords are ASCII, so that SASLprep leaves them as they are."""
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, ITERATIONS)
    client, server = (hmac.digest(salted, key, "sha256") for key in (b"Client Key", b"Server Key"))
    stored = hashlib.sha256(client).digest()
    return f"SCRAM-SHA-256${ITERATIONS}:{_base64(salt)}${_base64(stored)}:{_base64(server)}"


def rabbitmq_definitions(name: str, password: str) -> str:
    """RabbitMQ definitions of one user without tags, and its virtual host of the same name, where it may do all."""
    salt = secrets.token_bytes(4)
    user = {
        "name": name,
        "password_hash": _base64(salt + hashlib.sha256(salt + password.encode()).digest()),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": [],
    }
    rights = {"user": name, "vhost": name, "configure": ".*", "write": ".*", "read": ".*"}
    return json.dumps({"users": [user], "vhosts": [{"name": name}], "permissions": [rights]}, indent=2)


def user_of(definitions: str) -> str:
    """The user's name in definitions that were written here."""
    return str(json.loads(definitions)["users"][0]["name"])


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
