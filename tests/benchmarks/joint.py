"""A plan made together with its runs, on the demonstration: against the same with average transport, and its bound."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from inborough.placement.v1 import travel_pb2, travel_pb2_grpc
from services.cli.demo import write_demonstration
from tests.benchmarks.figures import Figure, timed
from tests.benchmarks.loaded import HALTON_TODAY, Size
from tests.benchmarks.processes import addresses_of, processor_seconds, running_system
from tests.builders.identity import connect
from tests.builders.system import send

SECONDS = 3600.0
FILES = ("gias", "pools", "rates", "sen2", "preferences", "due", "travel-needs", "fleet", "bell-times")


def measure(size: Size = HALTON_TODAY) -> list[Figure]:
    """One joint plan. Each round is told on standard error as it ends."""
    with tempfile.TemporaryDirectory() as name, running_system(Path(name)) as servers:
        files = Path(name) / "demonstration"
        write_demonstration(files, scale=size.scale, due=size.due)
        send(addresses_of(servers), files, *FILES)
        with connect("placement", servers["placement"].address) as channel:
            seconds, made = timed(lambda: _propose(travel_pb2_grpc.TravelServiceStub(channel)))
        processor = processor_seconds([server.pid for server in servers.values()])
    return _figures(size, made, seconds, processor)


def _propose(stub: travel_pb2_grpc.TravelServiceStub) -> travel_pb2.JointPlan:
    for answer in stub.ProposeJointPlan(travel_pb2.ProposeJointPlanRequest(), timeout=SECONDS):
        if answer.HasField("joint_plan"):
            return answer.joint_plan
        told = answer.round
        sys.stderr.write(f"round {told.number}, {told.tried}: {told.annual_pence:,} pence, {told.changed} changed\n")
    raise RuntimeError("The services gave no plan.")


def _figures(size: Size, made: travel_pb2.JointPlan, seconds: float, processor: float) -> list[Figure]:
    separate, joint, least = made.separate_annual_pence, made.joint_annual_pence, made.least_annual_pence
    who = f"{size.name}: {made.plan.decisions_due:,} cases"
    return [
        Figure("", f"Joint plan against the plan with average transport, {who}", [joint / separate], "", 1.0),
        Figure("", "What it saves a year", [(separate - joint) / 100], "GBP"),
        Figure("", "Children placed elsewhere for it", [len(made.changes)]),
        Figure("", "What the best plan as good before money could save of it at most", [(joint - least) / joint]),
        Figure("", "ProposeJointPlan whole", [seconds], "s"),
        Figure("", "Processor time, all services, their start and the imports too", [processor], "s"),
    ]
