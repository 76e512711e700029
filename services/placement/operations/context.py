"""What every operation works with: the database, the neighbours, the solver, and the standing plan of each first day.

The standing plan is the best plan of all decisions due for a first day under a policy. It is kept as long as no
neighbour says that a fact changed, because the knock-on cost of every option is read from it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from sqlalchemy import Engine

from inborough.cost.v1 import cost_pb2
from inborough.placement.v1 import facts_pb2
from services.placement.domain.pseudonyms import Pseudonyms
from services.placement.domain.reply_rules import ReplyClock
from services.placement.gather import Gathered, Neighbours, column
from services.placement.model.judge import Judgement
from services.placement.model.later import LaterArrivals
from services.placement.model.objective import PricedOptions, Quotes
from services.placement.model.policy import Policy, find_policy
from services.placement.model.problem import PlacementProblem
from services.placement.operations.known_worlds import KnownWorlds
from services.placement.operations.later_arrivals import KnownLater, later_arrivals_of
from services.placement.operations.standing_again import FactsContent, judge_again, solve_again
from services.placement.prices_again import quote_all
from services.placement.solver import Solver, StandingSolution, ToCompare
from services.placement.storage import decisions
from shared.database import reading
from shared.errors import NotFound, WrongState
from shared.ids import new_id

STANDING_KEPT = 4
ASKED_AT_ONCE = 16

AnswerT = TypeVar("AnswerT")


@dataclass(frozen=True, eq=False)
class StandingPlan:
    """The best plan of all decisions due for a first day, with everything that it was made from."""

    gathered: Gathered
    quoted: cost_pb2.QuoteOptionsResponse
    priced: PricedOptions
    problem: PlacementProblem
    solution: StandingSolution
    facts_hash: str
    written: FactsContent = field(repr=False)

    @property
    def facts_content(self) -> bytes:
        """The facts as they are kept and hashed."""
        return self.written.content

    @property
    def judgement(self) -> Judgement:
        """The rules over the facts."""
        return self.priced.judgement


class DecidedCases:
    """Cases for which a live decision gives a place, read again only when some decision has moved."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._held: tuple[str, frozenset[str]] = ("", frozenset())

    def now(self) -> frozenset[str]:
        """Their ids as they stand."""
        held = self._held  # one reading: another thread may put a newer one in its place meanwhile
        if held[0] == decisions.look_up_revision_of_decisions(self._engine):
            return held[1]
        with reading(self._engine) as connection:
            revision = decisions.decisions_revision(connection)
            self._held = (revision, decisions.list_decided_cases(connection))
        return self._held[1]


class Context:
    """The parts an operation needs, put together in main.py."""

    def __init__(
        self,
        engine: Engine,
        neighbours: Neighbours,
        solver: Solver,
        pseudonyms: Pseudonyms,
        reply_clock: ReplyClock,
    ) -> None:
        self.engine = engine
        self.neighbours = neighbours
        self.solver = solver
        self.pseudonyms = pseudonyms
        self.reply_clock = reply_clock
        self.worlds = KnownWorlds()
        self._standing: dict[tuple[date, str], StandingPlan] = {}
        self._lock = threading.Lock()
        self._asking = ThreadPoolExecutor(ASKED_AT_ONCE, "standing-plan")
        self._waiting = ThreadPoolExecutor(ASKED_AT_ONCE, "meanwhile")
        self._decided = DecidedCases(engine)
        self.later = KnownLater()

    def gather(self, first_day: date) -> Gathered:
        """Cases left to plan and pools for a first day, the same object as last time when nothing changed."""
        return self.neighbours.gather(first_day, self._decided.now())

    def standing_plan(self, first_day: date, policy: Policy, *, cost_revision: str = "") -> StandingPlan:
        """The standing plan, brought up to date from what changed of a neighbour's facts since.

        `cost_revision`, when given, is the revision that cost has just answered with; a standing plan priced at another
        one is made anew. So is one whose policy weighs later arrivals, which nobody tells the changes of.
        """
        gathered = self.gather(first_day)
        known = self.find_standing_plan(first_day, policy)
        if known is None or cost_revision not in ("", known.quoted.revision):
            return self.keep(make_standing_plan(self, gathered, policy, compared=False))
        if known.gathered is gathered:
            return known
        if policy.keeps_places or not gathered.pools:
            return self.keep(make_standing_plan(self, gathered, policy, compared=False))
        return self.keep(bring_up_to_date(self, known, gathered, cost_revision))

    def find_standing_plan(self, first_day: date, policy: Policy) -> StandingPlan | None:
        """The last standing plan made, whether or not it still stands."""
        return self._standing.get((first_day, policy.label))

    def ask_standing_plan(self, first_day: date, policy: Policy) -> Future[StandingPlan]:
        """`standing_plan` while the caller does something else."""
        return self._asking.submit(copy_context().run, self.standing_plan, first_day, policy)

    def meanwhile(self, work: Callable[[], AnswerT]) -> Future[AnswerT]:
        """Work for another service or process to do, while the caller does something else."""
        return self._waiting.submit(copy_context().run, work)

    def keep(self, plan: StandingPlan) -> StandingPlan:
        """Make this the standing plan of its first day and policy."""
        key = (plan.gathered.facts.first_day, plan.priced.policy.label)
        with self._lock:
            others = {k: v for k, v in self._standing.items() if k != key}
            self._standing = {**dict(list(others.items())[1 - STANDING_KEPT :]), key: plan}
        return plan

    def first_day_known(self, case_id: str) -> date | None:
        """The first day of the standing plan that holds this case, so that it need not be asked for."""
        days_held = (day for (day, _), plan in self._standing.items() if case_id in plan.gathered.facts.case_rows)
        return next(days_held, None)

    def close(self) -> None:
        """Stop the solver and close the channels."""
        self._asking.shutdown(cancel_futures=True)
        self._waiting.shutdown(cancel_futures=True)
        self.solver.close()
        self.neighbours.close()
        self.engine.dispose()


