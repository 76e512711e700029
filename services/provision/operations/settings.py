"""GetSetting and ListSettings."""

from __future__ import annotations

from sqlalchemy import Engine

from services.provision import metrics
from services.provision.domain.settings import Setting
from services.provision.storage import repository
from shared.database import reading
from shared.errors import NotFound


def get_setting(engine: Engine, urn: int) -> Setting:
    """One setting. Raises NotFound."""
    with reading(engine) as connection:
        setting = repository.find_setting(connection, urn)
    if setting is None:
        raise NotFound("setting with URN", urn, "Import the GIAS file that has it.")
    return setting


def list_settings(engine: Engine, after_urn: int, most: int) -> tuple[list[Setting], int]:
    """At most `most` settings after a URN, ordered by URN, and how many there are in all."""
    with reading(engine) as connection:
        return repository.list_settings(connection, after_urn, most), repository.count_settings(connection)


def show_settings_on_file(engine: Engine) -> None:
    """Set the gauge of settings to what is stored."""
    with reading(engine) as connection:
        metrics.settings_on_file.set(repository.count_settings(connection))
