"""Where spans go and how many of them, from the environment."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.identity.set_up import SetUpWrong
from shared.tracing import VARIABLE


class TraceSettings(BaseSettings):
    """What every process reads: a service with its other settings, a worker process by itself."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", populate_by_name=True, env_ignore_empty=True, hide_input_in_errors=True
    )

    traces: str = Field(
        "",
        validation_alias=VARIABLE,
        pattern=r"^(https?://[A-Za-z0-9.\-\[\]:]+|file:///\S+)?$",
        description="Collector that takes OTLP over gRPC, or file:///PATH for a span a line. Empty: no traces.",
    )
    traces_share: float = Field(
        1.0, ge=0, le=1, validation_alias="INBOROUGH_TRACES_SHARE", description="Share of requests that are traced."
    )
    traces_authority: Path | None = Field(
        None,
        validation_alias="INBOROUGH_TRACES_AUTHORITY",
        description="Certificates that an https collector's is signed by. Empty: the public ones.",
    )
    plain_text: str = Field(
        "",
        validation_alias="INBOROUGH_PLAIN_TEXT",
        pattern="^(accepted)?$",
        description="accepted: calls in the clear may leave this machine.",
    )

    @property
    def traces_file(self) -> Path | None:
        """The file that spans are written to; None: they go to a collector."""
        parts = urlsplit(self.traces)
        return Path(parts.path) if parts.scheme == "file" else None

    @property
    def traces_host(self) -> str:
        """The collector's host."""
        return urlsplit(self.traces).hostname or ""

    @property
    def traces_stay_private(self) -> bool:
        """Whether spans may go to this machine and private addresses only, because they travel in the clear."""
        return self.traces.startswith("http:") and self.plain_text != "accepted"

    def check_traces(self) -> None:
        """Raises SetUpWrong when spans would leave private networks in the clear, or certificates are not there.

        A collector that is named is looked up when there is something to send: it may come up later.
        """
        if self.traces_stay_private and _is_address(self.traces_host) and not is_private(self.traces_host):
            raise SetUpWrong(
                f"{VARIABLE}: plain HTTP is for this machine and private addresses. Give the collector an https "
                "address, or set INBOROUGH_PLAIN_TEXT=accepted where the network itself keeps others out."
            )
        if self.traces_authority and not self.traces_authority.is_file():
            raise SetUpWrong(f"INBOROUGH_TRACES_AUTHORITY: there is no file {self.traces_authority}.")


def is_private(address: str) -> bool:
    """Whether an address is this machine's, or of a private network (RFC 1918, RFC 4193)."""
    return ip_address(address.partition("%")[0]).is_private


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
