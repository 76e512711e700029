"""Demand paths: how many children of each need, phase and area want a place in each year of each sampled path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from pydantic import BeforeValidator, Field

from inborough.placement.v1 import scenarios_pb2
from services.placement.model.siting_problem import IntArray
from services.planning.reading import read_file, refuse
from services.planning.refused import Refused
from services.planning.siting.bids import NEEDS
from shared.imports.report import RowProblem, SourceFile
from shared.imports.rows import RowModel, one_of, whole

PHASES: Mapping[str, tuple[int, int]] = {
    "early_years": (-1, -1),
    "KS1": (0, 2),
    "KS2": (3, 6),
    "KS3": (7, 9),
    "KS4": (10, 11),
    "post_16": (12, 14),
}
"""First and last year group of each phase. Reception is in KS1; early years are nursery, post-16 is Years 12 to 14."""
MOST_YEARS, MOST_PATHS = 30, 1_000


def _label(cell: Any) -> str:
    text = str(cell).strip()
    if not text or len(text) > 60:
        raise ValueError("not a name of 1 to 60 characters")
    return text


def _area(cell: Any) -> str:
    return str(cell).strip()[:120]


class DemandRow(RowModel):
    """Children of one cell in one year of one path; a cell without a row has none."""

    path: Annotated[str, BeforeValidator(_label)] = Field(description="Which sampled path: a number or a name")
    year: Annotated[int, whole(2000, 2100)] = Field(description="Academic year by the year in which it starts")
    need: Annotated[str, one_of(*NEEDS, "none")] = Field(description="SEN2 code of the primary need, or none recorded")
    phase: Annotated[str, one_of(*PHASES)] = Field(description=f"Phase: {', '.join(PHASES)}")
    area: Annotated[str, BeforeValidator(_area)] = Field("", description="Area of the home; blank: not split by area")
    children: Annotated[int, whole(0, 100_000)] = Field(
        description="Children who want a place and would otherwise be in INMSS or without one"
    )


@dataclass(frozen=True, eq=False)
class Demand:
    """Demand as arrays: `children` int64[S, T, C] over `paths`, `years` and `cells` (need, phase, area)."""

    paths: tuple[str, ...]
    years: tuple[int, ...]
    cells: tuple[tuple[str, str, str], ...]
    children: IntArray

    def sampled(self, paths: int | None, seed: int) -> Demand:
        """As many paths as wanted: some, drawn by the seed, or all of them over and over; None for all as they are."""
        there = len(self.paths)
        if paths is None or paths == there:
            return self
        if paths < there:
            chosen = np.sort(np.random.default_rng(seed).choice(there, paths, replace=False))
        else:
            chosen = np.arange(paths) % there
        return Demand(tuple(self.paths[at] for at in chosen), self.years, self.cells, self.children[chosen])


def read_demand(file: SourceFile) -> Demand:
    """The demand of a .csv or .xlsx file. Raises Refused that names each refused row."""
    rows = read_file(file, DemandRow)
    refuse(file, _problems(file, rows))
    return demand_of([row for _, row in rows])


def demand_of(rows: Sequence[DemandRow]) -> Demand:
    """The rows as arrays; paths keep the order in which they first come."""
    paths = tuple(dict.fromkeys(row.path for row in rows))
    first, last = min(row.year for row in rows), max(row.year for row in rows)
    cells = tuple(sorted({(row.need, row.phase, row.area) for row in rows}))
    at_path = {name: at for at, name in enumerate(paths)}
    at_cell = {cell: at for at, cell in enumerate(cells)}
    children = np.zeros((len(paths), last - first + 1, len(cells)), dtype=np.int64)
    for row in rows:
        children[at_path[row.path], row.year - first, at_cell[row.need, row.phase, row.area]] = row.children
    return Demand(paths, tuple(range(first, last + 1)), cells, children)


def demand_from(answer: scenarios_pb2.GetScenarioDemandResponse) -> Demand:
    """The demand of a scenario's replicates, each a path. Raises Refused when nobody wants a place."""
    first, years = answer.scenario.first_year, answer.scenario.years
    cells = tuple((cell.need or "none", cell.phase, cell.area) for cell in answer.cells)
    if not cells:
        raise Refused("Nobody is in INMSS or without a place in this scenario.", "There is nothing to site for.")
    children = np.array(answer.children, dtype=np.int64).reshape(answer.replicates, years, len(cells))
    paths = tuple(str(at + 1) for at in range(answer.replicates))
    return Demand(paths, tuple(range(first, first + years)), cells, children)


def _problems(file: SourceFile, rows: Sequence[tuple[int, DemandRow]]) -> list[RowProblem]:
    seen: dict[tuple[str, int, str, str, str], int] = {}
    found = [
        RowProblem(file.name, number, "path", row.path, f"the same cell and year are in row {first}")
        for number, row in rows
        if (first := seen.setdefault((row.path, row.year, row.need, row.phase, row.area), number)) != number
    ]
    years = {row.year for _, row in rows}
    if max(years) - min(years) >= MOST_YEARS:
        found.append(RowProblem(file.name, 0, "", "", f"has more than {MOST_YEARS} years"))
    if len({row.path for _, row in rows}) > MOST_PATHS:
        found.append(RowProblem(file.name, 0, "", "", f"has more than {MOST_PATHS:,} paths; leave some out"))
    return found
