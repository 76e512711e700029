"""Plan all decisions due together with the runs that carry children there. Advice only: who is placed stays."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date

import grpc

from inborough.cost.v1 import transport_pb2
from inborough.placement.v1 import travel_pb2
from services.placement.awaited import RunsBeingPriced
from services.placement.model.policy import Policy, list_policies
from services.placement.operations.context import Context, get_policy, make_standing_plan
from services.placement.operations.joint_work import MONEY, JointWork, round_message
from services.placement.operations.planners_view import may_see_cases
from services.placement.operations.plans import busiest_first_day, keep_plan, shown_plan
from shared.errors import WrongState
from shared.logs import log


class Gone(Exception):
    """Whoever asked has gone."""


class Caller:
    """Whoever waits for a joint plan. Once they are gone nothing more is asked, and what is being priced ends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: RunsBeingPriced | None = None
        self._gone = False

    def leave(self) -> None:
        """The call has ended, whichever way."""
        with self._lock:
            self._gone = True
            if self._waiting is not None:
                self._waiting.cancel()

    def need(self) -> None:
        """Raises Gone once they are."""
        with self._lock:
            if self._gone:
                raise Gone

    def ask(self, context: Context, request: transport_pb2.PriceRunsRequest) -> transport_pb2.PriceRunsResponse:
        """What cost answers. Raises Gone, and what PriceRuns raises."""
        with self._lock:
            if self._gone:
                raise Gone
            waiting = self._waiting = context.neighbours.price_runs(request)
        try:
            return waiting.result()
        except grpc.FutureCancelledError:
            raise Gone from None


def propose_joint_plan(
    context: Context, first_day: date | None, policy_name: str, caller: Caller
) -> Iterator[travel_pb2.ProposeJointPlanResponse]:
    """Each round when it is over, and at last the plan, kept. Once the caller is gone nothing is kept.

    Raises NotFound (policy), WrongState (a policy without money, no decisions due anywhere, no pools, no fleet),
    ChangedMeanwhile, NeighbourDown.
    """
    policy = _policy_with_money(policy_name)
    day = first_day or busiest_first_day(context)
    standing = context.keep(make_standing_plan(context, context.gather(day), policy))
    try:
        work = JointWork(context, standing, lambda request: caller.ask(context, request))
        for each in work.rounds():
            yield travel_pb2.ProposeJointPlanResponse(round=round_message(each))
        made = work.finished()
        caller.need()
    except Gone:
        log("joint_plan_dropped")
        return
    keep_plan(context, standing, made.plan, work.last_problem)
    log("joint_plan_proposed", plan_id=made.plan.plan_id, rounds=len(made.rounds), changed=len(made.changes))
    yield travel_pb2.ProposeJointPlanResponse(joint_plan=_shown(context, made))


def _policy_with_money(name: str) -> Policy:
    """The policy of that name. Raises NotFound, WrongState when it does not weigh a year's money by itself."""
    policy = get_policy(name)
    if MONEY not in policy.terms:
        able = ", ".join(each.name for each in list_policies() if MONEY in each.terms)
        raise WrongState(f"{policy.name} has no tier for money alone, which runs change. Choose one of: {able}.")
    return policy


def _shown(context: Context, made: travel_pb2.JointPlan) -> travel_pb2.JointPlan:
    """As the caller may see it: for whoever may not see cases with pseudonyms, and in order of those."""
    if may_see_cases():
        return made
    shown = travel_pb2.JointPlan()
    shown.CopyFrom(made)
    shown.plan.CopyFrom(shown_plan(context, made.plan))
    for change in shown.changes:
        change.case_id = context.pseudonyms.of(change.case_id)
    shown.changes.sort(key=lambda change: change.case_id)
    return shown
