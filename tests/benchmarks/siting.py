"""Siting against HiGHS alone: the same model, written cell by cell, without merging, progress or prices of sets."""

from __future__ import annotations

import sys
import time

import highspy
import numpy as np

from services.placement.model.siting import SitingProgress, SitingSearch, Watch, solve_siting
from services.placement.model.siting_columns import THOUSAND_POUNDS
from services.placement.model.siting_problem import FloatArray, IntArray, SitingProblem, ready_from, sampled_slips
from tests.benchmarks.figures import Figure, timed

BIDS, NEEDS, PHASES, AREAS, YEARS = 20, 5, 4, 3, 5
FEW_PATHS, MANY_PATHS = 10, 100
REPEATS = 3
TELL_SECONDS = 10.0
GAP = 0.01
NEW_A_YEAR = 25


def halton_with_bids(paths: int, seed: int = 1) -> SitingProblem:
    """Twenty bids and Halton's size of demand: some 25 new children a year who would be in INMSS; invented."""
    random = np.random.default_rng(seed)
    cells = [(need, phase, area) for need in range(NEEDS) for phase in range(PHASES) for area in range(AREAS)]
    need_of, phase_of, area_of = (random.integers(0, most, BIDS) for most in (NEEDS, PHASES, AREAS))
    share, child = np.zeros((len(cells), BIDS)), np.zeros((len(cells), BIDS), dtype=np.int64)
    for at, (need, phase, area) in enumerate(cells):
        suits = (need_of == need) | ((need_of == (need + 1) % NEEDS) & (np.arange(BIDS) % 3 == 0))
        share[at] = suits & ((phase_of == phase) | (phase_of + 1 == phase))
        child[at] = np.where(np.arange(BIDS) % 2, 1_400_000, 2_600_000) + np.where(area_of == area, 152_600, 811_600)
    unit = np.arange(BIDS) < 2
    places = np.where(unit, 6, random.integers(7, 25, BIDS))
    slips = sampled_slips(random.uniform(0, 0.4, BIDS), paths, seed)
    return SitingProblem(
        bid_ids=tuple(f"bid-{at}" for at in range(BIDS)),
        capital_pence=places * random.integers(1_500_000, 5_000_000, BIDS),
        running_pence=np.where(unit, 12_000_000, places * 800_000),
        places=places,
        least_children=np.where(unit, 4, 0),
        given=np.zeros(BIDS, dtype=np.bool_),
        exclusive=((2, 3),),
        ready=ready_from(random.integers(2026, 2028, BIDS).tolist(), slips, 2026, YEARS),
        share=share,
        child_pence=child,
        otherwise_pence=np.full(len(cells), 7_111_600),
        children=_children(random, paths, len(cells)),
        budget_pence=330_000_000,
    )


def _children(random: np.random.Generator, paths: int, cells: int) -> IntArray:
    new = random.gamma(1.0, 1.0, cells)
    new *= NEW_A_YEAR / new.sum()
    made = np.zeros((paths, YEARS, cells), dtype=np.int64)
    for path in range(paths):
        growth, there = np.exp(random.normal(0.05, 0.15)), np.zeros(cells, dtype=np.int64)
        for year in range(YEARS):
            there = random.binomial(there, 0.85) + random.poisson(new * growth**year)
            made[path, year] = there
    return made


def measure() -> list[Figure]:
    """The figures of target 8."""
    few = halton_with_bids(FEW_PATHS)
    bare = SitingSearch(runners_up=0, hindsight=False)
    ours, theirs = [], []
    for _ in range(REPEATS):
        seconds, answer = timed(lambda: solve_siting(few, bare))
        ours.append(seconds)
        seconds, saving = timed(lambda: raw_saving(few))
        theirs.append(seconds)
        if abs(saving - answer.saving_pence) > 1:
            raise AssertionError(f"HiGHS alone saves {saving} pence, siting {answer.saving_pence}.")
    many = halton_with_bids(MANY_PATHS)
    seconds, answer = timed(lambda: solve_siting(many, SitingSearch(GAP, runners_up=0, hindsight=False), _tell()))
    size = f"{BIDS} bids, {YEARS} years"
    return [
        Figure("8", f"Siting to the proven optimum, {size}, {FEW_PATHS} paths", _ratios(ours, theirs), "x HiGHS", 2),
        Figure("", "HiGHS alone on the same model", theirs, "s"),
        Figure("8", f"Proven gap, {size}, {MANY_PATHS} paths", [answer.gap * 100], "% of the saving", 1),
        Figure("", "Its time, reported while it runs", [seconds], "s"),
    ]


