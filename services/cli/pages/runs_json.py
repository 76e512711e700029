"""Run plans for machines: as the wire names them, without where a home is."""

from __future__ import annotations

from typing import Any

from inborough.cost.v1 import transport_pb2
from services.cli.pages.message_json import message_json
from services.words.runs import square

PARTS = ("runs", "not_carried", "destinations")


def totals_json(plan: transport_pb2.RunPlan) -> dict[str, Any]:
    """What a run plan comes to."""
    return {name: value for name, value in message_json(plan).items() if name not in PARTS}


def run_plan_json(plan: transport_pb2.RunPlan) -> dict[str, Any]:
    """A whole run plan."""
    return {**message_json(plan), "runs": [run_json(run) for run in plan.runs]}


def run_json(run: transport_pb2.Run) -> dict[str, Any]:
    """One run; a stop's place is its square kilometre."""
    return {**message_json(run), "stops": [_stop_json(stop) for stop in run.stops]}


def _stop_json(stop: transport_pb2.Stop) -> dict[str, Any]:
    shown = {name: value for name, value in message_json(stop).items() if name != "place"}
    return {**shown, "square": square(stop)}
