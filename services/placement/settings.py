"""Settings of the placement service, from the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings

DEMONSTRATION_KEY = "demonstration-key-for-invented-children-only"
"""Public on purpose. Never for real children: whoever knows it and a case id knows the pseudonym."""


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
