"""Run the provision service's migrations."""

from services.provision.storage.tables import METADATA
from shared.migrations import run

run(METADATA)
