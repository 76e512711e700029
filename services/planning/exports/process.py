"""A scenario's file for others, as a process of its own: `python -m services.planning.exports.process`.

In: one JSON object with the result (a GetScenarioResultResponse, base64), the form, and kinds and settings of pools.
Out: a line of JSON, {"step": "…"}, then {"answer": {"content": base64, "suffix": "xlsx"}}.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Mapping
from typing import Any

from inborough.placement.v1 import scenarios_pb2
from services.planning.exports.scenario import sheets_of
from services.planning.exports.sheets import as_csv, as_xlsx
from services.planning.exports.wanted import FORMS


def main() -> None:
    """Read what is wanted, make it, say it."""
    wanted = json.load(sys.stdin)
    print(json.dumps({"step": "Leaving small counts out"}), flush=True)
    print(json.dumps({"answer": answer_to(wanted)}), flush=True)


def answer_to(wanted: Mapping[str, Any]) -> dict[str, str]:
    """The file: CSV of the first sheet alone, or a workbook of all."""
    result = scenarios_pb2.GetScenarioResultResponse.FromString(base64.b64decode(wanted["result"]))
    form = wanted["form"]
    sheets = sheets_of(result, FORMS[form], wanted["kinds"], wanted["settings"])
    content = as_csv(sheets[0]).encode() if form == "csv" else as_xlsx(sheets)
    return {"content": base64.b64encode(content).decode(), "suffix": "csv" if form == "csv" else "xlsx"}


if __name__ == "__main__":
    main()
