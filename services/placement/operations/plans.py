"""Plan all decisions due for a first day together. Advice only: nobody without a decision due is moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from inborough.placement.v1 import placement_pb2
from services.placement import plan_wire, problem_columns
from services.placement.model.problem import PlacementProblem
from services.placement.model.problem_file import problem_text
from services.placement.model.rules import RULES_VERSION
from services.placement.operations.context import Context, StandingPlan, get_policy, make_standing_plan
from services.placement.operations.later_arrivals import refresh_later_arrivals
from services.placement.operations.planners_view import cases_of, may_see_cases, planners_plan, planners_problem
from services.placement.operations.views import record_view
from services.placement.operations.worlds import refresh_world
from services.placement.storage import repository
from shared import days
from shared.database import reading, writing
from shared.errors import InvalidInput, NotFound, WrongState
from shared.event_log import record_event
from shared.ids import content_id
from shared.logs import log

MOST_PLANS = 500
DEFAULT_PLANS = 100


def propose_plan(context: Context, first_day: date | None, policy_name: str) -> placement_pb2.PlacementPlan:
    """Plan all decisions due for a first day at once, and keep the plan with its facts and its problem.

    Whoever may not see case ids is answered with pseudonyms in their place; what is kept is the same.

    Raises NotFound (policy), WrongState (no decisions due anywhere, no pools), NeighbourDown.
    """
    policy = get_policy(policy_name)
    day = first_day or busiest_first_day(context)
    standing = context.keep(make_standing_plan(context, context.gather(day), policy))
    plan = plan_wire.plan_message(standing)
    plan.plan_id = content_id("plan", standing.facts_hash, policy.label, RULES_VERSION)
    keep_plan(context, standing, plan, standing.problem)
    log(
        "plan_proposed",
        plan_id=plan.plan_id,
        first_day=day.isoformat(),
        policy=policy.label,
        decisions_due=plan.decisions_due,
        options=plan.options_open,
        solve_seconds=plan.solve_seconds,
    )
    return shown_plan(context, plan)


def refresh_standing_plan(context: Context) -> date | None:
    """Make the default policy's standing plan of the busiest first day ready; None when there is nothing to plan.

    What later arrivals would lose by each place is worked out with it now and then, to be shown beside rankings; and
    the world of the next scenario is made ready.
    """
    try:
        day = busiest_first_day(context)
        standing = context.standing_plan(day, get_policy(""))
    except WrongState:
        return None
    try:
        refresh_later_arrivals(context, standing.priced, standing.gathered)
    except WrongState as error:
        log("later_arrivals_not_priced", "warning", error_type=type(error).__name__)
    refresh_world(context)
    return day


def busiest_first_day(context: Context) -> date:
    """The first day with the most decisions due, the earliest on a tie."""
    found = context.neighbours.list_first_days()
    if not found:
        raise WrongState("No decisions are due. Import them first: `inborough import due`.")
    return min(found, key=lambda day_and_count: (-day_and_count[1], day_and_count[0]))[0]


def keep_plan(
    context: Context, standing: StandingPlan, plan: placement_pb2.PlacementPlan, problem: PlacementProblem
) -> None:
    """Keep a plan with the facts of a standing plan and the problem that led to it."""
    stored = repository.StoredPlan(
        plan_id=plan.plan_id,
        first_day=standing.gathered.facts.first_day,
        policy=plan.policy,
        facts_hash=standing.facts_hash,
        proposed_at=days.now_utc(),
        summary=plan_wire.summary(plan).SerializeToString(deterministic=True),
        content=plan.SerializeToString(deterministic=True),
        problem=problem_columns.pack(problem),
    )
    with writing(context.engine) as connection:
        repository.keep_facts(connection, standing.facts_hash, standing.facts_content)
        repository.keep_plan(connection, stored)
        record_event(
            connection,
            "plan_proposed",
            case_ids=cases_of(plan),
            plan_id=plan.plan_id,
            first_day=stored.first_day,
            policy=plan.policy,
            facts_hash=standing.facts_hash,
        )


def get_plan(context: Context, plan_id: str) -> placement_pb2.PlacementPlan:
    """A plan as it was proposed, without case ids for whoever may not see them. Raises NotFound."""
    with reading(context.engine) as connection:
        content = repository.find_plan(connection, plan_id)
    if content is None:
        raise NotFound("plan", plan_id, "See `inborough plan` to propose one.")
    plan = placement_pb2.PlacementPlan.FromString(content)
    record_view(context, "plan_viewed", cases_of(plan) if may_see_cases() else [], plan_id=plan_id)
    return shown_plan(context, plan)


def shown_plan(context: Context, plan: placement_pb2.PlacementPlan) -> placement_pb2.PlacementPlan:
    """The plan as the caller may see it."""
    return plan if may_see_cases() else planners_plan(plan, context.pseudonyms)


@dataclass(frozen=True)
class PlanPage:
    """Plans without their assignments, newest first, and where the next page starts ("" on the last)."""

    plans: list[placement_pb2.PlacementPlan]
    next_page_token: str


def list_plans(context: Context, page_size: int, page_token: str) -> PlanPage:
    """A page of plans. Raises InvalidInput for a page size over 500 or an unknown token."""
    if not 0 <= page_size <= MOST_PLANS:
        raise InvalidInput("page_size", f"must be from 1 to {MOST_PLANS}, or 0 for {DEFAULT_PLANS}")
    most = page_size or DEFAULT_PLANS
    with reading(context.engine) as connection:
        if page_token and repository.find_plan(connection, page_token) is None:
            raise InvalidInput("page_token", "was not given by this call; start again without one")
        rows = repository.list_plans(connection, most + 1, page_token)
    more = len(rows) > most
    plans = [placement_pb2.PlacementPlan.FromString(summary) for _, summary in rows[:most]]
    return PlanPage(plans, rows[most - 1][0] if more else "")


def export_problem(context: Context, plan_id: str) -> bytes:
    """The problem that a plan solved, as an "inborough-problem/1" file. Raises NotFound.

    Whoever may not see case ids is given pseudonyms in their place.
    """
    with reading(context.engine) as connection:
        packed = repository.find_problem(connection, plan_id)
    if packed is None:
        raise NotFound("plan", plan_id, "See `inborough plan` to propose one.")
    problem, sees_cases = problem_columns.unpack(packed), may_see_cases()
    record_view(context, "problem_exported", sorted(problem.case_ids) if sees_cases else [], plan_id=plan_id)
    return problem_text(problem if sees_cases else planners_problem(problem, context.pseudonyms)).encode()
