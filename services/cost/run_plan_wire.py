"""A run plan as a message: runs with their stops, children and cost lines, and totals that are their sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime

from inborough.common.v1 import common_pb2
from inborough.cost.v1 import cost_pb2, transport_pb2
from services.cost.carrying.planned import GroupPlan, WholePlan
from services.cost.domain.pricing import Origin
from services.cost.transport.runs.result import Run, RunCost, RunLine, Stop
from services.cost.transport.travel import Points
from shared.days import in_rfc3339, to_wire

LABELS = {
    RunLine.VEHICLE: "Vehicle and driver",
    RunLine.DISTANCE: "Kilometres with children aboard",
    RunLine.ASSISTANT: "Passenger assistant",
}


@dataclass(frozen=True)
class Heading:
    """What a run plan is called, from when it is, and when it was made."""

    run_plan_id: str
    first_day: date
    planned_at: datetime


def run_plan_to_wire(heading: Heading, plan: WholePlan) -> transport_pb2.RunPlan:
    """The whole run plan."""
    people, terms = plan.people, plan.terms
    message = transport_pb2.RunPlan(
        run_plan_id=heading.run_plan_id,
        first_day=to_wire(heading.first_day),
        planned_time=in_rfc3339(heading.planned_at),
        fleet_id=terms.fleet.heading.fleet_id,
        rate_card_id=terms.card.heading.rate_card_id,
        travel_method=terms.legs.method,
        runs=_runs(plan),
        destinations=_destinations(plan),
        carried=len(plan.carried),
        annual_pence=plan.annual_pence,
        solo_annual_pence=int(plan.solo_pence.sum()),
        average_annual_pence=int(plan.average_pence.sum()),
    )
    message.run_count = len(message.runs)
    for row, said in plan.not_carried:
        urn = people.urns[people.destination[row]] if people.destination[row] >= 0 else 0
        eligibility = cost_pb2.TravelEligibility(**asdict(said))
        message.not_carried.add(case_id=people.ids[row], urn=urn, eligibility=eligibility)
    return message


def _runs(plan: WholePlan) -> Iterator[transport_pb2.Run]:
    """All runs, ordered by the settings that they serve; of equals the planner's order stays."""
    found = [(each, run) for each in plan.groups for run in each.runs.runs]
    found.sort(key=lambda pair: sorted(pair[0].group.problem.destination_ids[at] for at in pair[1].destinations))
    for number, (each, run) in enumerate(found, start=1):
        yield _run(number, plan, each, run)


def _run(number: int, plan: WholePlan, each: GroupPlan, run: Run) -> transport_pb2.Run:
    rows = each.group.travellers[list(run.travellers)]
    lines = [_line(plan, run, line) for line in run.lines]
    return transport_pb2.Run(
        number=number,
        vehicle_type=plan.terms.fleet.vehicle_types[run.vehicle_type].name,
        assistant=run.assistant,
        stops=[_stop(plan, each, run, stop) for stop in run.stops],
        distance_metres=run.metres,
        minutes=run.minutes,
        annual_pence=sum(line.annual_pence for line in lines),
        lines=lines,
        solo_annual_pence=int(plan.solo_pence[rows].sum()),
    )


def _line(plan: WholePlan, run: Run, line: RunCost) -> transport_pb2.RunCost:
    return transport_pb2.RunCost(
        label=LABELS[line.line],
        annual_pence=line.pence_per_day * plan.terms.days,
        source=cost_pb2.RateSource(**_origin(plan, run, line)._asdict()),
    )


def _origin(plan: WholePlan, run: Run, line: RunCost) -> Origin:
    match line.line:
        case RunLine.VEHICLE:
            return plan.terms.cite(run.vehicle_type, "a day")
        case RunLine.DISTANCE:
            return plan.terms.cite(run.vehicle_type, f"a kilometre, {run.metres:,} m each way")
        case RunLine.ASSISTANT:
            return plan.terms.fares.assistant.origin


def _stop(plan: WholePlan, each: GroupPlan, run: Run, stop: Stop) -> transport_pb2.Stop:
    people, group = plan.people, each.group
    rides = {ride.traveller: ride for ride in run.rides}
    message = transport_pb2.Stop(at_minutes=stop.at_minutes)
    for who in stop.travellers:
        row, ride = int(group.travellers[who]), rides[who]
        message.rides.add(
            case_id=people.ids[row],
            minutes=ride.minutes,
            limit_minutes=ride.limit_minutes,
            beyond_guide=ride.beyond_guide,
            wheelchair=people.children.wheelchair[row],
        )
    if stop.destination is None:
        message.place.CopyFrom(_place(people.children.homes, int(group.travellers[stop.travellers[0]])))
    else:
        message.urn = group.problem.destination_ids[stop.destination]
        message.place.CopyFrom(_place(people.settings, int(group.settings[stop.destination])))
    return message


def _place(points: Points, row: int) -> common_pb2.GridReference:
    return common_pb2.GridReference(easting=int(points.easting[row]), northing=int(points.northing[row]))


def _destinations(plan: WholePlan) -> list[transport_pb2.DestinationTotals]:
    """Totals of every setting that somebody is carried to; a shared run's cost by children."""
    totals: dict[int, Counter[str]] = {}
    for each in plan.groups:
        urns, going = each.group.problem.destination_ids, each.group.problem.destination
        for run in each.runs.runs:
            for at in run.destinations:
                totals.setdefault(urns[at], Counter())["runs"] += 1
            for who, share in zip(run.travellers, run.share_pence_per_day, strict=True):
                solo = int(plan.solo_pence[each.group.travellers[who]])
                more = {"carried": 1, "annual_pence": share * plan.terms.days, "solo_annual_pence": solo}
                totals[urns[going[who]]].update(more)
    return [transport_pb2.DestinationTotals(urn=urn, **totals[urn]) for urn in sorted(totals)]
