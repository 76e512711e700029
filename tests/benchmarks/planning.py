"""ProposePlan against its own solver, and how its parts grow with the number of cases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from services.placement import facts_wire, main, plan_wire
from services.placement.domain.pseudonyms import Pseudonyms
from services.placement.domain.reply_rules import ReplyClock
from services.placement.gather import Gathered, Neighbours
from services.placement.model.judge import Judgement
from services.placement.model.policy import Policy
from services.placement.operations.context import Context, StandingPlan, get_policy, make_standing_plan
from services.placement.settings import Settings
from services.placement.solver import Solver
from shared.database import migrate, open_database
from shared.days import from_wire
from tests.benchmarks.figures import Figure, growth_exponent, timed
from tests.benchmarks.loaded import Loaded

PLANS = 5
SHARES = (0.25, 0.5, 1.0)
TIMES = 3


def whole_plan(loaded: Loaded, name: str, at_most: float) -> list[Figure]:
    """ProposePlan over gRPC, warm, against the seconds that it says its solver took, run by run."""
    loaded.propose()
    runs = [timed(loaded.propose) for _ in range(PLANS)]
    plan = runs[-1][1]
    size = f"{name}: {plan.decisions_due:,} cases, {plan.options_open:,} options"
    return [
        Figure("", f"ProposePlan whole, {size}", [seconds for seconds, _ in runs], "s"),
        Figure("", f"Its solver: plan, prices, all knock-ons, {name}", [p.solve_seconds for _, p in runs], "s"),
        Figure("3", f"ProposePlan whole, {name}", [s / p.solve_seconds for s, p in runs], "x solver", at_most),
    ]


@contextmanager
def placement_here(loaded: Loaded, folder: Path) -> Iterator[Context]:
    """Placement's own parts in this process, beside the running neighbours, so that each can be timed."""
    engine = open_database(f"sqlite:///{folder / 'here.db'}")
    migrate(engine, main.MIGRATIONS)
    addresses = {f"INBOROUGH_{name.upper()}_ADDRESS": s.address for name, s in loaded.servers.items()}
    solver = Solver()
    solver.warm()
    neighbours = Neighbours(Settings(**addresses))  # type: ignore[arg-type]
    context = Context(engine, neighbours, solver, Pseudonyms(b"benchmarks"), ReplyClock())
    try:
        yield context
    finally:
        context.close()


def standing_plan_here(context: Context, loaded: Loaded) -> StandingPlan:
    """The standing plan of the busiest first day."""
    return context.standing_plan(from_wire(loaded.propose().first_day, "first_day"), get_policy(""))


@dataclass(frozen=True)
class _Parts:
    """Seconds of each part of a plan for some number of cases."""

    cases: int
    judge: float
    quote: float
    solve: float
    whole: float

    @property
    def around(self) -> float:
        """Seconds of the whole outside the solver."""
        return self.whole - self.solve


def parts_and_growth(context: Context, standing: StandingPlan) -> list[Figure]:
    """Arc generation against the solve, and the exponent with which each part grows with the cases."""
    policy = standing.priced.policy
    sizes = [_some_cases(standing.gathered, share) for share in SHARES]
    make_standing_plan(context, sizes[0], policy)
    rounds = [[_parts(context, gathered, policy) for gathered in sizes] for _ in range(TIMES)]
    arcs = [row[-1].judge / row[-1].solve for row in rounds]
    figures = [Figure("3", "Judging every case in every pool (arc generation), county", arcs, "x solver", 0.2)]
    for part, wanted in (("judge", 1.3), ("quote", 1.3), ("around", 1.3), ("solve", None), ("whole", None)):
        exponents = [growth_exponent([p.cases for p in row], [getattr(p, part) for p in row]) for row in rounds]
        words = "all but the solver" if part == "around" else part
        what = f"Growth exponent, cases to time: {words}, {rounds[0][0].cases:,} to {rounds[0][-1].cases:,} cases"
        figures.append(Figure("9", what, exponents, "", wanted))
    return figures


def _some_cases(gathered: Gathered, share: float) -> Gathered:
    """Every so-manieth case, with all pools."""
    cases = gathered.cases[:: round(1 / share)]
    facts = facts_wire.placement_facts(gathered.facts.first_day, cases, gathered.pools, gathered.groups)
    return replace(gathered, facts=facts, cases=cases)


def _parts(context: Context, gathered: Gathered, policy: Policy) -> _Parts:
    judge, options = timed(lambda: Judgement(gathered.facts).open_options)
    everywhere = range(len(gathered.pools))
    quote, _ = timed(lambda: context.neighbours.quote(gathered, gathered.cases, everywhere, options.case, options.pool))
    plan, standing = timed(lambda: make_standing_plan(context, gathered, policy))
    wire, _ = timed(lambda: plan_wire.plan_message(standing).SerializeToString())
    return _Parts(len(gathered.cases), judge, quote, standing.solution.solve_seconds, plan + wire)