def get_policy(name: str) -> Policy:
    """The policy of that name, the default for "". Raises NotFound."""
    policy = find_policy(name)
    if policy is None:
        raise NotFound("policy", name, "See `inborough policies`.")
    return policy


def make_standing_plan(context: Context, gathered: Gathered, policy: Policy, *, compared: bool = True) -> StandingPlan:
    """Judge, quote and solve, and compare with greedy and practice unless told not to.

    Raises WrongState when there are no pools to plan with.
    """
    if not gathered.pools:
        raise WrongState("There are no place pools on file. Import settings and pools first: `inborough import gias`.")
    judgement = Judgement(gathered.facts)
    options = judgement.open_options
    quoted = quote_all(context.neighbours, gathered, options)
    priced = PricedOptions(judgement, quotes_of(quoted), policy)
    if policy.keeps_places:
        priced = replace(priced, later=later_arrivals_of(context, priced, gathered).later)
    problem = priced.problem()
    with_these = ToCompare(priced.practice_problem(), _order_of_deadlines(gathered)) if compared else None
    solved = context.meanwhile(lambda: context.solver.solve(problem, new_id("sol"), with_these))
    written = FactsContent(gathered, quoted, options, _sampled(priced.later) if priced.later else None)
    facts_hash = written.hash()
    return StandingPlan(gathered, quoted, priced, problem, solved.result(), facts_hash, written)


def bring_up_to_date(
    context: Context, before: StandingPlan, gathered: Gathered, cost_revision: str = ""
) -> StandingPlan:
    """What `make_standing_plan` makes of the facts, from the plan that stood before: only what changed is worked out.

    Not for a policy that weighs later arrivals. Nothing is compared. `cost_revision`, when given, is what cost has just
    answered with. Raises WrongState when no rate card is in force.
    """
    asked = None if cost_revision else context.meanwhile(lambda: _price_revision(context, gathered))
    revision = asked.result if asked else (lambda: cost_revision)
    again = judge_again(context.neighbours, before, gathered, revision)
    priced = PricedOptions(again.judgement, quotes_of(again.quoted), before.priced.policy)
    problem = priced.problem()
    solved = context.meanwhile(lambda: solve_again(context.solver, before, problem))
    written = FactsContent(gathered, again.quoted, priced.options, None, before.written)
    facts_hash = written.hash()
    return StandingPlan(gathered, again.quoted, priced, problem, solved.result(), facts_hash, written)


def _price_revision(context: Context, gathered: Gathered) -> str:
    return context.neighbours.price_revision(gathered.facts.first_day)


def quotes_of(quoted: cost_pb2.QuoteOptionsResponse) -> Quotes:
    """The packed columns of an answer as arrays."""
    return Quotes(
        distance_metres=column(quoted.distance_metres, "<i4"),
        travel_minutes=column(quoted.travel_minutes, "<i4"),
        budget_pence=column(quoted.annual_budget_cost_pence, "<i8"),
        marginal_pence=column(quoted.annual_marginal_cost_pence, "<i8"),
    )


def _sampled(later: LaterArrivals) -> facts_pb2.SampledArrivals:
    return facts_pb2.SampledArrivals(samples=later.samples, tiers=later.tiers, lost=later.lost.astype("<i8").tobytes())


def _order_of_deadlines(gathered: Gathered) -> list[int]:
    """Case rows in the order that panels would meet them: by deadline, cases without one last, then by case id."""
    cases = gathered.facts.cases
    return sorted(range(len(cases)), key=lambda row: (cases[row].deadline or date.max, cases[row].case_id))
