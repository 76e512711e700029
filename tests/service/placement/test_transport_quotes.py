"""What a child's travel to a setting would cost and why, from the real neighbours with the demonstration loaded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inborough.cost.v1 import cost_pb2
from inborough.placement.v1 import placement_pb2, placement_pb2_grpc, travel_pb2, travel_pb2_grpc
from shared.errors import InvalidInput, NotFound
from tests.builders.system import channel_to, running

SECONDS = 60


@pytest.fixture(scope="module")
def stubs(
    neighbours: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[travel_pb2_grpc.TravelServiceStub, placement_pb2_grpc.PlacementServiceStub]]:
    """Clients of placement."""
    folder: Path = tmp_path_factory.mktemp("quotes")
    with running("placement", folder, **neighbours) as server, channel_to(server, "placement") as channel:
        yield travel_pb2_grpc.TravelServiceStub(channel), placement_pb2_grpc.PlacementServiceStub(channel)


Stubs = tuple[travel_pb2_grpc.TravelServiceStub, placement_pb2_grpc.PlacementServiceStub]


@pytest.fixture(scope="module")
def paid(stubs: Stubs) -> tuple[str, placement_pb2.Option]:
    """A case that is due, and an option of it to which travel is paid."""
    _, placement = stubs
    plan = placement.ProposePlan(placement_pb2.ProposePlanRequest(), timeout=SECONDS).plan
    for case_id in sorted(plan.assignment):
        request = placement_pb2.RecommendOptionsRequest(case_id=case_id)
        for option in placement.RecommendOptions(request, timeout=SECONDS).recommendation.options:
            if option.travel_eligibility.travel_paid:
                return case_id, option
    raise AssertionError("nobody's travel is paid")


def quote(stubs: Stubs, case_id: str, urn: int) -> travel_pb2.QuoteTransportResponse:
    return stubs[0].QuoteTransport(travel_pb2.QuoteTransportRequest(case_id=case_id, urn=urn), timeout=SECONDS)


def test_a_quote_has_the_transport_lines_of_the_option_and_no_others(
    stubs: Stubs, paid: tuple[str, placement_pb2.Option]
) -> None:
    case_id, option = paid
    found = quote(stubs, case_id, option.urn)
    assert found.setting_name == option.setting_name
    assert found.lines
    assert {line.ledger for line in found.lines} == {cost_pb2.LEDGER_BUDGET, cost_pb2.LEDGER_MARGINAL}
    assert all(line in option.cost_lines for line in found.lines)
    assert not {line.label for line in found.lines} & {"Place funding", "Top-up", "School fee"}


def test_a_quote_says_how_far_it_is_whether_it_is_owed_and_on_what_it_rests(
    stubs: Stubs, paid: tuple[str, placement_pb2.Option]
) -> None:
    case_id, option = paid
    found = quote(stubs, case_id, option.urn)
    assert (found.distance_metres, found.travel_minutes) == (option.distance_metres, option.travel_minutes)
    assert found.eligibility.travel_paid
    assert found.eligibility.reason
    assert found.rate_card_id.startswith("card_demonstration-2024")
    assert (found.first_day.year, found.first_day.month, found.first_day.day) == (2024, 9, 2)
    assert found.run_plan_id == ""


def test_a_case_that_is_not_there_is_said(stubs: Stubs, paid: tuple[str, placement_pb2.Option]) -> None:
    with pytest.raises(NotFound, match="case"):
        quote(stubs, "case_0123456789abcdef", paid[1].urn)
    with pytest.raises(InvalidInput, match="case_id"):
        quote(stubs, "case_x", paid[1].urn)


def test_a_setting_that_is_not_there_is_said(stubs: Stubs, paid: tuple[str, placement_pb2.Option]) -> None:
    with pytest.raises(NotFound, match="setting"):
        quote(stubs, paid[0], 999_999)
