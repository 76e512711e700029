"""Settings of the journal, from the environment (INBOROUGH_JOURNAL_…)."""

from __future__ import annotations

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings

DEMONSTRATION_KEY = "demonstration-key-that-seals-nothing-in-earnest"
"""Public on purpose, as the demonstration is. Whoever knows the key can forge a journal."""


class Settings(ServiceSettings):
    """One process's settings, read once at start. Both processes of the journal read them."""

    model_config = SettingsConfigDict(env_prefix="INBOROUGH_JOURNAL_", frozen=True, extra="ignore")

    port: int = Field(50055, ge=0, le=65535, description="gRPC port; 0 picks a free one.")
    metrics_port: int = Field(9105, ge=0, le=65535, description="Port of /metrics; 0 picks a free one.")
    key: SecretStr = Field(
        SecretStr(DEMONSTRATION_KEY),
        min_length=16,
        description="Secret that entries are sealed with. Production sets its own once, and never changes it.",
    )


class EventsSettings(ServiceSettings):
    """INBOROUGH_JOURNAL_EVENTS_…: the events process, which has metrics and no gRPC server of its own."""

    model_config = SettingsConfigDict(env_prefix="INBOROUGH_JOURNAL_EVENTS_", frozen=True, extra="ignore")

    metrics_port: int = Field(9108, ge=0, le=65535)
