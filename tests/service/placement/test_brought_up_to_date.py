"""After each change of a day the standing plan is the one made whole, to the byte, with real neighbours and solver."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from inborough.caseload.v1 import caseload_pb2, caseload_pb2_grpc
from inborough.common.v1 import common_pb2
from inborough.provision.v1 import provision_pb2, provision_pb2_grpc
from services.placement import main
from services.placement.domain.pseudonyms import Pseudonyms
from services.placement.domain.reply_rules import ReplyClock
from services.placement.gather import Neighbours
from services.placement.model.policy import Policy, list_policies
from services.placement.operations import context as contexts
from services.placement.operations.context import Context, StandingPlan, get_policy, make_standing_plan
from services.placement.operations.plans import busiest_first_day
from services.placement.settings import Settings
from services.placement.solver import Solver
from shared.database import migrate, open_database
from shared.days import to_wire
from shared.ids import new_id
from tests.builders.identity import connect
from tests.builders.system import load_demonstration, neighbours_of_placement

SECONDS = 30


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Real neighbours with a small demonstration, which tests change."""
    folder = tmp_path_factory.mktemp("changing")
    with neighbours_of_placement(folder) as found:
        load_demonstration(found, folder / "demonstration", scale=300)
        yield found


def neighbours_at(addresses: dict[str, str]) -> Neighbours:
    return Neighbours(Settings(**{f"INBOROUGH_{name.upper()}": where for name, where in addresses.items()}))  # type: ignore[arg-type]


@pytest.fixture
def context(addresses: dict[str, str], tmp_path: Path) -> Iterator[Context]:
    engine = open_database(f"sqlite:///{tmp_path / 'placement.db'}")
    migrate(engine, main.MIGRATIONS)
    context = Context(engine, neighbours_at(addresses), Solver(), Pseudonyms(b"tests"), ReplyClock())
    yield context
    context.close()


def withdraw(addresses: dict[str, str], case_id: str) -> None:
    with connect("caseload", addresses["caseload_address"]) as channel:
        request = caseload_pb2.WithdrawDecisionDueRequest(
            request_id=new_id("req"), case_id=case_id, reason_code="moved_away"
        )
        caseload_pb2_grpc.CaseloadServiceStub(channel).WithdrawDecisionDue(request, timeout=SECONDS)


def offer(addresses: dict[str, str], first_day: common_pb2.Date, case_id: str, pool_id: str) -> None:
    with connect("provision", addresses["provision_address"]) as channel:
        request = provision_pb2.OfferPlaceRequest(
            request_id=new_id("req"),
            case_id=case_id,
            pool_id=pool_id,
            first_day=first_day,
            decision_id=new_id("dec"),
        )
        provision_pb2_grpc.ProvisionServiceStub(channel).OfferPlace(request, timeout=SECONDS)


def planned(standing: StandingPlan) -> list[tuple[str, str]]:
    """Cases with the pools that the plan gives them, those with a number of places first."""
    facts, options = standing.gathered.facts, standing.priced.options
    rows = [
        (row, int(options.pool[option])) for row, option in enumerate(standing.solution.option_of_case) if option >= 0
    ]
    rows.sort(key=lambda pair: facts.pools[pair[1]].places_free is None)
    return [(facts.cases[row].case_id, facts.pools[pool].pool_id) for row, pool in rows]


def assert_as_made_whole(context: Context, addresses: dict[str, str], found: StandingPlan) -> None:
    newcomer = neighbours_at(addresses)
    decided = frozenset(found_case_ids(newcomer, found) - set(found.gathered.facts.case_rows))
    gathered = newcomer.gather(found.gathered.facts.first_day, decided)
    whole = make_standing_plan(context, gathered, found.priced.policy)
    newcomer.close()
    assert found.facts_content == whole.facts_content
    assert found.facts_hash == whole.facts_hash
    one, other = found.solution, whole.solution
    assert np.array_equal(one.option_of_case, other.option_of_case)
    assert np.array_equal(one.shadow_prices, other.shadow_prices)
    for case in range(0, len(gathered.cases), 7):
        assert np.array_equal(one.effect_on_others(case).change, other.effect_on_others(case).change)


def found_case_ids(newcomer: Neighbours, standing: StandingPlan) -> set[str]:
    return set(newcomer.gather(standing.gathered.facts.first_day).facts.case_rows)


def test_each_change_leads_to_the_plan_made_whole(
    context: Context, addresses: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    day, policy = busiest_first_day(context), get_policy("")
    standing = context.standing_plan(day, policy)
    monkeypatch.setattr(contexts, "make_standing_plan", _never)
    cases = planned(standing)
    (gone, _), (decided, pool), (elsewhere, _), *others = cases
    decided_now: set[str] = set()
    monkeypatch.setattr(context, "gather", lambda day: context.neighbours.gather(day, frozenset(decided_now)))

    def decide(case_id: str, pool_id: str) -> None:
        decided_now.add(case_id)
        offer(addresses, to_wire(day), case_id, pool_id)

    def withdraw_several() -> None:
        for case_id, _ in others[10:15]:
            withdraw(addresses, case_id)

    changes: list[Callable[[], None]] = [
        partial(withdraw, addresses, gone),
        partial(decide, decided, pool),
        partial(decide, elsewhere, others[5][1]),
        withdraw_several,
    ]
    for change in changes:
        change()
        again = context.standing_plan(day, policy)
        assert again is not standing
        assert_as_made_whole(context, addresses, again)
        assert context.standing_plan(day, policy) is again
        standing = again


def test_a_worker_that_has_forgotten_the_plan_solves_anew(context: Context, addresses: dict[str, str]) -> None:
    day, policy = busiest_first_day(context), get_policy("")
    standing = context.standing_plan(day, policy)
    context.solver.close()
    context.solver = Solver()
    withdraw(addresses, planned(standing)[0][0])
    assert_as_made_whole(context, addresses, context.standing_plan(day, policy))


def test_a_policy_that_weighs_later_arrivals_is_planned_whole(
    context: Context, monkeypatch: pytest.MonkeyPatch, addresses: dict[str, str]
) -> None:
    made: list[str] = []
    day = busiest_first_day(context)
    standing = make_standing_plan(context, context.gather(day), get_policy(""))

    def make(_: Context, __: object, policy: Policy, **___: object) -> StandingPlan:
        made.append(policy.name)
        return standing

    monkeypatch.setattr(contexts, "make_standing_plan", make)
    keeps = next(policy for policy in list_policies() if policy.keeps_places)
    context._standing[day, keeps.label] = standing
    withdraw(addresses, planned(standing)[0][0])
    context.standing_plan(day, keeps)
    assert made == [keeps.name]


def _never(*_: object, **__: object) -> StandingPlan:
    raise AssertionError("The plan was made whole.")
