"""One change of a day to the standing plan again: brought up to date from the change alone, against making it whole."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from inborough.caseload.v1 import caseload_pb2, caseload_pb2_grpc
from inborough.provision.v1 import provision_pb2, provision_pb2_grpc
from services.placement.gather import Neighbours
from services.placement.operations.context import Context, StandingPlan, get_policy, make_standing_plan
from services.placement.settings import Settings
from shared.days import to_wire
from shared.ids import new_id
from tests.benchmarks.figures import Figure, timed
from tests.benchmarks.loaded import HALTON, Loaded, Size, loaded_system
from tests.benchmarks.planning import placement_here, standing_plan_here
from tests.builders.identity import connect

ROUNDS = 7
CALL_SECONDS = 30.0
WANTED = 0.1


@dataclass(frozen=True)
class Changing:
    """Whoever makes the changes of a day."""

    caseload: caseload_pb2_grpc.CaseloadServiceStub
    provision: provision_pb2_grpc.ProvisionServiceStub
    first_day: date

    def withdraw(self, case_id: str) -> None:
        """A decision is no longer due."""
        request = caseload_pb2.WithdrawDecisionDueRequest(
            request_id=new_id("req"), case_id=case_id, reason_code="moved_away"
        )
        self.caseload.WithdrawDecisionDue(request, timeout=CALL_SECONDS)

    def offer(self, case_id: str, pool_id: str) -> None:
        """A place is held for a case."""
        request = provision_pb2.OfferPlaceRequest(
            request_id=new_id("req"),
            case_id=case_id,
            pool_id=pool_id,
            first_day=to_wire(self.first_day),
            decision_id=new_id("dec"),
        )
        self.provision.OfferPlace(request, timeout=CALL_SECONDS)


def measure() -> list[Figure]:
    """A case that changes, and an offer made, at Halton's size."""
    return measure_at(HALTON)


def measure_at(size: Size) -> list[Figure]:
    """A case that changes, and an offer made, turn by turn with the standing plan made whole by who knows nothing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with loaded_system(folder / "system", size) as loaded, placement_here(loaded, folder) as context:
            standing = standing_plan_here(context, loaded)
            changing = Changing(
                caseload_pb2_grpc.CaseloadServiceStub(connect("caseload", loaded.servers["caseload"].address)),
                provision_pb2_grpc.ProvisionServiceStub(connect("provision", loaded.servers["provision"].address)),
                standing.gathered.facts.first_day,
            )
            gone, offered = _cases_and_pools(standing)
            withdrawn = [partial(changing.withdraw, case_id) for case_id in gone]
            offers = [partial(changing.offer, case_id, pool) for case_id, pool in offered]
            figures = _figures(context, loaded, standing, withdrawn, f"a decision no longer due, {size.name}")
            return figures + _figures(context, loaded, standing, offers, f"a place offered, {size.name}")


def _figures(
    context: Context, loaded: Loaded, standing: StandingPlan, changes: Sequence[Callable[[], None]], what: str
) -> list[Figure]:
    """Seconds of both ways after each change, and their ratio."""
    day, policy = standing.gathered.facts.first_day, get_policy("")
    rounds = []
    for change in changes:
        change()
        again, followed = timed(lambda: context.standing_plan(day, policy))
        newcomer = _newcomer(loaded)
        whole, made = timed(partial(_made_whole, context, newcomer, day))
        newcomer.close()
        if followed.facts_hash != made.facts_hash:
            raise AssertionError("The plan that was brought up to date is not of the facts as they stand.")
        if followed.solution.option_of_case.tolist() != made.solution.option_of_case.tolist():
            raise AssertionError("The plan that was brought up to date is not the one made whole.")
        rounds.append((again, whole))
    agains, wholes = ([1000 * pair[at] for pair in rounds] for at in (0, 1))
    note = f"Whole: {min(wholes):,.0f} ms at best. Facts, judgement, prices, plan and its prices, all services."
    return [
        Figure("", f"Standing plan again after {what}", agains, "ms"),
        Figure(
            "",
            f"One change to standing plan again, against making it whole: {what}",
            [again / whole for again, whole in rounds],
            "x whole",
            WANTED,
            note,
        ),
    ]


def _made_whole(context: Context, newcomer: Neighbours, day: date) -> StandingPlan:
    return make_standing_plan(context, newcomer.gather(day), get_policy(""), compared=False)


def _newcomer(loaded: Loaded) -> Neighbours:
    """Neighbours that hold nothing yet."""
    addresses = {f"INBOROUGH_{name.upper()}_ADDRESS": server.address for name, server in loaded.servers.items()}
    return Neighbours(Settings(**addresses))  # type: ignore[arg-type]


def _cases_and_pools(standing: StandingPlan) -> tuple[list[str], list[tuple[str, str]]]:
    """Cases to withdraw, and others with pools that have places free, spread over the plan."""
    facts, options = standing.gathered.facts, standing.priced.options
    chosen = standing.solution.option_of_case
    placed = [row for row in range(len(facts.cases)) if chosen[row] >= 0]
    rows = placed[:: max(1, len(placed) // (2 * ROUNDS))][: 2 * ROUNDS]
    pools = [facts.pools[int(options.pool[chosen[row]])].pool_id for row in rows]
    ids = [facts.cases[row].case_id for row in rows]
    return ids[:ROUNDS], list(zip(ids[ROUNDS:], pools[ROUNDS:], strict=True))
