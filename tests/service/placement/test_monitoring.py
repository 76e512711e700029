"""The quarterly report over the demonstration, which only a planner, an administrator and an auditor may read."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
import pytest

from inborough.placement.v1 import monitoring_pb2, monitoring_pb2_grpc
from services.placement.domain.monitoring import MEASURES
from shared.errors import InvalidInput
from tests.builders.system import channel_to, running

Stub = monitoring_pb2_grpc.MonitoringServiceStub
Request = monitoring_pb2.GetQuarterlyReportRequest


@pytest.fixture(scope="module")
def monitoring(neighbours: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stub]:
    """A client of placement; its database plays no part."""
    with (
        running("placement", tmp_path_factory.mktemp("placement"), **neighbours) as server,
        channel_to(server, "placement") as channel,
    ):
        yield Stub(channel)


def report(monitoring: Stub, last: str, quarters: int) -> dict[tuple[str, str], monitoring_pb2.QuarterlyCount]:
    answer = monitoring.GetQuarterlyReport(Request(last_quarter=last, quarters=quarters), timeout=30)
    return {(one.measure, one.quarter): one for one in answer.counts}


def test_every_measure_is_told_for_every_quarter_in_order(monitoring: Stub) -> None:
    found = report(monitoring, "2023Q4", 4)
    assert list(found) == [(measure, f"2023Q{number}") for measure in MEASURES for number in (1, 2, 3, 4)]


def test_requests_are_counted_and_no_small_count_is_told(monitoring: Stub) -> None:
    found = report(monitoring, "2023Q4", 20).values()
    told = [one.children for one in found if one.HasField("children")]
    assert max(told) >= 5
    assert not any(0 < children < 5 for children in told)


def test_a_quarter_beyond_what_is_on_file_is_not_recorded(monitoring: Stub) -> None:
    assert all(one.not_recorded for one in report(monitoring, "2090Q1", 1).values())


@pytest.mark.parametrize(("last", "quarters"), [("2024", 1), ("2024Q1", 21), ("2024Q1", -1)])
def test_a_wrong_question_is_refused(monitoring: Stub, last: str, quarters: int) -> None:
    with pytest.raises((InvalidInput, grpc.RpcError)):
        report(monitoring, last, quarters)
