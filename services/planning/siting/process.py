"""Which bids to fund, as a process: `python -m services.planning.siting.process`, for a page that must not wait.

In: one JSON object with bids (name and content in base64), demand (as `demand_json` has it), prices, choices, search.
Out: a line of JSON a step, {"step": "…"}; then {"answer": …} as docs/json.md has it, with the facts of bids and the
workbook (base64), or {"wrong": "…"}.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

from services.placement.model.siting import SitingProgress, SitingSearch, solve_siting
from services.planning.exports.sheets import as_xlsx
from services.planning.refused import Refused
from services.planning.siting.answer import Sited, siting_json, siting_sheets
from services.planning.siting.bids import read_bids
from services.planning.siting.build import Choices, Prices, build_problem
from services.planning.siting.demand import Demand
from services.planning.siting.steps import step_line
from shared.imports.report import SourceFile


def main() -> None:
    """Read what is wanted, find it, say it."""
    wanted = json.load(sys.stdin)
    try:
        _say(answer=answer_to(wanted))
    except Refused as error:
        _say(wrong=f"{error.message} {error.advice}".strip())
    except (ValueError, TimeoutError) as error:
        _say(wrong=str(error))


def answer_to(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The answer, as siting_json has it, with the bids' own facts. Raises Refused, ValueError and TimeoutError."""
    file = SourceFile(wanted["bids"]["name"], base64.b64decode(wanted["bids"]["content"]))
    bids, demand = read_bids(file), demand_of(wanted["demand"])
    problem = build_problem(bids, demand, Prices(**wanted["prices"]), Choices(**wanted["choices"]))
    sited = Sited(
        {bid.bid_ref: bid for bid in bids},
        demand,
        problem,
        solve_siting(problem, SitingSearch(**wanted["search"]), _tell),
    )
    facts = {
        bid.bid_ref: {"setting": bid.setting, "kind": bid.kind, "places": bid.places, "capital_pence": bid.capital}
        for bid in bids
    }
    workbook = base64.b64encode(as_xlsx(siting_sheets(sited))).decode()
    return {**siting_json(sited), "bids": facts, "bases": sorted({bid.basis for bid in bids}), "xlsx": workbook}


def demand_of(told: Mapping[str, Any]) -> Demand:
    """Demand paths from JSON."""
    cells = tuple((need, phase, area) for need, phase, area in told["cells"])
    years = tuple(told["years"])
    children = np.array(told["children"], dtype=np.int64).reshape(len(told["paths"]), len(years), len(cells))
    return Demand(tuple(told["paths"]), years, cells, children)


def demand_json(demand: Demand) -> dict[str, Any]:
    """Demand paths for JSON."""
    return {
        "paths": list(demand.paths),
        "years": list(demand.years),
        "cells": [list(cell) for cell in demand.cells],
        "children": demand.children.ravel().tolist(),
    }


def _tell(progress: SitingProgress) -> None:
    _say(step=step_line(progress))


def _say(**told: Any) -> None:
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
