"""The embedded system as a newcomer starts it, with ports and a folder of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.builders.ports import free_ports

INBOROUGH = [sys.executable, "-m", "services.cli.main"]
SERVICES = ("CASELOAD", "PROVISION", "COST", "PLACEMENT", "JOURNAL")


def own_environment(folder: Path) -> dict[str, str]:
    """Free ports, and a var folder under this one."""
    *ports, web = free_ports(len(SERVICES) + 1)
    addresses = {f"INBOROUGH_{each}_ADDRESS": f"127.0.0.1:{port}" for each, port in zip(SERVICES, ports, strict=True)}
    unmeasured = {f"INBOROUGH_{each}_METRICS_PORT": "0" for each in (*SERVICES, "PLACEMENT_EVENTS", "WEB")}
    return {"INBOROUGH_VAR": str(folder / "var"), "INBOROUGH_WEB_PORT": str(web), **addresses, **unmeasured}


@contextmanager
def staying_up(*options: str, environment: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    """`inborough up`, from when it says that it is up; asked to end afterwards if it still runs."""
    up = subprocess.Popen([*INBOROUGH, "up", *options], stdout=subprocess.PIPE, text=True, env=environment)
    assert up.stdout is not None
    try:
        said = ""
        while "Inborough is up" not in said:
            line = up.stdout.readline()
            assert line, "it stopped before it was up"
            said += line
        yield up
    finally:
        up.send_signal(signal.SIGTERM)
        up.communicate(timeout=30)
