"""Settings of the cost service, from the environment (INBOROUGH_COST_…)."""

from __future__ import annotations

from pathlib import Path

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
    travel_provider: str = Field(
        "straight_line",
        pattern="^(straight_line|osrm|valhalla)$",
        description="Who says how far it is where no imported matrix does: straight_line, osrm or valhalla.",
    )
    travel_driving_url: str = Field("", description="Address of the council's own router for journeys by road.")
    travel_walking_url: str = Field(
        "", description="Address of its router on foot. Empty: for valhalla the same, for osrm the straight line."
    )
    travel_seconds: float = Field(10, gt=0, le=60, description="Seconds in which a router must answer one call.")
    travel_keep_days: int = Field(180, ge=1, le=3650, description="Days for which a router's answers are kept.")
    travel_authority: Path | None = Field(
        None, description="File of the certificates that the router's is signed by. Empty: the public ones."
    )
    travel_public_http: str = Field(
        "", pattern="^(accepted)?$", description="accepted: homes may go to a router in the clear, to any address."
    )
    usual_bell_minutes: int = Field(
        530, ge=360, le=720, description="When a setting begins that no bell time names, minutes after midnight."
    )
    boarding_minutes: int = Field(2, ge=0, le=15, description="Minutes for which a vehicle stands at a home.")
    set_down_early_minutes: int = Field(
        10, ge=0, le=60, description="Minutes before its bell from which a child may be set down."
    )
    run_processes: int = Field(2, ge=1, le=16, description="Processes that plan runs at the same time.")
