"""Run the pages' migrations."""

from services.web.storage.tables import METADATA
from shared.migrations import run

run(METADATA)
