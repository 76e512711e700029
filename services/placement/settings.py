"""Settings of the placement service, from the environment."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """INBOROUGH_PLACEMENT_… and the addresses of the neighbours."""

    model_config = SettingsConfigDict(env_prefix="INBOROUGH_PLACEMENT_", frozen=True, extra="ignore")

    port: int = Field(50054, ge=0, le=65535)
    metrics_port: int = Field(9104, ge=0, le=65535)


class EventsSettings(ServiceSettings):
    """INBOROUGH_PLACEMENT_EVENTS_…: the events process, which has metrics and no gRPC server of its own."""

    model_config = SettingsConfigDict(env_prefix="INBOROUGH_PLACEMENT_EVENTS_", frozen=True, extra="ignore")

    metrics_port: int = Field(9109, ge=0, le=65535)
