"""Run the journal's migrations."""

from services.journal.storage.tables import METADATA
from shared.migrations import run

run(METADATA)
