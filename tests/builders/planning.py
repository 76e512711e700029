"""The small authority of tests/builders/deciding.py as planners see it; scenarios are simulated when told to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from shared.database import open_database
from tests.builders.pages import Authority, Somebody, authority
from tests.builders.scenarios import work_off

OPENS = {
    "open-0-name": "New base",
    "open-0-kind": "state_special",
    "open-0-needs": "ASD",
    "open-0-years": "7 to 11",
    "open-0-places": "8",
    "open-0-opens-day": "1",
    "open-0-opens-month": "9",
    "open-0-opens-year": "2025",
    "open-0-urn": "100003",
}
SMALL = {"name": "New base", "years": "2", "replicates": "4"}


@dataclass(frozen=True)
class PlannedAuthority:
    """An authority whose scenarios are simulated by `simulate`."""

    authority: Authority
    engine: Engine

    def simulate(self) -> None:
        """Do what workers would."""
        work_off(self.engine)

    def make(self, planner: Somebody, **fields: str) -> str:
        """Make a scenario at the pages and have it simulated; its page's path."""
        planner.open("/scenarios/new").send(**{**SMALL, **OPENS, **fields})
        made = planner.path
        assert made.startswith("/scenarios/scen_"), planner.text[planner.text.find("There is a problem") :][:600]
        self.simulate()
        planner.open(made)
        return made


@contextmanager
def planned_authority(folder: Path) -> Iterator[PlannedAuthority]:
    """Real services; INBOROUGH_TODAY must be the day of tests/builders/deciding.py."""
    with authority(folder) as found:
        engine = open_database(f"sqlite:///{folder / 'placement.db'}")
        try:
            yield PlannedAuthority(found, engine)
        finally:
            engine.dispose()
