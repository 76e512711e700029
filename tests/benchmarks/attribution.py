"""Where a plan's time goes: clocks around placement's own functions while it plans beside its real neighbours."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from services.placement import plan_wire
from services.placement.gather import Neighbours
from services.placement.model.judge import Judgement
from services.placement.model.objective import PricedOptions
from services.placement.model.policy import Policy
from services.placement.operations import context as standing_plans
from services.placement.operations import plans
from services.placement.operations.context import Context
from services.placement.solver import Solver
from shared.identity import PANEL_CHAIR, acting_as
from shared.identity.callers import by_token, person, verifier
from shared.settings import ServiceSettings

SEAMS: tuple[tuple[str, Any, str], ...] = (
    ("gather", Neighbours, "gather"),
    ("gather", Neighbours, "list_first_days"),
    ("judge", standing_plans, "Judgement"),
    ("quote", standing_plans, "quote_all"),
    ("quote", standing_plans, "quotes_of"),
    ("terms and arrays", PricedOptions, "problem"),
    ("terms and arrays", PricedOptions, "practice_problem"),
    ("solve", Solver, "solve"),
    ("hash the facts", standing_plans, "FactsContent"),
    ("explain", plan_wire, "plan_message"),
    ("save", plans, "keep_plan"),
)
"""Part, and where the function lies that is it."""
OPTIMISER, COMPARE = "solve", "compare, and to the solver's process and back"
PARTS = (*dict.fromkeys(part for part, _, _ in SEAMS), COMPARE)


@dataclass
class Clocks:
    """Seconds of each part so far, without those of parts within it.

    Facts are hashed while another process solves: that time is the hash's, and what was waited for besides is the
    solver's. So parts add up to what passed by the clock.
    """

    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(PARTS, 0.0))
    _within: list[float] = field(default_factory=list)

    def around(self, part: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, timed."""

        def timed(*arguments: Any, **named: Any) -> Any:
            self._within.append(0.0)
            began = time.perf_counter()
            try:
                return work(*arguments, **named)
            finally:
                spent = time.perf_counter() - began
                self.seconds[part] += spent - self._within.pop()
                if self._within:
                    self._within[-1] += spent

        return timed


@dataclass(frozen=True)
class Attributed:
    """Seconds of each part of a plan, and of the whole."""

    parts: dict[str, float]
    whole: float


def attributed(work: Callable[[], Any]) -> Attributed:
    """Do `work`, which makes a plan in this process, under clocks."""
    clocks, solver = Clocks(), [0.0]
    with ExitStack() as stack:
        for part, owner, name in SEAMS:
            whole = _judged if owner is standing_plans and name == "Judgement" else getattr(owner, name)
            whole = _telling(whole, solver) if owner is Solver else whole
            stack.enter_context(mock.patch.object(owner, name, clocks.around(part, whole)))
        began = time.perf_counter()
        work()
        seconds = time.perf_counter() - began
    parts = clocks.seconds
    return Attributed(parts | {OPTIMISER: solver[0], COMPARE: parts[OPTIMISER] - solver[0]}, seconds)


def _judged(*arguments: Any) -> Judgement:
    """The rules over the facts, with what they leave open, which is worked out when first looked at."""
    judgement = Judgement(*arguments)
    assert judgement.open_options is not None
    return judgement


def _telling(solve: Callable[..., Any], seconds: list[float]) -> Callable[..., Any]:
    """The same solver, that adds up what it says it took."""

    def told(*arguments: Any, **named: Any) -> Any:
        solution = solve(*arguments, **named)
        seconds[0] += solution.solve_seconds
        return solution

    return told


@contextmanager
def as_panel_chair() -> Iterator[None]:
    """What is done within is done by a panel's chair."""
    settings = ServiceSettings()
    chair = person(settings, "user_chair", [PANEL_CHAIR])
    with acting_as(by_token(chair.metadata(), verifier(settings))):
        yield


def whole_proposal(context: Context) -> Attributed:
    """ProposePlan in this process: gathered, judged, quoted, solved, explained, saved, and as bytes."""
    return attributed(lambda: plans.propose_plan(context, None, "").SerializeToString())


def planned_from(context: Context, gathered: Any, policy: Policy) -> Attributed:
    """A plan of facts that are at hand: judged, quoted, solved, explained, saved."""

    def plan() -> None:
        standing = standing_plans.make_standing_plan(context, gathered, policy)
        message = plan_wire.plan_message(standing)
        message.plan_id = f"plan_{standing.facts_hash[:16]}"
        plans.keep_plan(context, standing, message, standing.problem)
        plans.shown_plan(context, message).SerializeToString()

    return attributed(plan)
