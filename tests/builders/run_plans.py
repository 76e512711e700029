"""A run plan as cost gives it: two runs to two settings near each other, and one child who is not carried.

  run  vehicle           stops                                          carries
  1    minibus + PA      home 08:15, home 08:21, Astmoor 08:40          1, 2 (in a wheelchair)
  2    taxi              home 08:20, Beechwood 08:35, Astmoor 08:40     3 to Astmoor, 4 to Beechwood

Case n is case_000000000000000n; everything is invented.
"""

from __future__ import annotations

from typing import Any

from inborough.common.v1 import common_pb2
from inborough.cost.v1 import cost_pb2, transport_pb2

RUN_PLAN_ID = "runs_9f2c41d07be35a86"
ASTMOOR, BEECHWOOD = 111217, 111218
NAMES = {ASTMOOR: "Astmoor Primary School", BEECHWOOD: "Beechwood School"}
PLACES = {ASTMOOR: (351_200, 383_400), BEECHWOOD: (350_400, 382_900)}
HOMES = {1: (348_310, 384_120), 2: (348_950, 383_240), 3: (353_480, 382_770), 4: (353_480, 382_770)}


def case_id(number: int) -> str:
    """The id of a child by its number."""
    return f"case_{number:016x}"


def a_run_plan(**changes: Any) -> transport_pb2.RunPlan:
    """The run plan in the table above."""
    astmoor = transport_pb2.DestinationTotals(
        urn=ASTMOOR, carried=3, runs=2, annual_pence=3_400_000, solo_annual_pence=4_500_000
    )
    beechwood = transport_pb2.DestinationTotals(
        urn=BEECHWOOD, carried=1, runs=1, annual_pence=600_000, solo_annual_pence=1_500_000
    )
    facts: dict[str, Any] = {
        **totals(),
        "runs": [first_run(), second_run()],
        "not_carried": [_not_carried(5)],
        "destinations": [astmoor, beechwood],
    }
    return transport_pb2.RunPlan(**{**facts, **changes})


def totals() -> dict[str, Any]:
    """What it comes to."""
    return {
        "run_plan_id": RUN_PLAN_ID,
        "first_day": common_pb2.Date(year=2024, month=9, day=2),
        "planned_time": "2024-02-01T09:30:00Z",
        "fleet_id": "fleet_demonstration-2024_1",
        "rate_card_id": "card_demonstration-2024_1",
        "travel_method": "straight line x 1.30, 30 km/h",
        "carried": 4,
        "run_count": 2,
        "annual_pence": 4_000_000,
        "solo_annual_pence": 6_000_000,
        "average_annual_pence": 3_800_000,
    }


def first_run() -> transport_pb2.Run:
    """A minibus with a passenger assistant, for two children."""
    stops = [_home(1, 495, 25), _home(2, 501, 19, wheelchair=True), _setting(ASTMOOR, 520, (1, 25), (2, 19))]
    return _run(1, "minibus", stops, assistant=True, annual_pence=2_800_000, solo_annual_pence=3_000_000)


def second_run() -> transport_pb2.Run:
    """A taxi for two children of one home who go to two settings."""
    home = _home(3, 500, 20)
    home.rides.append(_ride(4, 15, beyond_guide=True))
    stops = [home, _setting(BEECHWOOD, 515, (4, 15)), _setting(ASTMOOR, 520, (3, 20))]
    return _run(2, "taxi", stops, annual_pence=1_200_000, solo_annual_pence=3_000_000)


def _run(number: int, vehicle_type: str, stops: list[transport_pb2.Stop], **facts: Any) -> transport_pb2.Run:
    source = cost_pb2.RateSource(basis="illustrative", source="demonstration-2024 v1")
    line = transport_pb2.RunCost(label="Vehicle and driver", annual_pence=facts["annual_pence"], source=source)
    return transport_pb2.Run(
        number=number,
        vehicle_type=vehicle_type,
        stops=stops,
        distance_metres=6_400,
        minutes=stops[-1].at_minutes - stops[0].at_minutes,
        lines=[line],
        **facts,
    )


def _home(number: int, at_minutes: int, minutes: int, **facts: Any) -> transport_pb2.Stop:
    return transport_pb2.Stop(place=_at(HOMES[number]), at_minutes=at_minutes, rides=[_ride(number, minutes, **facts)])


def _setting(urn: int, at_minutes: int, *rides: tuple[int, int]) -> transport_pb2.Stop:
    out = [_ride(*ride) for ride in rides]
    return transport_pb2.Stop(place=_at(PLACES[urn]), at_minutes=at_minutes, urn=urn, rides=out)


def _ride(number: int, minutes: int, **facts: Any) -> transport_pb2.Ride:
    return transport_pb2.Ride(case_id=case_id(number), minutes=minutes, limit_minutes=45, **facts)


def _at(place: tuple[int, int]) -> common_pb2.GridReference:
    return common_pb2.GridReference(easting=place[0], northing=place[1])


def _not_carried(number: int) -> transport_pb2.NotCarried:
    why = cost_pb2.TravelEligibility(
        code="within_distance", reason="Within walking distance.", legal_basis="Education Act 1996 Sch 35B para 6"
    )
    return transport_pb2.NotCarried(case_id=case_id(number), urn=ASTMOOR, eligibility=why)
