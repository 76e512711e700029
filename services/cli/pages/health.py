"""The health of the services: a table and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.table import Table

from services.cli import terminal
from services.cli.system.health import ServiceHealth


def health_table(found: Sequence[ServiceHealth]) -> Table:
    """One row a service."""
    rows = [
        (each.service, each.address, each.state, f"{each.milliseconds:.0f} ms" if each.serving else "")
        for each in found
    ]
    return terminal.table(("Service", "Address", "State", "Took"), rows, right=("Took",))


def health_json(found: Sequence[ServiceHealth]) -> dict[str, Any]:
    """Service to state."""
    return {
        "serving": all(each.serving for each in found),
        "services": {each.service: {"address": each.address, "state": each.state} for each in found},
    }
