"""Databases of PostgreSQL and a user of RabbitMQ for the production profile, made on servers that are there."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from services.cli import exits
from services.cli.failures import CannotGoOn
from services.cli.system.procfile import ROOT
from services.cli.system.secret_set import DEFINITIONS, ROLES

SCRIPT = ROOT / "deploy" / "postgres" / "10-databases.sh"
SECONDS = 30.0


def make_databases(folder: Path, name: str, postgres: str) -> None:
    """Run the script that PostgreSQL's container runs. Raises CannotGoOn when it does not succeed."""
    if not shutil.which("psql"):
        raise CannotGoOn("psql is not on the path.", "Install PostgreSQL's client (apt-get install postgresql-client).")
    where = urlsplit(postgres)
    parts = {"PGHOST": where.hostname, "PGPORT": where.port, "PGUSER": where.username, "PGDATABASE": where.path[1:]}
    told = {key: str(value) for key, value in parts.items() if value}
    own = {"INBOROUGH_NAME": name, "INBOROUGH_ROLES": str((folder / ROLES).resolve())}
    done = subprocess.run(["bash", str(SCRIPT)], env={**os.environ, **told, **own}, capture_output=True, text=True)
    if done.returncode:
        advice = (
            "Say where the server is and who may make databases: --postgres; the password in PGPASSWORD or ~/.pgpass."
        )
        raise CannotGoOn(f"PostgreSQL was not made ready. {done.stderr.strip()}", advice, exits.SERVICE_DOWN)


def make_user(folder: Path, management: str) -> None:
    """Have RabbitMQ take in the definitions. Raises CannotGoOn when it does not."""
    definitions = folder / DEFINITIONS
    if management:
        _send(definitions, management)
        return
    # From standard input: rabbitmqctl reads files as the user rabbitmq, who may not read this one.
    command, said = ["rabbitmqctl", "--quiet", "import_definitions"], definitions.read_text(encoding="utf-8")
    found = shutil.which("rabbitmqctl")
    done = subprocess.run(command, input=said, capture_output=True, text=True) if found else None
    if done is None or done.returncode:
        why = f" {done.stderr.strip().splitlines()[0]}" if done and done.stderr.strip() else ""
        raise CannotGoOn(
            f"RabbitMQ was not made ready.{why}",
            f"Run this as root on the broker's machine: {' '.join(command)} < {definitions}\n"
            "or give its management's address: --rabbitmq http://ADMIN@HOST:15672, the password in RABBITMQ_PASSWORD.",
            exits.SERVICE_DOWN,
        )


def _send(definitions: Path, management: str) -> None:
    where = urlsplit(management)
    user, password = where.username or "guest", where.password or os.environ.get("RABBITMQ_PASSWORD", "guest")
    host = where.netloc.rpartition("@")[2]
    request = urllib.request.Request(  # noqa: S310 - the scheme is checked
        f"{where.scheme}://{host}/api/definitions", data=definitions.read_bytes(), method="POST"
    )
    request.add_header("Content-Type", "application/json")
    request.add_header("Authorization", "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode())
    try:
        if where.scheme not in ("http", "https"):
            raise ValueError(f"{management} is not http:// or https://")
        urllib.request.urlopen(request, timeout=SECONDS).close()  # noqa: S310
    except (urllib.error.URLError, OSError, ValueError) as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()
        raise CannotGoOn(
            f"RabbitMQ's management at {host} did not take the definitions: {error}.",
            "Check the address, and that the user is an administrator; the password is read from RABBITMQ_PASSWORD.",
            exits.SERVICE_DOWN,
        ) from None
