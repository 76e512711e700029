"""Settings of the provision service, from the environment (INBOROUGH_PROVISION_…)."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """One process's settings, read once at start."""

    model_config = SettingsConfigDict(env_prefix="INBOROUGH_PROVISION_", frozen=True, extra="ignore")

    port: int = Field(50052, ge=0, le=65535, description="gRPC port; 0 picks a free one.")
    metrics_port: int = Field(9102, ge=0, le=65535, description="Port of /metrics; 0 picks a free one.")
    authority_la_code: int = Field(
        876,
        validation_alias="INBOROUGH_LA_CODE",
        ge=1,
        le=999,
        description="Department's three-digit code of the authority planned for; it decides what is in borough.",
    )
    offer_days: int = Field(28, ge=1, le=180, description="Days that an offer stands when nobody says until when.")
    caseload_seconds: float = Field(4, gt=0, le=60, description="How long caseload may take to say who holds places.")


class EventsSettings(ServiceSettings):
    """INBOROUGH_PROVISION_EVENTS_…: the events process, which has metrics and no gRPC server of its own."""

    model_config = SettingsConfigDict(env_prefix="INBOROUGH_PROVISION_EVENTS_", frozen=True, extra="ignore")

    metrics_port: int = Field(9107, ge=0, le=65535)
