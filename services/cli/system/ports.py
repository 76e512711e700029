"""The ports that the embedded system needs: what each service is told, and whether each port is free."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from pathlib import Path

from services.cli.calls import CommandSettings
from services.cli.exits import SERVICE_DOWN
from services.cli.failures import CannotGoOn
from services.cli.system.health import SERVICES
from services.cli.system.web import LOOPBACK, PORT
from services.cli.typed import typed

METRICS_PORTS = {
    "caseload": 9101,
    "provision": 9102,
    "cost": 9103,
    "placement": 9104,
    "journal": 9105,
    "web": 9106,
    "placement_events": 9109,
}
"""Where each process serves /metrics when nobody says otherwise. The events process has placement's port."""


SPARING = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}
"""Has the C library give memory back after a large answer: a fifth less at rest, for eight processes on one machine."""


def environment(settings: CommandSettings) -> dict[str, str]:
    """What the processes are started with: this environment, one var folder, and each service's own address."""
    told = SPARING | dict(os.environ, INBOROUGH_VAR=str(settings.var.resolve()), PYTHONUNBUFFERED="1")
    for service in SERVICES:
        host, port = _split(settings.address(service), service)
        told[f"INBOROUGH_{service.upper()}_HOST"] = host
        told[f"INBOROUGH_{service.upper()}_PORT"] = str(port)
    return told


def need_free_ports(told: Mapping[str, str]) -> None:
    """Raises CannotGoOn, naming the port and what to do, when one cannot be listened on."""
    for service in SERVICES:
        host, variable = told[f"INBOROUGH_{service.upper()}_HOST"], f"INBOROUGH_{service.upper()}_ADDRESS"
        _need_free(host, told[f"INBOROUGH_{service.upper()}_PORT"], service, f"{variable}={host}:PORT")
    variable = "INBOROUGH_WEB_PORT=PORT"
    _need_free(told.get("INBOROUGH_WEB_HOST", LOOPBACK), told.get("INBOROUGH_WEB_PORT", str(PORT)), "web", variable)
    for process, port in METRICS_PORTS.items():
        host = told.get(f"INBOROUGH_{process.upper()}_HOST", LOOPBACK)
        variable = f"INBOROUGH_{process.upper()}_METRICS_PORT"
        _need_free(host, told.get(variable, str(port)), f"{process} (metrics)", f"{variable}=PORT")


def _need_free(host: str, port: str, service: str, variable: str) -> None:
    if not port.isdigit():
        raise CannotGoOn(f"The port of {service} is {port!r}, not a number.", f"Set {variable}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            raise CannotGoOn(
                f"{service} cannot listen on {host}:{port} ({error.strerror}).",
                f"If Inborough is up already, use it: see `{typed('health')}`. Else stop the program that has the "
                f"port, or set {variable} to a free one and start again.",
                SERVICE_DOWN,
            ) from None


def _split(address: str, service: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        raise CannotGoOn(
            f"INBOROUGH_{service.upper()}_ADDRESS is {address!r}, not host:port.", "Write 127.0.0.1:50051."
        )
    return host, int(port)


def logs_folder(settings: CommandSettings) -> Path:
    """Where the processes' logs go."""
    return settings.var.resolve() / "logs"
