"""One joint plan being made: the parts of the search, put together from what the neighbours say."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from inborough.cost.v1 import transport_pb2
from inborough.placement.v1 import placement_pb2, travel_pb2
from services.placement import plan_wire, travel_wire
from services.placement.gather import column
from services.placement.model.groups import IntArray
from services.placement.model.joint.bound import least_total
from services.placement.model.joint.improve import Joint, Limits, Round, Search, marginal
from services.placement.model.joint.problem import JointProblem
from services.placement.model.joint.together import near_each_other
from services.placement.model.judge import Int64Array
from services.placement.model.problem import PlacementProblem
from services.placement.model.rules import RULES_VERSION
from services.placement.operations.context import Context, StandingPlan
from services.placement.run_trials import Ask, RunTrials, Travelling
from shared import days
from shared.ids import content_id

MONEY = "annual_cost_pence"
NEAR_METRES = 1_500
"""How near homes are, in a straight line, whose children are thought of together."""
LIMITS = Limits(rounds=12, prices=160)
"""Some minutes for an authority of a few hundred decisions: docs/decisions/0036-joint-plan.md."""


@dataclass(frozen=True, eq=False)
class _WithoutTravel:
    """int64[A], pence a year of each option without its journey, on each ledger."""

    budget: Int64Array
    marginal: Int64Array


class JointWork:
    """Round after round, and then the plan. `ask` prices a trial; what it raises ends the work.

    Raises WrongState (no fleet or rate card), NeighbourDown.
    """

    def __init__(self, context: Context, standing: StandingPlan, ask: Ask) -> None:
        self._standing, self._context = standing, context
        self._solve_seconds = 0.0
        self._places = _without_travel(standing)
        self._travelling = _who_might_travel(context, standing)
        self._trials = RunTrials(self._travelling, ask)
        least, self._least_of_others = self._trials.least(standing.solution.option_of_case)
        self._joint = _joint_problem(standing, self._places, self._travelling, least)
        self._search = Search(self._joint, self._trials, self._solve, LIMITS)

    def rounds(self) -> Iterator[Round]:
        """Each round when it is over."""
        return self._search.rounds(self._standing.solution.option_of_case)

    @property
    def last_problem(self) -> PlacementProblem:
        """The problem whose travel is priced by the runs found."""
        return self._joint.with_transport(self._travel(self._search.found))

    def finished(self) -> travel_pb2.JointPlan:
        """The plan that the search has found, with ids of cases."""
        found, separate = self._search.found, self._standing.solution.option_of_case
        least = least_total(self._joint, self._least_of_others, self._solve)
        return travel_pb2.JointPlan(
            plan=self._plan(found),
            rounds=map(round_message, found.rounds),
            separate_annual_pence=found.rounds[0].total,
            joint_annual_pence=found.total,
            least_annual_pence=least,
            changes=self._changes(separate, found.chosen),
        )

    def _solve(self, problem: PlacementProblem) -> IntArray:
        began = time.perf_counter()
        chosen = self._context.solver.assign(problem)
        self._solve_seconds += time.perf_counter() - began
        return chosen

    def _travel(self, found: Joint) -> IntArray:
        return marginal(self._joint, found.chosen, found.prices, self._trials.added(found.chosen))

    def _plan(self, found: Joint) -> placement_pb2.PlacementPlan:
        standing, travel = self._standing, self._travel(found)
        quotes = replace(
            standing.priced.quotes,
            budget_pence=self._places.budget + travel,
            marginal_pence=self._places.marginal + travel,
        )
        priced = replace(standing.priced, quotes=quotes, requests_pence=standing.priced.quotes.marginal_pence)
        plan = plan_wire.assignment_message(standing, priced, found.chosen)
        plan.status, plan.solve_seconds = plan_wire.JOINT, self._solve_seconds
        who = hashlib.sha256(self._travelling.request(found.chosen).SerializeToString(deterministic=True)).hexdigest()
        runs = who, self._trials.revision
        plan.plan_id = content_id("plan", standing.facts_hash, plan.policy, RULES_VERSION, *runs)
        return plan

    def _changes(self, separate: IntArray, joint: IntArray) -> Iterator[travel_pb2.JointChange]:
        facts, options = self._standing.gathered.facts, self._standing.priced.options

        def pool(row: int) -> str:
            return facts.pools[int(options.pool[row])].pool_id if row >= 0 else ""

        for case in np.flatnonzero(separate != joint).tolist():
            yield travel_pb2.JointChange(
                case_id=facts.cases[case].case_id,
                separate_pool_id=pool(int(separate[case])),
                joint_pool_id=pool(int(joint[case])),
            )


def _without_travel(standing: StandingPlan) -> _WithoutTravel:
    """Prices of the standing plan less what their travel adds, which is the same on both ledgers."""
    travel, quotes = column(standing.quoted.annual_transport_pence, "<i8"), standing.priced.quotes
    return _WithoutTravel(quotes.budget_pence - travel, quotes.marginal_pence - travel)


def _who_might_travel(context: Context, standing: StandingPlan) -> Travelling:
    """Those placed who stay, those due, and every setting that any of them may go to."""
    neighbours, gathered, options = context.neighbours, standing.gathered, standing.priced.options
    day = gathered.facts.first_day
    settled = travel_wire.settled_travellers(neighbours.list_open_cases(day).cases, gathered.pools, day)
    urns = np.array([pool.urn for pool in gathered.facts.pools], np.int32)[options.pool]
    going = [transport_pb2.Traveller(urn=urn) for urn in np.unique(urns).tolist()]
    return Travelling(
        first_day=days.to_wire(day),
        settled=settled,
        due=[travel_wire.traveller(case, 0) for case in gathered.cases],
        destinations=list(travel_wire.destinations_of([*settled, *going], neighbours.list_settings())),
        option_case=options.case,
        option_urn=urns,
    )


def _joint_problem(
    standing: StandingPlan, places: _WithoutTravel, travelling: Travelling, least: IntArray
) -> JointProblem:
    money = standing.priced.policy.terms.index(MONEY)
    terms = standing.problem.option_terms.copy()
    terms[money] = places.budget
    return JointProblem(
        without_transport=replace(standing.problem, option_terms=terms),
        money=money,
        destination=travelling.option_urn,
        neighbours=_neighbours(travelling.due),
        least=least,
    )


def _neighbours(children: Sequence[transport_pb2.Traveller]) -> tuple[frozenset[int], ...]:
    return near_each_other(
        easting=np.array([child.home.easting for child in children], np.int64),
        northing=np.array([child.home.northing for child in children], np.int64),
        known=np.array([child.HasField("home") for child in children], np.int64),
        metres=NEAR_METRES,
    )


def round_message(each: Round) -> travel_pb2.JointRound:
    """A round as it is told."""
    return travel_pb2.JointRound(
        number=each.number,
        annual_pence=each.total,
        runs_annual_pence=each.runs,
        changed=each.changed,
        tried=each.tried,
    )
