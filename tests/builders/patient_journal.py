"""The journal's events process, reading on hints alone after its start: `python -m tests.builders.patient_journal`."""

from __future__ import annotations

if __name__ == "__main__":
    import shared.events.patched  # noqa: F401

from services.journal import events
from shared import logs
from shared.events import process

if __name__ == "__main__":
    process.CATCH_UP_SECONDS = 3600.0
    logs.configure("journal-events")
    part = events.build()
    process.run([part], part.settings.metrics_port)
