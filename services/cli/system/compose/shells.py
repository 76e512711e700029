"""What a shell must know to ask the system that `inborough up --compose` runs, and to back up its databases."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from shlex import quote

from services.cli.system.compose.machine import LocalProcess

IS_OF_A_DATABASE = re.compile(r"INBOROUGH_(\w+_DATABASE_URL|DATABASE_TLS)")


def write_for_shells(plan: Sequence[LocalProcess], command: LocalProcess, secrets: Path, folder: Path) -> Path:
    """Files for a shell to read: command.sh has what the command's container is told of the services, var apart, which
    stays the caller's; databases.sh also where databases and their passwords are, as backups need it.
    """
    told = command.environment.items()
    ours = {name: value for name, value in told if name.startswith("INBOROUGH_") and name != "INBOROUGH_VAR"}
    each = {name: value for process in plan for name, value in process.environment.items()}
    databases = {name: value for name, value in each.items() if IS_OF_A_DATABASE.fullmatch(name)}
    _write_exports(folder / "databases.sh", {**ours, **databases, "INBOROUGH_SECRETS": str(secrets.resolve())})
    return _write_exports(folder / "command.sh", ours)


def _write_exports(path: Path, values: Mapping[str, str]) -> Path:
    path.write_text("".join(f"export {name}={quote(value)}\n" for name, value in values.items()), encoding="utf-8")
    return path
