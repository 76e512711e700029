"""Every secret of the production profile as a file of its own, and what each is for."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from services.cli.failures import CannotGoOn
from services.cli.system import password_forms
from services.cli.typed import typed

SERVICES = ("caseload", "provision", "cost", "placement", "journal", "web")
OURS, SERVERS, GRAFANA = 10001, 999, 472
"""User ids of containers: ours; PostgreSQL's and RabbitMQ's; Grafana's."""
ROLES, DEFINITIONS = "postgres_roles", "rabbitmq_definitions"
BROKER = "inborough_broker_password"
CLIENT_SECRET = "inborough_web_oidc_client_secret"  # noqa: S105 - a file's name
FOR_EVER = "Never change it. Keep a copy where whoever keeps the databases cannot reach it"


@dataclass(frozen=True)
class Secret:
    """One file. `reader` is the user id of the container that reads it; `then` says what to do once it was changed, or
    is "" when it must never change."""

    name: str
    reader: int
    meaning: str
    then: str


def database_password(service: str) -> str:
    """Name of the secret that `service` opens its database with."""
    return f"inborough_{service}_database_password"


def _of_database(service: str) -> Secret:
    events = f" {service}-events" if service in ("provision", "placement", "journal") else ""
    then = (
        "docker compose exec postgres bash /docker-entrypoint-initdb.d/10-databases.sh, then "
        f"docker compose up -d --force-recreate {service}{events}. Without containers: `inborough prepare`, then start "
        "anew."
    )
    return Secret(database_password(service), OURS, f"{service}'s password at PostgreSQL", then)


SECRETS = (
    *map(_of_database, SERVICES),
    Secret(
        BROKER,
        OURS,
        "the services' password at RabbitMQ",
        "docker compose restart rabbitmq, then docker compose up -d --force-recreate. Without containers: `inborough "
        "prepare`, then start anew.",
    ),
    Secret(
        "inborough_caseload_pseudonym_key",
        OURS,
        f"case ids are made with it: with another key the same child becomes another case. {FOR_EVER}",
        "",
    ),
    Secret(
        "inborough_journal_key",
        OURS,
        f"journal entries are sealed with it: with another key the journal takes no more entries. {FOR_EVER}",
        "",
    ),
    Secret(
        "inborough_placement_pseudonym_key",
        OURS,
        "planners' pseudonyms are made with it",
        "docker compose up -d --force-recreate placement. Planners see new pseudonyms; nothing else changes.",
    ),
    Secret(
        "postgres_password",
        SERVERS,
        "PostgreSQL's own administrator",
        "docker compose exec postgres psql -U postgres -c '\\password', with what is in the file: it is read "
        "only when the server is first made.",
    ),
    Secret(
        "grafana_admin_password",
        GRAFANA,
        "Grafana's administrator, admin",
        "docker compose exec -T grafana grafana cli admin reset-admin-password --password-from-stdin, with the file as "
        "its input: it is read only at the first start.",
    ),
)
"""Those that are random. The issuer's is not, and two are made from others."""

DERIVED = {
    ROLES: "what PostgreSQL knows of the services' passwords: no more than it needs to check them",
    DEFINITIONS: "RabbitMQ's user, with its password as a hash, and its virtual host",
}


def write_secrets(folder: Path, name: str) -> None:
    """Write all, `name` being what databases and RabbitMQ's user are called. Raises CannotGoOn when one is there."""
    there = [each for each in names() if (folder / each).exists()]
    if there:
        raise CannotGoOn(
            f"{folder} holds secrets already, such as {there[0]}; none was changed.",
            f"Change one with `{typed(f'secrets --out {folder} --rotate NAME')}`.",
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for each in SECRETS:
        _write(folder / each.name, secrets.token_urlsafe(32))
    _write(folder / CLIENT_SECRET, "")
    _write_derived(folder, name)


def rotate(folder: Path, changed: str, name: str) -> Secret:
    """Give one secret a new value, and what is made from it. Raises CannotGoOn when it must not change."""
    found = next((each for each in SECRETS if each.name == changed), None)
    if found is None or not found.then:
        may = ", ".join(each.name for each in SECRETS if each.then)
        why = found.meaning if found else "no such secret is made here"
        raise CannotGoOn(f"{changed} is not changed: {why}.", f"Those that may change: {may}.")
    if not (folder / changed).is_file():
        raise CannotGoOn(f"{folder / changed} is not there.", f"Make all first: `{typed(f'secrets --out {folder}')}`.")
    _write(folder / changed, secrets.token_urlsafe(32))
    _write_derived(folder, name)
    return found


def names() -> list[str]:
    """Every file of the set."""
    return [*(each.name for each in SECRETS), CLIENT_SECRET, *DERIVED]


def read_name(folder: Path) -> str:
    """What a set's databases and RabbitMQ's user are called."""
    return password_forms.user_of((folder / DEFINITIONS).read_text(encoding="utf-8"))


def _write_derived(folder: Path, name: str) -> None:
    read: Callable[[str], str] = lambda secret: (folder / secret).read_text(encoding="utf-8")  # noqa: E731
    roles = {service: read(database_password(service)) for service in SERVICES}
    _write(folder / ROLES, password_forms.postgres_roles(roles))
    _write(folder / DEFINITIONS, password_forms.rabbitmq_definitions(name, read(BROKER)))


def _write(path: Path, value: str) -> None:
    """In place, so that a file that a container has mounted stays the same file, and its owner's."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(value)
