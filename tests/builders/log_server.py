"""A service that has an event log and nothing else: `python -m tests.builders.log_server`, a process as ours are.

Its RPC RetryDeadLetters records an event, and so stands for any RPC that changes something.
"""

from __future__ import annotations

import os

from pydantic_settings import SettingsConfigDict

from shared import logs
from shared.event_log import servicer
from shared.grpc_server import run_until_stopped
from shared.settings import ServiceSettings
from tests.builders.event_logs import opened


class Settings(ServiceSettings):
    """INBOROUGH_TEST_LOG_…"""

    model_config = SettingsConfigDict(env_prefix="INBOROUGH_TEST_LOG_", frozen=True, extra="ignore")


if __name__ == "__main__":
    name = os.environ.get("INBOROUGH_TEST_LOG_NAME", "caseload")
    settings = Settings()
    logs.configure(name)
    with opened(settings.database(name)) as engine:
        run_until_stopped(name, settings, [servicer.handled(engine)])
