"""Run the cost service's migrations."""

from services.cost.storage.tables import METADATA
from shared.migrations import run

run(METADATA)
