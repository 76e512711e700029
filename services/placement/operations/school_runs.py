"""Plan the runs of every child who is placed: gathered here, planned and kept by cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from inborough.cost.v1 import transport_pb2
from inborough.placement.v1 import travel_pb2
from services.placement import travel_wire
from services.placement.model.suppression import is_small
from services.placement.operations.context import Context
from services.placement.operations.planners_view import may_see_cases
from shared import clock, days
from shared.errors import InvalidInput, WrongState

ALL_TOGETHER = (
    "must be empty: the totals of some settings alone could tell of few children; a caseworker may ask for them"
)
TOO_FEW = (
    "Fewer than five children travel, so their totals would tell of single children. A caseworker may plan their runs."
)


def who_travels(context: Context, first_day: date | None, urns: Sequence[int]) -> transport_pb2.PlanRunsRequest:
    """Every placed child with no decision due by the first day, and where they go: all settings, or these.

    Raises InvalidInput (somebody who may not see cases names settings), WrongState (nobody is placed, or too few for
    somebody who may not see cases), NeighbourDown.
    """
    if urns and not may_see_cases():
        raise InvalidInput("urns", ALL_TOGETHER)
    neighbours, day = context.neighbours, first_day or _usual_first_day(context)
    placed = travel_wire.settled_travellers(
        neighbours.list_open_cases(day).cases, neighbours.list_pools(day).pools, day
    )
    travellers = [child for child in placed if not urns or child.urn in urns]
    if not travellers:
        where = "at these settings" if urns else "anywhere"
        raise WrongState(f"Nobody is placed {where} on {days.in_words(day)}. Import cases and place pools first.")
    if is_small(len(travellers)) and not may_see_cases():
        raise WrongState(TOO_FEW)
    return transport_pb2.PlanRunsRequest(
        first_day=days.to_wire(day),
        travellers=travellers,
        destinations=travel_wire.destinations_of(travellers, neighbours.list_settings()),
    )


def answers_of(
    planned: Iterator[transport_pb2.PlanRunsResponse],
) -> Iterator[travel_pb2.PlanSchoolRunsResponse]:
    """What cost says as it is passed on: how far it is, and at last the totals alone."""
    for answer in planned:
        if answer.HasField("progress"):
            yield travel_pb2.PlanSchoolRunsResponse(progress=answer.progress)
        else:
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
