"""Plan the runs of every child who is placed: gathered here, planned and kept by cost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from inborough.cost.v1 import transport_pb2
from inborough.placement.v1 import travel_pb2
from services.placement import travel_wire
from services.placement.model.suppression import is_small
from services.placement.operations.context import Context
from services.placement.operations.planners_view import may_see_cases
from shared import clock, days
from shared.errors import WrongState

TOO_FEW = (
    "The run plan is kept. It carries fewer than five children, so that its totals would tell of single ones: a "
    "caseworker may see it."
)


def who_travels(context: Context, first_day: date | None) -> transport_pb2.PlanRunsRequest:
    """Every placed child with no decision due by the first day, and where they go.

    Raises WrongState (nobody is placed), NeighbourDown.
    """
    neighbours, day = context.neighbours, first_day or _usual_first_day(context)
    travellers = travel_wire.settled_travellers(
        neighbours.list_open_cases(day).cases, neighbours.list_pools(day).pools, day
    )
    if not travellers:
        raise WrongState(f"Nobody is placed on {days.in_words(day)}. Import cases and place pools first.")
    return transport_pb2.PlanRunsRequest(
        first_day=days.to_wire(day),
        travellers=travellers,
        destinations=travel_wire.destinations_of(travellers, neighbours.list_settings()),
    )


def answers_of(
    planned: Iterator[transport_pb2.PlanRunsResponse],
) -> Iterator[travel_pb2.PlanSchoolRunsResponse]:
    """What cost says as it is passed on: how far it is, and at last the totals alone.

    Raises WrongState where few are carried and somebody asks who may not see cases (decision 29).
    """
    for answer in planned:
        if answer.HasField("progress"):
            yield travel_pb2.PlanSchoolRunsResponse(progress=answer.progress)
        else:
            if is_small(answer.run_plan.carried) and not may_see_cases():
                raise WrongState(TOO_FEW)
            yield travel_pb2.PlanSchoolRunsResponse(run_plan=_totals(answer.run_plan))


def _totals(plan: transport_pb2.RunPlan) -> transport_pb2.RunPlan:
    totals = transport_pb2.RunPlan()
    totals.CopyFrom(plan)
    for field in ("runs", "not_carried", "destinations"):
        totals.ClearField(field)
    return totals


def _usual_first_day(context: Context) -> date:
    """The first day with the most decisions due, the earliest on a tie; where none are, today."""
    found = context.neighbours.list_first_days()
    if not found:
        return clock.today()
    return min(found, key=lambda day_and_count: (-day_and_count[1], day_and_count[0]))[0]