def _ratios(ours: list[float], theirs: list[float]) -> list[float]:
    return [one / other for one, other in zip(ours, theirs, strict=True)]


def _tell() -> Watch:
    began, told = time.perf_counter(), 0.0

    def tell(progress: SitingProgress) -> None:
        nonlocal told
        seconds = time.perf_counter() - began
        if seconds - told < TELL_SECONDS:
            return
        told = seconds
        gap = "" if progress.gap is None else f", within {progress.gap * 100:.1f} %"
        sys.stderr.write(f"  siting {seconds:.0f} s{gap}\n")

    return tell


def raw_saving(problem: SitingProblem) -> int:
    """What the best set saves, in pence, by HiGHS on the model as the README writes it, one variable for each cell."""
    raw = _Raw(problem)
    raw.add_first_stage()
    raw.add_places()
    raw.add_children()
    raw.engine.run()
    return round(-raw.engine.getInfo().objective_function_value * THOUSAND_POUNDS)


class _Raw:
    """The model row by row: bids, then runs of units, then arcs (path, year, cell, bid)."""

    def __init__(self, problem: SitingProblem) -> None:
        self.problem = problem
        most = np.rint(problem.share * problem.children[..., None])
        unit = problem.least_children > 0
        arcs, runs = np.argwhere((most > 0) & problem.ready[:, :, None, :]), np.argwhere(problem.ready & unit)
        self.whole = problem.bid_count + len(runs)
        self.run_of = {tuple(run): problem.bid_count + at for at, run in enumerate(runs.tolist())}
        self.arcs = [tuple(arc) for arc in arcs.tolist()]
        weight = problem.discount / problem.path_count / THOUSAND_POUNDS
        steady = np.where(unit, 0, np.einsum("stb,t->b", problem.ready, weight) * problem.running_pence)
        cost = [
            problem.capital_pence / THOUSAND_POUNDS + steady,
            weight[runs[:, 1]] * problem.running_pence[runs[:, 2]],
            -weight[arcs[:, 1]] * problem.gain_pence[arcs[:, 2], arcs[:, 3]],
        ]
        self._start(np.concatenate(cost), np.concatenate([np.ones(self.whole), most[tuple(arcs.T)]]))

    def _start(self, cost: FloatArray, upper: FloatArray) -> None:
        self.engine = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in {"output_flag": False, "threads": 1, "random_seed": 0, "mip_rel_gap": 0.0}.items():
            self.engine.setOptionValue(option, value)
        self.engine.addVars(cost.size, np.zeros(cost.size), upper)
        self.engine.changeColsCost(cost.size, np.arange(cost.size), cost)
        kinds = np.full(self.whole, highspy.HighsVarType.kInteger)
        self.engine.changeColsIntegrality(self.whole, np.arange(self.whole), kinds)

    def at_most(self, high: float, columns: list[int], values: list[float]) -> None:
        index = np.array(columns, dtype=np.int32)
        self.engine.addRow(-np.inf, high, index.size, index, np.array(values, dtype=np.float64))

    def add_first_stage(self) -> None:
        problem = self.problem
        capital = problem.capital_pence / THOUSAND_POUNDS
        self.at_most(problem.budget_pence / THOUSAND_POUNDS, list(range(problem.bid_count)), capital.tolist())
        for group in problem.exclusive:
            self.at_most(1, list(group), [1.0] * len(group))

    def add_places(self) -> None:
        taken: dict[tuple[int, ...], list[int]] = {key: [] for key in self.run_of}
        for at, (path, year, _, bid) in enumerate(self.arcs):
            taken.setdefault((path, year, bid), []).append(self.whole + at)
        for key, columns in taken.items():
            opener, bid, ones = self.run_of.get(key, key[2]), key[2], [1.0] * len(columns)
            self.at_most(0, [*columns, opener], [*ones, -float(self.problem.places[bid])])
            if key in self.run_of:
                least = float(self.problem.least_children[bid])
                self.at_most(0, [*columns, opener], [*(-one for one in ones), least])
                self.at_most(0, [opener, bid], [1.0, -1.0])

    def add_children(self) -> None:
        of_cell: dict[tuple[int, int, int], list[int]] = {}
        for at, (path, year, cell, _) in enumerate(self.arcs):
            of_cell.setdefault((path, year, cell), []).append(self.whole + at)
        for key, columns in of_cell.items():
            self.at_most(float(self.problem.children[key]), columns, [1.0] * len(columns))
