"""Settings that every service has. Each service adds its own in its settings.py; all come from the environment.

A setting may instead lie in a file of the folder INBOROUGH_SECRETS, named as its variable in small letters. That is for
secrets: an environment is inherited, and shown by more tools than one thinks of.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, urlsplit

from pydantic import DirectoryPath, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SecretsSettingsSource, SettingsConfigDict

from shared import server_tls
from shared.tracing.settings import TraceSettings

SECRETS = "INBOROUGH_SECRETS"


class ServiceSettings(TraceSettings):
    """One service's settings, read once at start and never changed.

    A subclass sets `env_prefix="INBOROUGH_<SERVICE>_"`. Neighbours' addresses are the same variable in every process.
    """

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", populate_by_name=True, env_ignore_empty=True, hide_input_in_errors=True
    )

    host: str = Field("127.0.0.1", description="Interface that gRPC and metrics listen on.")
    port: int = Field(0, ge=0, le=65535, description="gRPC port; 0 picks a free one.")
    metrics_port: int = Field(0, ge=0, le=65535, description="Port of /metrics; 0 picks a free one.")
    database_url: str = Field("", description="SQLAlchemy URL. Empty: SQLite under the var folder.")
    database_password: SecretStr = Field(SecretStr(""), description="Put into the URL. Empty: the URL as it is.")
    database_tls: server_tls.How = Field(
        "",
        validation_alias="INBOROUGH_DATABASE_TLS",
        description="Of PostgreSQL: on, system or off. Empty: as the URL.",
    )
    threads: int = Field(8, ge=1, le=128, description="RPCs handled at once.")
    calls_a_minute: int = Field(3000, ge=0, le=1_000_000, description="RPCs of one person in a minute. 0: any number.")
    calls_at_once: int = Field(6, ge=1, le=128, description="RPCs of one person at once; two threads stay free.")
    costly_calls_a_minute: int = Field(
        120, ge=0, le=1_000_000, description="Long RPCs, such as imports and plans, of one person in a minute."
    )
    costly_calls_at_once: int = Field(3, ge=1, le=128, description="Long RPCs of one person at once.")
    waiting_calls: int = Field(
        400, ge=1, le=100_000, description="RPCs of everybody that run or wait; more are refused."
    )
    connection_calls: int = Field(
        100, ge=1, le=10_000, description="RPCs at once on one connection; more wait outside."
    )
    connection_minutes: int = Field(
        60, ge=1, le=1440, description="Minutes after which a client connects anew, and shows its certificate again."
    )
    message_mib: int = Field(256, ge=1, le=1024, description="MiB that one request may have.")
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    migrate: bool = Field(True, description="Bring the database up to date at start.")
    var: Path = Field(
        Path("var"), validation_alias="INBOROUGH_VAR", description="Folder of the embedded default's files."
    )
    broker_url: str = Field(
        "", validation_alias="INBOROUGH_BROKER_URL", description="Broker of hints. Empty: files under the var folder."
    )
    broker_password: SecretStr = Field(
        SecretStr(""),
        validation_alias="INBOROUGH_BROKER_PASSWORD",
        description="Put into the broker's URL. Empty: the URL as it is.",
    )
    broker_tls: server_tls.How = Field(
        "", validation_alias="INBOROUGH_BROKER_TLS", description="Of RabbitMQ: on, system or off. Empty: as the URL."
    )
    secrets: DirectoryPath | None = Field(
        None, validation_alias=SECRETS, description="Folder with a file for each secret. Empty: the environment alone."
    )
    identity: Path | None = Field(
        None,
        validation_alias="INBOROUGH_IDENTITY",
        description="Folder of the front door's keys. Empty: that of INBOROUGH_TLS, else under var.",
    )
    tls: Path | None = Field(
        None,
        validation_alias="INBOROUGH_TLS",
        description="Folder with certificate.pem, key.pem and authority.pem. Empty: calls in the clear, loopback only.",
    )
    trust_domain: str = Field(
        "inborough",
        validation_alias="INBOROUGH_TRUST_DOMAIN",
        pattern="^[a-z0-9][a-z0-9.-]{0,99}$",
        description="Of the SPIFFE names in certificates.",
    )
    request_days: int = Field(
        90,
        ge=1,
        le=3650,
        validation_alias="INBOROUGH_REQUEST_DAYS",
        description="Days for which a request that is repeated has the answer given before.",
    )
    revision: str = Field(
        "unknown",
        validation_alias="INBOROUGH_REVISION",
        pattern="^[A-Za-z0-9._-]{1,64}$",
        description="Commit that was built; /metrics shows it.",
    )
    authority: str = Field("E06000006", validation_alias="INBOROUGH_AUTHORITY", pattern=r"^E\d{8}$")
    caseload_address: str = Field("127.0.0.1:50051", validation_alias="INBOROUGH_CASELOAD_ADDRESS")
    provision_address: str = Field("127.0.0.1:50052", validation_alias="INBOROUGH_PROVISION_ADDRESS")
    cost_address: str = Field("127.0.0.1:50053", validation_alias="INBOROUGH_COST_ADDRESS")
    placement_address: str = Field("127.0.0.1:50054", validation_alias="INBOROUGH_PLACEMENT_ADDRESS")
    journal_address: str = Field("127.0.0.1:50055", validation_alias="INBOROUGH_JOURNAL_ADDRESS")

    @property
    def identity_folder(self) -> Path:
        """Where the front door's keys are."""
        return self.identity or self.tls or self.var.resolve() / "identity"

    def address(self, service: str) -> str:
        """host:port of a service."""
        return str(getattr(self, f"{service}_address"))

    def database(self, service: str) -> str:
        """The database URL with its password, or the embedded default's SQLite file for `service`."""
        url = self.database_url or f"sqlite:///{self.var.resolve() / f'{service}.db'}"
        return _with_password(server_tls.database_under_tls(url, self.database_tls, self.tls), self.database_password)

    @property
    def broker(self) -> str:
        """The broker's URL with its password; "" for the embedded default's files."""
        return _with_password(server_tls.broker_under_tls(self.broker_url, self.broker_tls), self.broker_password)

    @property
    def broker_options(self) -> dict[str, Any] | None:
        """What the broker's library is told of TLS; None in the clear."""
        return server_tls.broker_options(self.broker, self.broker_tls, self.tls)

    @model_validator(mode="after")
    def _reach_servers_safely(self) -> Self:
        asked = {
            "INBOROUGH_DATABASE_TLS": (self.database_tls, self.database_url),
            "INBOROUGH_BROKER_TLS": (self.broker_tls, self.broker_url),
        }
        for variable, (how, url) in asked.items():
            if fault := server_tls.fault_of(how, url, self.tls):
                raise ValueError(f"{variable}={fault}.")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment, then files: a folder that is not there is refused by its field."""
        folder = os.environ.get(SECRETS, "")
        if not os.path.isdir(folder):
            return init_settings, env_settings
        return init_settings, env_settings, SecretsSettingsSource(settings_cls, secrets_dir=folder)


def _with_password(url: str, password: SecretStr) -> str:
    """`url`, which names a user, with that user's password in it."""
    secret, parts = password.get_secret_value(), urlsplit(url)
    if not secret or not parts.username:
        return url
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{parts.username}:{quote(secret, safe='')}@{host}").geturl()
