"""Answers of cost that take long: they are read as they come, or waited for, and may be given up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from inborough.cost.v1 import transport_pb2


class RunsBeingPlanned(Protocol):
    """Answers of cost that come one after another."""

    def __iter__(self) -> Iterator[transport_pb2.PlanRunsResponse]: ...

    def __next__(self) -> transport_pb2.PlanRunsResponse: ...

    def cancel(self) -> bool: ...


class RunsBeingPriced(Protocol):
    """An answer of cost that is waited for."""

    def result(self) -> transport_pb2.PriceRunsResponse: ...

    def cancel(self) -> bool: ...
