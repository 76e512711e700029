"""The previous release at work, in a process of its own: run in its folder, with its code first on the path.

It starts all services on the databases of the environment, brings the small authority in, and then does what each line
of its input says, answering each with a line of JSON. It imports nothing of today's code.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

SERVICES = ("caseload", "provision", "cost", "placement", "journal")


def main() -> None:
    """Start, then serve until the input ends."""
    from shared.grpc_server import start_server

    running = []
    for name in SERVICES:
        module = importlib.import_module(f"services.{name}.main")
        settings = module.Settings()
        running.append(start_server(settings, module.build(settings)))
    addresses = {f"{name}_address": os.environ[f"INBOROUGH_{name.upper()}_ADDRESS"] for name in SERVICES}
    _work(addresses)
    for server in reversed(running):
        server.stop(0)


def _work(addresses: dict[str, str]) -> None:
    from tests.builders import deciding

    case_ids = deciding.load(addresses, Path(sys.argv[1]))
    with deciding.sitting(addresses["placement_address"], addresses, case_ids) as panel:
        _tell(case_ids=case_ids)
        for line in sys.stdin:
            try:
                _tell(**_do(panel, json.loads(line)))
            except Exception as error:
                _tell(failed=type(error).__name__)


def _do(panel: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """Decide about a child, or read what was decided and what is on the books."""
    if "decide" in asked:
        return {"decision_id": panel.record(asked["decide"]).decision_id}
    decision = panel.read(asked["read"]).decision
    return {"case_id": decision.case_id, "offers": len(panel.offers()), "etag": panel.case(asked["case"]).etag}


def _tell(**facts: Any) -> None:
    print(f"told {json.dumps(facts)}", flush=True)


if __name__ == "__main__":
    main()
