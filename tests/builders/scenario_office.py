"""A placement database, and events processes of placement that simulate the scenarios in it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import Engine

from services.placement.domain.scenarios import State
from tests.builders.brokers import Broker
from tests.builders.running import Process, running_process, wait_until
from tests.builders.scenarios import find

NOBODY = "127.0.0.1:1"


class Office:
    """A placement database, and events processes that simulate what is in it."""

    def __init__(self, engine: Engine, broker: Broker, folder: Path) -> None:
        self.engine, self.broker, self._folder = engine, broker, folder
        (folder / "failpoints").mkdir()

    def start(self, name: str, **settings: object) -> AbstractContextManager[Process]:
        """An events process of placement; its neighbours do not answer."""
        environment = {
            **self.broker.environment,
            **{f"INBOROUGH_{name}_ADDRESS": NOBODY for name in ("CASELOAD", "PROVISION", "COST", "PLACEMENT")},
            "INBOROUGH_PLACEMENT_EVENTS_METRICS_PORT": "0",
            "INBOROUGH_SCENARIO_WORKERS": "2",
            "INBOROUGH_SCENARIO_LEASE_SECONDS": "2",
            "INBOROUGH_FAILPOINTS": str(self._folder / "failpoints"),
            "INBOROUGH_PLACEMENT_DATABASE_URL": self.engine.url.render_as_string(hide_password=False),
            **{f"INBOROUGH_SCENARIO_{name.upper()}": str(value) for name, value in settings.items()},
        }
        return running_process(["services.placement.events"], environment, self._folder / f"{name}.log")

    def arm(self, failpoint: str, passes: int = 0) -> None:
        """Kill the next worker that passes here, or one a few passes later."""
        (self._folder / "failpoints" / failpoint).write_text(str(passes))

    def armed(self, failpoint: str) -> bool:
        return (self._folder / "failpoints" / failpoint).exists()

    def is_finished(self, scenario_id: str) -> bool:
        return find(self.engine, scenario_id).state is State.FINISHED

    def wait_until_finished(self, scenario_id: str, seconds: float = 120) -> None:
        wait_until(lambda: self.is_finished(scenario_id), "finished", seconds)
