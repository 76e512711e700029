"""Settings of the pages, from the environment (INBOROUGH_WEB_…)."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from shared.identity import PEOPLES_ROLES
from shared.machine import is_this_machine
from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """One process's settings, read once at start. Without an OIDC issuer people sign in as demo users, here alone."""

    model_config = SettingsConfigDict(env_prefix="INBOROUGH_WEB_", frozen=True, extra="ignore", env_ignore_empty=True)

    port: int = Field(8080, ge=0, le=65535, description="HTTP port; 0 picks a free one.")
    metrics_port: int = Field(9106, ge=0, le=65535, description="Port of /metrics; 0 picks a free one.")
    public_url: str = Field(
        "",
        pattern=r"^(https?://[A-Za-z0-9.\-\[\]:]+)?$",
        description="Where browsers find the pages. Empty: host and port.",
    )
    council: str = Field(
        "Halton (demonstration)", min_length=1, max_length=60, description="Whose pages these are, for their head."
    )
    contact: str = Field(
        "your system administrator", min_length=1, max_length=120, description="Whom to ask when something goes wrong."
    )
    session_minutes: int = Field(45, ge=5, le=240, description="Minutes without a request after which a session ends.")
    session_hours: int = Field(10, ge=1, le=24, description="Hours after which a session ends in any case.")
    recheck_minutes: int = Field(
        45, ge=5, le=600, description="Minutes after which the issuer is asked again who somebody is and what roles."
    )
    pages_a_minute: int = Field(
        600, ge=0, le=1_000_000, description="Requests of one person in a minute. 0: any number."
    )
    sign_ins_a_minute: int = Field(
        300, ge=0, le=1_000_000, description="Requests of one address in a minute without a session. 0: any number."
    )
    connections: int = Field(400, ge=1, le=100_000, description="Connections at once; more are told to come back.")
    head_seconds: int = Field(10, ge=1, le=300, description="Seconds in which the head of a request must have come.")
    body_seconds: int = Field(300, ge=1, le=3600, description="Seconds in which a form and its files must have come.")
    keep_alive_seconds: int = Field(15, ge=1, le=300, description="Seconds for which an idle connection is kept.")
    proxies: str = Field(
        "",
        pattern=r"^([0-9A-Fa-f.:/]+(,[0-9A-Fa-f.:/]+)*)?$",
        description="Addresses of reverse proxies whose X-Forwarded-For is believed, by commas. Empty: nobody's.",
    )
    draft_days: int = Field(7, ge=1, le=60, description="Days for which what was filled in and not sent is kept.")
    data: Path | None = Field(
        None,
        validation_alias="INBOROUGH_DATA",
        description="Folder of the Department's published tables, for forecasts. Empty: none are shown.",
    )
    oidc_issuer: str = Field("", pattern=r"^(https?://\S+)?$", description="OpenID Connect issuer. Empty: demo users.")
    oidc_client_id: str = Field("", description="This application at the issuer.")
    oidc_client_secret: str = Field("", repr=False, description="Its secret.")
    oidc_roles_claim: str = Field("roles", min_length=1, description="Claim with the person's roles; Entra's is roles.")
    oidc_roles: dict[str, str] = Field(
        default_factory=dict, description="Our role by the issuer's, as JSON; a role of our own name needs no entry."
    )

    oidc_need: dict[str, str] = Field(
        default_factory=dict,
        description="What the ID token must say besides, as JSON: value by claim, such as of a second factor.",
    )

    @field_validator("oidc_roles")
    @classmethod
    def _only_roles_of_people(cls, given: dict[str, str]) -> dict[str, str]:
        if unknown := sorted(set(given.values()) - set(PEOPLES_ROLES)):
            raise ValueError(f"{', '.join(unknown)}: not a role; roles are {', '.join(PEOPLES_ROLES)}")
        return given

    @model_validator(mode="after")
    def _sign_in_is_whole(self) -> Self:
        if bool(self.oidc_issuer) != bool(self.oidc_client_id and self.oidc_client_secret):
            raise ValueError("an OIDC issuer, client id and client secret come together")
        if self.oidc_issuer and not self.public_url:
            raise ValueError("with an OIDC issuer INBOROUGH_WEB_PUBLIC_URL must say where browsers find the pages")
        if not self.oidc_issuer and not is_this_machine(urlsplit(self.public_url or "http://localhost").hostname or ""):
            raise ValueError("without an OIDC issuer INBOROUGH_WEB_PUBLIC_URL must be of this machine: demo users are")
        return self

    @model_validator(mode="after")
    def _sign_in_travels_under_tls(self) -> Self:
        told = {"INBOROUGH_WEB_OIDC_ISSUER": self.oidc_issuer, "INBOROUGH_WEB_PUBLIC_URL": self.public_url}
        for name, url in told.items():
            parts = urlsplit(url)
            if self.oidc_issuer and parts.scheme != "https" and not is_this_machine(parts.hostname or ""):
                raise ValueError(f"{name} must be https://: in the clear anybody on the way could sign in as others")
        return self

    @property
    def demo_sign_in(self) -> bool:
        """Whether people choose a demo user, which is for this machine alone."""
        return not self.oidc_issuer

    @cached_property
    def url(self) -> str:
        """Where browsers find the pages, without a slash at the end."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def https(self) -> bool:
        """Whether browsers reach the pages under TLS, so that cookies may insist on it."""
        return self.url.startswith("https://")

    @property
    def hosts(self) -> list[str]:
        """Names that a request may be sent to; any other is refused, so that no page of another site can reach ours."""
        own = urlsplit(self.url).hostname or ""
        return [own, "localhost", "127.0.0.1", "[::1]"] if self.demo_sign_in else [own, "localhost", "127.0.0.1"]

    @property
    def serves_this_machine_alone(self) -> bool:
        """Whether only this machine can reach the pages."""
        return is_this_machine(self.host)
