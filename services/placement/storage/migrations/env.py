"""Alembic's entry for the placement service."""

from services.placement.storage.tables import METADATA
from shared import migrations

migrations.run(METADATA)
