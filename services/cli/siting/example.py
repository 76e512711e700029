"""The worked example: ten schools and two HN units of the application, and invented demand paths from a seed.

The schools, kinds and places are the application's (December 2023). Every amount of money is invented and says so in
its row, since the application gives none for a school; so are Brookfields' places and everybody's chance of slipping.
The demand is invented too: about as many children a year as Halton's independent placements suggest, most of them SEMH
in the secondary years and ASD.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from services.cli.sheets import check_writable, write_sheets
from services.placement.model.siting_problem import IntArray
from services.planning.exports.sheets import Sheet
from services.planning.siting.demand import PHASES

BIDS = Path(__file__).parent / "halton-bids.csv"
FIRST_YEAR, YEARS = 2024, 5
NEEDS = {"SEMH": 0.42, "ASD": 0.32, "SLCN": 0.16, "SLD": 0.06, "PMLD": 0.04}
IN_PHASE = {
    "SEMH": (0.0, 0.10, 0.27, 0.48, 0.15),
    "ASD": (0.05, 0.25, 0.30, 0.32, 0.08),
    "SLCN": (0.05, 0.45, 0.40, 0.10, 0.0),
    "SLD": (0.25, 0.40, 0.15, 0.15, 0.05),
    "PMLD": (0.25, 0.40, 0.15, 0.15, 0.05),
}
"""Shares of new children by phase, early years to KS4."""
AREAS = {"Widnes": 0.48, "Runcorn": 0.52}
NEW_A_YEAR = 34.0
GROWTH, GROWTH_SD, LEVEL_SD = 0.06, 0.05, 0.12
COLUMNS = ("path", "year", "need", "phase", "area", "children")


def write_example(folder: Path, paths: int, seed: int, force: bool) -> tuple[Path, Path]:
    """Write bids.csv and demand.csv into the folder. Raises CannotGoOn when one is there and not `force`."""
    bids, demand = folder / "bids.csv", folder / "demand.csv"
    folder.mkdir(parents=True, exist_ok=True)
    for out in (bids, demand):
        check_writable(out, force)
    bids.write_bytes(BIDS.read_bytes())
    write_sheets(demand, [Sheet("demand", COLUMNS, list(demand_rows(paths, seed)))], force)
    return bids, demand


def demand_rows(paths: int, seed: int) -> Iterator[tuple[str | int, ...]]:
    """One row for each cell with children, path by path; the same seed gives the same rows, however many paths."""
    phases = list(PHASES)[:5]
    for path in range(paths):
        children = _path(np.random.default_rng((seed, path)), phases)
        for year, need, phase, area in np.argwhere(children):
            cell = (list(NEEDS)[need], phases[phase], list(AREAS)[area])
            yield (path + 1, FIRST_YEAR + int(year), *cell, int(children[year, need, phase, area]))


def _path(random: np.random.Generator, phases: list[str]) -> IntArray:
    """int64[T, N, P, A]: those there, less those who leave the phase, with those who come to it, and new children."""
    share = np.array(list(NEEDS.values()))[:, None, None] * np.array(list(IN_PHASE.values()))[:, :, None]
    new = NEW_A_YEAR * share * np.array(list(AREAS.values()))
    moves = np.array([1 / (PHASES[phase][1] - PHASES[phase][0] + 1) for phase in phases])
    level, growth = random.normal(0, LEVEL_SD), random.normal(GROWTH, GROWTH_SD)
    there = np.zeros(new.shape, dtype=np.int64)
    made = []
    for year in range(YEARS):
        moved = random.binomial(there, moves[None, :, None])
        there = there - moved
        there[:, 1:] += moved[:, :-1]
        there = there + random.poisson(new * np.exp(level + growth * year))
        made.append(there)
    return np.stack(made)
