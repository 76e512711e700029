"""What the process that makes a scenario's file is asked for; nothing heavy is imported here."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from inborough.placement.v1 import scenarios_pb2

FORMS = {"xlsx": "figures", "csv": "figures", "scap": "scap", "dsg": "dsg"}
"""What a file may hold (FORMS of services/planning/exports/scenario.py), by what it is asked for as."""
PROCESS = "services.planning.exports.process"


def wanted_of(
    result: scenarios_pb2.GetScenarioResultResponse, form: str, kinds: Mapping[str, str], settings: Mapping[str, str]
) -> dict[str, Any]:
    """What the process reads; `kinds` and `settings` by pool."""
    sent = base64.b64encode(result.SerializeToString()).decode()
    return {"result": sent, "form": form, "kinds": dict(kinds), "settings": dict(settings)}
