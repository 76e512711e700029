"""Settings of the cost service, from the environment (INBOROUGH_COST_…)."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """One process's settings, read once at start."""

    model_config = SettingsConfigDict(env_prefix="INBOROUGH_COST_", frozen=True, extra="ignore")

    port: int = Field(50053, ge=0, le=65535, description="gRPC port; 0 picks a free one.")
    metrics_port: int = Field(9103, ge=0, le=65535, description="Port of /metrics; 0 picks a free one.")
    post_16_travel_paid: bool = Field(
        True, description="Whether the authority's own policy pays for travel after Year 11."
    )
    detour_percent: int = Field(
        130, ge=100, le=300, description="Length of a route as a percentage of the straight line."
    )
    speed_kmh: int = Field(30, ge=5, le=110, description="Speed of a school vehicle, kilometres an hour.")
    fixed_minutes: int = Field(5, ge=0, le=60, description="Minutes of every journey for getting in and out.")
