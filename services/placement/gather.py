"""Gather what a plan needs from the other services. The only file of placement that calls them.

Each neighbour says with a revision token whether anything changed since it was last asked; when nothing did, nothing
travels. A neighbour that does not answer is named in the error, and no half answer is ever made.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from inborough.caseload.v1 import caseload_pb2, caseload_pb2_grpc
from inborough.cost.v1 import cost_pb2, cost_pb2_grpc
from inborough.provision.v1 import provision_pb2, provision_pb2_grpc
from services.placement import facts_wire
from services.placement.model.facts import PlacementFacts
from services.placement.model.judge import Int32Array
from shared import days
from shared.errors import ChangedMeanwhile, NotFound
from shared.grpc_client import connect
from shared.identity import callers
from shared.settings import ServiceSettings

ASK_SECONDS = 4.0
BULK_SECONDS = 120.0
ATTEMPTS = 3


@dataclass(frozen=True, eq=False)
class Gathered:
    """Cases and pools for one first day: as facts for the rules, and as the messages they came in."""

    facts: PlacementFacts
    cases: list[caseload_pb2.Case]
    pools: list[provision_pb2.PlacePool]
    groups: list[provision_pb2.PoolGroup]
    authority: str


@dataclass
class _Last:
    """The last answers for one first day, with the revisions that say whether they still hold."""

    cases: caseload_pb2.ListCasesDueResponse
    pools: provision_pb2.ListPlacePoolsResponse
    gathered: Gathered


class Neighbours:
    """The three services that placement asks. Safe to use from several threads."""

    def __init__(self, settings: ServiceSettings) -> None:
        caller = callers.service(settings, "placement")
        self._channels = [connect(name, settings.address(name), caller) for name in ("caseload", "provision", "cost")]
        caseload, provision, cost = self._channels
        self._caseload = caseload_pb2_grpc.CaseloadServiceStub(caseload)
        self._provision = provision_pb2_grpc.ProvisionServiceStub(provision)
        self._cost = cost_pb2_grpc.CostServiceStub(cost)
        self._last: dict[date, _Last] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the channels."""
        for channel in self._channels:
            channel.close()

    def gather(self, first_day: date) -> Gathered:
        """Cases due and pools for a first day, the same object as last time when nothing changed.

        Raises NeighbourDown naming the service that does not answer, ChangedMeanwhile when caseload changes so fast
        that cases and places are never of one moment.
        """
        last = self._last.get(first_day)
        cases, pools = self._ask_of_one_moment(first_day, last)
        if last is not None:
            cases = last.cases if cases.unchanged else cases
            pools = last.pools if pools.unchanged else pools
            if cases is last.cases and pools is last.pools:
                return last.gathered
        gathered = _gathered(first_day, cases, pools)
        with self._lock:
            self._last = {**dict(list(self._last.items())[-3:]), first_day: _Last(cases, pools, gathered)}
        return gathered

    def _ask_of_one_moment(
        self, first_day: date, last: _Last | None
    ) -> tuple[caseload_pb2.ListCasesDueResponse, provision_pb2.ListPlacePoolsResponse]:
        """Cases, and places counted at the same revision of caseload; asked again when it changed in between."""
        known_cases, known_pools = (last.cases.revision, last.pools.revision) if last else ("", "")
        for _ in range(ATTEMPTS):
            pools = self._ask_pools(first_day, known_pools)
            if last is not None and pools.caseload_revision == known_cases:
                return last.cases, pools
            cases = self._ask_cases(first_day, known_cases)
            if cases.revision == pools.caseload_revision:
                return cases, pools
        raise ChangedMeanwhile(
            "Cases are being changed faster than they can be read. Try again when the import is done."
        )

    def _ask_pools(self, first_day: date, known: str) -> provision_pb2.ListPlacePoolsResponse:
        """Ask provision, which asks caseload and says at which of its revisions it counted."""
        request = provision_pb2.ListPlacePoolsRequest(first_day=days.to_wire(first_day), known_revision=known)
        return self._provision.ListPlacePools(request, timeout=ASK_SECONDS if known else BULK_SECONDS)

    def _ask_cases(self, first_day: date, known: str) -> caseload_pb2.ListCasesDueResponse:
        request = caseload_pb2.ListCasesDueRequest(first_day=days.to_wire(first_day), known_revision=known)
        return self._caseload.ListCasesDue(request, timeout=ASK_SECONDS if known else BULK_SECONDS)

    def get_case(self, case_id: str, on_day: date | None = None) -> caseload_pb2.Case:
        """One case, with year group and age on a day. Raises NotFound."""
        request = caseload_pb2.GetCaseRequest(case_id=case_id, on_day=days.to_wire(on_day) if on_day else None)
        return self._caseload.GetCase(request, timeout=ASK_SECONDS).case

    def find_setting(self, urn: int) -> provision_pb2.Setting | None:
        """A setting by URN, or None when provision does not know it."""
        request = provision_pb2.GetSettingRequest(urn=urn)
        try:
            return self._provision.GetSetting(request, timeout=ASK_SECONDS).setting
        except NotFound:
            return None

    def list_first_days(self) -> list[tuple[date, int]]:
        """First days that have decisions due, with how many, ordered by day."""
        answer = self._caseload.ListFirstDays(caseload_pb2.ListFirstDaysRequest(), timeout=ASK_SECONDS)
        return [(days.from_wire(found.first_day, "first_day"), found.decisions_due) for found in answer.first_days]

    def quote(
        self,
        gathered: Gathered,
        cases: Sequence[caseload_pb2.Case],
        pool_rows: Sequence[int],
        case_index: Int32Array,
        pool_index: Int32Array,
        *,
        include_lines: bool = False,
    ) -> cost_pb2.QuoteOptionsResponse:
        """Price pairs of cases and pools, given as rows of `gathered`, in one call.

        Raises WrongState when no rate card is in force.
        """
        request = cost_pb2.QuoteOptionsRequest(
            first_day=days.to_wire(gathered.facts.first_day),
            cases=[facts_wire.quote_case(case) for case in cases],
            pools=[facts_wire.quote_pool(gathered.pools[row], gathered.facts.pools[row]) for row in pool_rows],
            case_index=case_index.astype("<i4").tobytes(),
            pool_index=pool_index.astype("<i4").tobytes(),
            include_lines=include_lines,
        )
        seconds = ASK_SECONDS if include_lines else BULK_SECONDS
        return self._cost.QuoteOptions(request, timeout=seconds)


def _gathered(
    first_day: date, cases: caseload_pb2.ListCasesDueResponse, pools: provision_pb2.ListPlacePoolsResponse
) -> Gathered:
    ordered_cases = sorted(cases.cases, key=lambda case: case.case_id)
    ordered_pools = sorted(pools.pools, key=lambda pool: pool.pool_id)
    groups = sorted(pools.groups, key=lambda group: group.group_id)
    facts = facts_wire.placement_facts(
        first_day, ordered_cases, ordered_pools, groups, (cases.revision, pools.revision)
    )
    return Gathered(facts, ordered_cases, ordered_pools, groups, pools.authority)


def column(packed: bytes, dtype: str) -> np.ndarray[Any, np.dtype[Any]]:
    """A packed column as an array, without copying."""
    return np.frombuffer(packed, dtype=dtype)
