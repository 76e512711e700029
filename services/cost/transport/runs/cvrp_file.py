"""Public route instances in the VRPLIB format: vehicles of one size, stops with demands, and no times.

Distances of EUC_2D are rounded to whole numbers, half up, as those who publish best values do. The best known value is
the least that is published: in the file's COMMENT, in a solution beside it (the same name, `.sol`), or in `PUBLISHED`.

Files that went from hand to hand have blanks within numbers ("66 0 1  5" for point 66 at 0, 15). Where only one way of
joining them gives two numbers as people write them, that is taken, and noted; else the file is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from vrplib.parse import parse_vrplib

from services.cost.transport.runs.cvrp_mending import mend_coordinates
from services.cost.transport.runs.problem import IntArray

PUBLISHED = {"A-n32-k5": 784, "A-n33-k6": 742, "A-n44-k6": 937, "A-n65-k9": 1174, "A-n80-k10": 1763}
"""Proven optima of Augerat's set A at CVRPLIB. Two files' own COMMENT gives an older and higher one."""
MOST_POINTS = 2_000
SUFFIX = ".vrp"
STATED = re.compile(r"\b(?:optimal|best)\b[^0-9]*?(\d+)(?:\.0+)?\b", re.IGNORECASE)
STATED_COST = re.compile(r"^\s*cost\s*:?\s*(\d+)(?:\.0+)?\s*$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, eq=False)
class CvrpInstance:
    """P points, of which point 0 is the depot.

    `demand` is int64[P], at the depot 0; `distance` is int64[P, P]; `best_known` None where nobody has published one.
    `notes` says where the file was read otherwise than it is written.
    """

    name: str
    capacity: int
    demand: IntArray
    distance: IntArray
    best_known: int | None
    notes: tuple[str, ...] = ()


def list_instances(folder: Path) -> list[Path]:
    """The folder's files of this format, by name. Raises ValueError where there is none."""
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() == SUFFIX and file.is_file())
    if not files:
        raise ValueError(f"{folder}: holds no file whose name ends in {SUFFIX}.")
    return files


def read_instance(file: Path) -> CvrpInstance:
    """The file's instance. Raises ValueError naming the file and the rule that it breaks."""
    try:
        text, notes = mend_coordinates(file.read_text(encoding="utf-8"))
        return _checked(file, _parsed(text), notes)
    except UnicodeDecodeError:
        raise ValueError(f"{file.name}: must be text.") from None
    except ValueError as error:
        raise ValueError(f"{file.name}: {error}") from None


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = parse_vrplib(text)
    except Exception:  # the reader raises whatever its arrays and numbers do
        raise ValueError("must be in the VRPLIB format, its distances EUC_2D or EXPLICIT.") from None
    return found


def _checked(file: Path, found: Mapping[str, Any], notes: tuple[str, ...]) -> CvrpInstance:
    _expect(found.get("type") == "CVRP", "TYPE must be CVRP.")
    points = _whole(found, "dimension", MOST_POINTS)
    capacity = _whole(found, "capacity", 10**9)
    for limit in ("distance", "service_time", "vehicles"):
        _expect(limit not in found, f"{limit.upper()}: limits beside CAPACITY are not supported.")
    for section, shape in (("demand", (points,)), ("edge_weight", (points, points)), ("depot", (1,))):
        held = np.asarray(found.get(section, ()))
        _expect(held.shape == shape, f"{section.upper()}_SECTION must have {shape[0]:,} lines.")
    depot, demand = int(found["depot"][0]), _numbers(found["demand"], "DEMAND_SECTION")
    _expect(0 <= depot < points, "DEPOT_SECTION must name one of the points.")
    _expect(int(demand[depot]) == 0, "DEMAND_SECTION must give the depot 0.")
    _expect(bool(demand.max() <= capacity), "DEMAND_SECTION must give no point more than CAPACITY.")
    order = np.array([depot, *(point for point in range(points) if point != depot)])
    distance = _numbers(np.floor(np.asarray(found["edge_weight"], dtype=np.float64) + 0.5), "distances")
    distance = distance[np.ix_(order, order)]
    return CvrpInstance(file.stem, capacity, demand[order], distance, _best_known(file, found), notes)


def _whole(found: Mapping[str, Any], key: str, most: int) -> int:
    value = found.get(key)
    _expect(isinstance(value, int) and 1 <= value <= most, f"{key.upper()} must be a whole number from 1 to {most:,}.")
    return int(found[key])


def _numbers(values: Any, what: str) -> IntArray:
    held = np.asarray(values, dtype=np.float64)
    right = bool(np.isfinite(held).all()) and bool(((held >= 0) & (held == np.floor(held)) & (held <= 10**9)).all())
    _expect(right, f"{what} must be whole numbers from 0 to 1,000,000,000.")
    return held.astype(np.int64)


def _best_known(file: Path, found: Mapping[str, Any]) -> int | None:
    stated = STATED.search(str(found.get("comment", "")))
    values = [int(stated[1])] if stated else []
    if file.stem in PUBLISHED:
        values.append(PUBLISHED[file.stem])
    solution = file.with_suffix(".sol")
    if solution.is_file() and (cost := STATED_COST.search(solution.read_text(encoding="utf-8", errors="replace"))):
        values.append(int(cost[1]))
    return min((value for value in values if value > 0), default=None)


def _expect(holds: bool, rule: str) -> None:
    if not holds:
        raise ValueError(rule)
