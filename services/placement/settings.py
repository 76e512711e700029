"""Settings of the placement service, from the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings

DEMONSTRATION_KEY = "demonstration-key-for-invented-children-only"
"""Public on purpose. Never for real children: whoever knows it and a case id knows the pseudonym."""

MOST_EMBEDDED_WORKERS = 2


class Settings(ServiceSettings):
    """INBOROUGH_PLACEMENT_… and the addresses of the neighbours."""

    model_config = SettingsConfigDict(env_prefix="INBOROUGH_PLACEMENT_", frozen=True, extra="ignore")

    port: int = Field(50054, ge=0, le=65535)
    metrics_port: int = Field(9104, ge=0, le=65535)
    pseudonym_key: SecretStr = Field(
        SecretStr(DEMONSTRATION_KEY),
        min_length=16,
        description="Secret that planners' pseudonyms are made with. Production sets its own, not caseload's.",
    )
    reply_rule: Literal["15_calendar_days", "15_school_days"] = Field(
        "15_calendar_days", description="How long a setting has to reply to a consultation."
    )
    school_closures: Path | None = Field(
        None, validation_alias="INBOROUGH_SCHOOL_CLOSURES", description="CSV of the days on which schools are closed."
    )


class EventsSettings(ServiceSettings):
    """INBOROUGH_PLACEMENT_EVENTS_…: the events process, which has metrics and no gRPC server of its own."""

    model_config = SettingsConfigDict(env_prefix="INBOROUGH_PLACEMENT_EVENTS_", frozen=True, extra="ignore")

    metrics_port: int = Field(9109, ge=0, le=65535)
    scenario_workers: int | None = Field(
        None,
        ge=0,
        le=256,
        validation_alias="INBOROUGH_SCENARIO_WORKERS",
        description="Processes that simulate scenarios. Empty: one a core, two at most with the embedded broker.",
    )
    scenario_lease_seconds: float = Field(
        60.0,
        ge=1,
        le=3600,
        validation_alias="INBOROUGH_SCENARIO_LEASE_SECONDS",
        description="After how long a worker that says nothing more counts as gone.",
    )

    @property
    def workers(self) -> int:
        """How many processes simulate scenarios here; 0: none do."""
        if self.scenario_workers is not None:
            return self.scenario_workers
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return cores if self.broker_url else min(MOST_EMBEDDED_WORKERS, cores)
