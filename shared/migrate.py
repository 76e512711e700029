"""Bring one service's database up to date, and end: `python -m shared.migrate caseload`.

What runs before the services of a release do, so that these start with INBOROUGH_<SERVICE>_MIGRATE=false: several of
them may then start at once, and none changes a table. It imports no more of the service than its settings.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from shared import logs
from shared.database import migrate, open_database
from shared.settings import ServiceSettings


def bring_up_to_date(service: str) -> None:
    """Apply the migrations of `service` that its database does not have. Ends the process when there is no such one."""
    try:
        module = importlib.import_module(f"services.{service}.settings")
    except ModuleNotFoundError:
        raise SystemExit(f"{service} is no service with a database of its own, or is not in this image.") from None
    settings: ServiceSettings = module.Settings()
    logs.configure(f"{service}-migrate", settings.log_level)
    engine = open_database(settings.database(service))
    try:
        migrate(engine, Path(str(module.__file__)).parent / "storage" / "migrations")
    finally:
        engine.dispose()
    logs.log("database_up_to_date")


if __name__ == "__main__":
    bring_up_to_date(*sys.argv[1:])
