"""ProposePlan against its own solver, and how its parts grow with the number of cases."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from services.placement import facts_wire, main
from services.placement.domain.pseudonyms import Pseudonyms
from services.placement.domain.reply_rules import ReplyClock
from services.placement.gather import Gathered, Neighbours
from services.placement.operations.context import Context, StandingPlan, get_policy
from services.placement.settings import Settings
from services.placement.solver import Solver
from shared.database import migrate, open_database
from shared.days import from_wire
from tests.benchmarks.attribution import OPTIMISER, PARTS, Attributed, as_panel_chair, planned_from, whole_proposal
from tests.benchmarks.figures import Figure, timed
from tests.benchmarks.findings import Breakdown, Curve, Finding
from tests.benchmarks.loaded import Loaded

PLANS = 5
SIZES = (20, 100, 300, 875, 1_750)
"""Cases, and at last all: a panel, and up to a county."""
FITTED_FROM = 875
TIMES = 3
ARCS = "each rule is judged once for each kind of case and of pool; the rest is making the options"
SCATTER = "over four times the cases; a part of some milliseconds scatters"
WHOLE, AROUND = "whole", "all but the solver"
GROWN = (
    ("judge", 1.3),
    ("quote", 1.3),
    (OPTIMISER, None),
    ("explain", 1.3),
    ("save", 1.3),
    (AROUND, 1.3),
    (WHOLE, None),
)
"""Parts whose growth is shown, and the largest exponent wanted."""


def whole_plan(loaded: Loaded, name: str, at_most: float) -> list[Figure]:
    """ProposePlan over gRPC, warm, against the seconds that it says its solver took, run by run."""
    loaded.propose()
    runs = [timed(loaded.propose) for _ in range(PLANS)]
    plan = runs[-1][1]
    size = f"{name}: {plan.decisions_due:,} cases, {plan.options_open:,} options"
    return [
        Figure(
            "",
            f"ProposePlan whole, {size}",
            [seconds for seconds, _ in runs],
            "s",
            headline=f"{name}: a plan of all {plan.decisions_due:,} decisions due takes {{}} from call to answer.",
        ),
        Figure("", f"Its solver: plan, prices, all knock-ons, {name}", [p.solve_seconds for _, p in runs], "s"),
        Figure(
            "3",
            f"ProposePlan whole, {name}",
            [s / p.solve_seconds for s, p in runs],
            "x solver",
            at_most,
            "gathered, judged, quoted, solved, explained, saved and sent, against the optimiser in it; parts below",
        ),
    ]


@contextmanager
def placement_here(loaded: Loaded, folder: Path) -> Iterator[Context]:
    """Placement's own parts in this process, beside the running neighbours, so that each can be timed."""
    engine = open_database(f"sqlite:///{folder / 'here.db'}")
    migrate(engine, main.MIGRATIONS)
    solver = Solver()
    solver.warm()
    context = Context(engine, neighbours_of(loaded), solver, Pseudonyms(b"benchmarks"), ReplyClock())
    try:
        yield context
    finally:
        context.close()


def neighbours_of(loaded: Loaded) -> Neighbours:
    """The running services, of which nothing has been asked yet."""
    addresses = {f"INBOROUGH_{name.upper()}_ADDRESS": s.address for name, s in loaded.servers.items()}
    return Neighbours(Settings(**addresses))  # type: ignore[arg-type]


def standing_plan_here(context: Context, loaded: Loaded) -> StandingPlan:
    """The standing plan of the busiest first day."""
    return context.standing_plan(from_wire(loaded.propose().first_day, "first_day"), get_policy(""))


def where_time_goes(context: Context, loaded: Loaded, name: str) -> list[Finding]:
    """Imports by file; a plan when everything has to be gathered first, and one when nothing changed since."""
    first, again = [], []
    with as_panel_chair():
        whole_proposal(context)
        for _ in range(TIMES):
            context.neighbours.close()
            context.neighbours = neighbours_of(loaded)
            first.append(whole_proposal(context))
            again.append(whole_proposal(context))
    imports = {f"import {file}": [taken] for file, taken in loaded.import_seconds.items()}
    middles = {part: [statistics.median([turn.parts[part] for turn in first])] for part in PARTS}
    whole = sum(loaded.import_seconds.values()) + statistics.median([turn.whole for turn in first])
    return [
        Breakdown(f"From files to a first plan, {name}", imports | middles, [whole]),
        _breakdown(f"First plan, {name}", first),
        _breakdown(f"Plan again, {name}", again),
    ]


def _breakdown(what: str, turns: Sequence[Attributed]) -> Breakdown:
    parts = {part: [turn.parts[part] for turn in turns] for part in PARTS}
    return Breakdown(what, parts, [turn.whole for turn in turns], drawn=True)


def parts_and_growth(context: Context, standing: StandingPlan) -> list[Finding]:
    """Arc generation against the solve, and the exponent with which each part grows with the cases."""
    policy = standing.priced.policy
    everybody = len(standing.gathered.cases)
    sizes = [_some_cases(standing.gathered, most) for most in (*(s for s in SIZES if s < everybody), everybody)]
    with as_panel_chair():
        planned_from(context, sizes[0], policy)
        turns = [[planned_from(context, gathered, policy) for gathered in sizes] for _ in range(TIMES)]
    arcs = [turn[-1].parts["judge"] / turn[-1].parts[OPTIMISER] for turn in turns]
    figures: list[Finding] = [
        Figure("3", "Judging every case in every pool (arc generation), county", arcs, "x solver", 0.2, ARCS)
    ]
    cases = [len(gathered.cases) for gathered in sizes]
    for part, wanted in GROWN:
        seconds = [[_seconds(turn[at], part) for turn in turns] for at in range(len(sizes))]
        curve = Curve("a plan's parts", part, cases, seconds, next(size for size in cases if size >= FITTED_FROM))
        what = f"Growth exponent, cases to time: {part}, {curve.fitted_from:,} to {cases[-1]:,} cases"
        figures += [curve, Figure("9", what, curve.exponents, "", wanted, SCATTER)]
    return figures


def _seconds(found: Attributed, part: str) -> float:
    of_whole = {WHOLE: found.whole, AROUND: found.whole - found.parts[OPTIMISER]}
    return of_whole[part] if part in of_whole else found.parts[part]


def _some_cases(gathered: Gathered, most: int) -> Gathered:
    """Every so-manieth case, with all pools."""
    cases = gathered.cases[:: max(1, len(gathered.cases) // most)][:most]
    facts = facts_wire.placement_facts(gathered.facts.first_day, cases, gathered.pools, gathered.groups)
    return replace(gathered, facts=facts, cases=cases)
