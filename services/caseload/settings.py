"""Settings of the caseload service, from the environment (INBOROUGH_CASELOAD_…)."""

from __future__ import annotations

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings

DEMONSTRATION_KEY = "demonstration-key-for-invented-children-only"
"""Public on purpose, so that the demonstration's case ids are the same everywhere. Never for real children."""


class Settings(ServiceSettings):
    """One process's settings, read once at start."""

    model_config = SettingsConfigDict(env_prefix="INBOROUGH_CASELOAD_", frozen=True, extra="ignore")

    port: int = Field(50051, ge=0, le=65535, description="gRPC port; 0 picks a free one.")
    metrics_port: int = Field(9101, ge=0, le=65535, description="Port of /metrics; 0 picks a free one.")
    pseudonym_key: SecretStr = Field(
        SecretStr(DEMONSTRATION_KEY),
        min_length=16,
        description="Secret that case ids are made with. Production sets its own once, and never changes it.",
    )
