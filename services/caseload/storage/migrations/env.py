"""Run the caseload service's migrations."""

from services.caseload.storage.tables import METADATA
from shared.migrations import run

run(METADATA)
