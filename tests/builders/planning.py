"""The small authority of tests/builders/deciding.py as planners see it; scenarios are simulated when told to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine

from services.placement.operations import scenarios
from services.placement.operations.context import Context
from services.placement.operations.scenarios import creating
from services.web.pages.planning import making
from shared.database import open_database
from tests.builders.pages import Authority, Somebody, authority
from tests.builders.running import wait_until
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
SECONDS = 60.0


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
def made_at_once() -> Iterator[None]:
    """Every scenario is waited for, however loaded the machine: no test sees how far it is unless it means to."""
    with patch.object(making, "WAIT_SECONDS", 60.0):
        yield


class Slowly:
    """Scenarios that are made slowly: each waits for `may_go_on`. `asked` says of each whether it is still wanted."""

    def __init__(self) -> None:
        self.may_go_on = threading.Event()
        self.asked: list[Callable[[], bool]] = []

    def set(self) -> None:
        """Let them be made."""
        self.may_go_on.set()

    def wait_until_unwanted(self) -> None:
        """Until placement has heard that nobody waits for the last."""
        wait_until(lambda: bool(self.asked) and not self.asked[-1](), "placement hears that nobody waits")

    def create(self, context: Context, request: creating.Request, still_wanted: Callable[[], bool]) -> Any:
        """As the operation, but slowly."""
        self.asked.append(still_wanted)
        assert self.may_go_on.wait(SECONDS)
        return creating.create_scenario(context, request, still_wanted)


@contextmanager
def made_slowly() -> Iterator[Slowly]:
    """No scenario is made until this is set, and the pages do not wait for it."""
    slowly = Slowly()
    with patch.object(scenarios, "create_scenario", slowly.create), patch.object(making, "WAIT_SECONDS", 0.05):
        yield slowly
        slowly.set()


def until_done(planner: Somebody) -> None:
    """Look again until the work is at its end."""
    began = time.monotonic()
    while "See how far it has come now" in planner.text:
        assert time.monotonic() - began < SECONDS, planner.text
        time.sleep(0.1)
        planner.open(planner.path)


@contextmanager
def planned_authority(folder: Path) -> Iterator[PlannedAuthority]:
    """Real services; INBOROUGH_TODAY must be the day of tests/builders/deciding.py. Scenarios are made at once."""
    with authority(folder) as found, made_at_once():
        engine = open_database(f"sqlite:///{folder / 'placement.db'}")
        try:
            yield PlannedAuthority(found, engine)
        finally:
            engine.dispose()
