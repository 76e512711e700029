"""A running system that holds a demonstration, and a client of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import grpc

from inborough.placement.v1 import placement_pb2, placement_pb2_grpc
from services.cli.demo import write_demonstration
from shared.grpc_terms import MESSAGE_SIZES
from shared.identity import PANEL_CHAIR
from shared.identity.callers import Person
from tests.benchmarks.figures import timed
from tests.benchmarks.processes import Started, addresses_of, running_system
from tests.builders.identity import caller
from tests.builders.system import send

PLAN_SECONDS = 300.0
CALL_SECONDS = 20.0


@dataclass(frozen=True)
class Size:
    """A demonstration: its active plans and decisions due; None: as published for Halton."""

    name: str
    scale: int | None
    due: int | None


HALTON_TODAY = Size("Halton today", None, None)
HALTON = Size("Halton", 2800, 2000)
COUNTY = Size("county", 20_000, 3500)


@dataclass(frozen=True)
class Loaded:
    """A running system with a demonstration in it. The client is bare but for a panel chair's token in each call."""

    servers: dict[str, Started]
    placement: placement_pb2_grpc.PlacementServiceStub
    chair: Person
    import_seconds: dict[str, float] = field(default_factory=dict)

    @property
    def addresses(self) -> dict[str, str]:
        """Addresses by setting name."""
        return addresses_of(self.servers)

    def propose(self) -> placement_pb2.PlacementPlan:
        """A plan of the busiest first day."""
        request, token = placement_pb2.ProposePlanRequest(), tuple(self.chair.metadata())
        return self.placement.ProposePlan(request, timeout=PLAN_SECONDS, metadata=token).plan

    def recommend(self, case_id: str, top: int) -> placement_pb2.Recommendation:
        """A case's options."""
        request = placement_pb2.RecommendOptionsRequest(case_id=case_id, top=top)
        token = tuple(self.chair.metadata())
        return self.placement.RecommendOptions(request, timeout=CALL_SECONDS, metadata=token).recommendation

    def cases_due(self, plan: placement_pb2.PlacementPlan) -> list[str]:
        """Ids of up to 300 cases that a plan decides."""
        return sorted([*plan.assignment, *(case.case_id for case in plan.unplaced)])[:300]


@contextmanager
def loaded_system(folder: Path, size: Size) -> Iterator[Loaded]:
    """Four services, and a demonstration brought in through their own importers."""
    with ExitStack() as stack:
        servers = stack.enter_context(running_system(folder))
        write_demonstration(folder / "demonstration", scale=size.scale, due=size.due)
        addresses, files = addresses_of(servers), ("gias", "pools", "rates", "sen2", "preferences", "due")
        imports = {name: timed(lambda n=name: send(addresses, folder / "demonstration", n))[0] for name in files}  # type: ignore[misc]
        channel = stack.enter_context(grpc.insecure_channel(servers["placement"].address, options=MESSAGE_SIZES))
        yield Loaded(servers, placement_pb2_grpc.PlacementServiceStub(channel), caller(PANEL_CHAIR), imports)
