"""Whoever waits for a joint plan: once they have gone, nothing more is priced."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import grpc
import pytest

from inborough.cost.v1 import transport_pb2
from services.placement.operations.joint_plans import Caller, Gone

REQUEST, ANSWER = transport_pb2.PriceRunsRequest(), transport_pb2.PriceRunsResponse(annual_pence=5)


class Pricing:
    """An answer that is there at once, unless it was cancelled."""

    def __init__(self) -> None:
        self.cancelled = False

    def result(self) -> transport_pb2.PriceRunsResponse:
        if self.cancelled:
            raise grpc.FutureCancelledError
        return ANSWER

    def cancel(self) -> bool:
        self.cancelled = True
        return True


def cost_that(prices: Any) -> Any:
    """A context whose cost service does this when it is asked."""
    return SimpleNamespace(neighbours=SimpleNamespace(price_runs=prices))


def test_while_somebody_waits_cost_is_asked() -> None:
    assert Caller().ask(cost_that(lambda request: Pricing()), REQUEST) == ANSWER


def test_once_they_have_gone_nothing_is_asked() -> None:
    asked: list[Any] = []
    caller = Caller()
    caller.leave()
    with pytest.raises(Gone):
        caller.ask(cost_that(asked.append), REQUEST)
    assert not asked


def test_what_is_being_priced_when_they_go_is_cancelled() -> None:
    caller, pricing = Caller(), Pricing()
    answer = pricing.result

    def gone_while_waiting() -> transport_pb2.PriceRunsResponse:
        caller.leave()
        return answer()

    pricing.result = gone_while_waiting  # type: ignore[method-assign]
    with pytest.raises(Gone):
        caller.ask(cost_that(lambda request: pricing), REQUEST)
    assert pricing.cancelled
