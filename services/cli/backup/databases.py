"""Where each service's database is, and in which order they are read so that no reader is ahead of what it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

from pydantic_settings import SettingsConfigDict
from sqlalchemy import URL, make_url

from services.cli.system.health import SERVICES
from shared.event_log.readers import READERS
from shared.settings import ServiceSettings

WEB = "web"
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Database:
    """One service's database."""

    service: str
    url: URL

    @property
    def on_postgresql(self) -> bool:
        """Whether it is PostgreSQL's; else it is a SQLite file."""
        return self.url.get_backend_name() == "postgresql"

    @property
    def file(self) -> Path:
        """The SQLite file."""
        return Path(str(self.url.database))

    @property
    def missing(self) -> bool:
        """Whether there is no SQLite file yet."""
        return not self.on_postgresql and not self.file.exists()


def all_databases() -> list[Database]:
    """Every service's and the pages', from the variables that they read themselves, readers before what they read."""
    return [Database(name, make_url(_settings_of(name)().database(name))) for name in readers_first()]


@cache
def _settings_of(service: str) -> type[ServiceSettings]:
    prefix = SettingsConfigDict(env_prefix=f"INBOROUGH_{service.upper()}_")
    return type(f"{service.capitalize()}Settings", (ServiceSettings,), {"model_config": prefix})


def readers_first(readers: Mapping[str, Sequence[str]] = READERS) -> list[str]:
    """Services in the order in which they are backed up.

    A reader keeps a cursor: how far it has read another's log. Copied before that log, its cursor is never beyond the
    log's end; copied after it, it may be, and once both are put back the reader would refuse the log (LogWentBack).
    A reader that is behind just reads on.
    """
    before: dict[str, set[str]] = {name: set() for name in (*SERVICES, WEB)}
    for reader, sources in readers.items():
        for source in set(sources) - {reader}:  # its own log is in the same copy
            before[source].add(reader)
    order = TopologicalSorter({name: sorted(before[name]) for name in sorted(before)})
    return list(order.static_order())


def newest_revision(service: str) -> str:
    """The newest migration that this release knows; "" where its files are not, as in an image of the command alone."""
    versions = ROOT / service / "storage" / "migrations" / "versions"
    return max((path.name.split("_")[0] for path in versions.glob("[0-9]*.py")), default="")
