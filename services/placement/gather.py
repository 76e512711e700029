"""Gather what a plan needs from the other services, and ask them for a decision's steps. The only file that calls them.

Each neighbour says with a revision token whether anything changed since it was last asked; when nothing did, nothing
travels. A neighbour that does not answer is named in the error, and no half answer is ever made.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import numpy as np

from inborough.caseload.v1 import caseload_pb2, caseload_pb2_grpc
from inborough.cost.v1 import cost_pb2, cost_pb2_grpc, transport_pb2, transport_pb2_grpc
from inborough.provision.v1 import provision_pb2, provision_pb2_grpc
from services.placement import facts_wire
from services.placement.awaited import RunsBeingPlanned, RunsBeingPriced
from services.placement.held_lists import HeldCases, HeldPools
from services.placement.joined_quotes import PAIRS_A_CALL, ask_by_parts
from services.placement.model.facts import PlacementFacts
from services.placement.model.judge import Int32Array
from shared import days
from shared.errors import ChangedMeanwhile, NotFound
from shared.grpc_client import connect
from shared.identity import callers
from shared.settings import ServiceSettings

ASK_SECONDS = 4.0
BULK_SECONDS = 120.0
WRITE_SECONDS = 10.0
RUNS_SECONDS = 1800.0
SETTINGS_PAGE = 500
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
    """What was gathered last for one first day, with the revisions that say whether it still holds."""

    cases: HeldCases
    pools: HeldPools
    decided: frozenset[str]
    gathered: Gathered


class Neighbours:
    """The three services that placement asks. Safe to use from several threads."""

    pairs_a_call = PAIRS_A_CALL

    def __init__(self, settings: ServiceSettings) -> None:
        caller = callers.service(settings, "placement")
        self._channels = [connect(name, settings.address(name), caller) for name in ("caseload", "provision", "cost")]
        caseload, provision, cost = self._channels
        self._caseload = caseload_pb2_grpc.CaseloadServiceStub(caseload)
        self._provision = provision_pb2_grpc.ProvisionServiceStub(provision)
        self._cost = cost_pb2_grpc.CostServiceStub(cost)
        self._transport = transport_pb2_grpc.TransportServiceStub(cost)
        self._last: dict[date, _Last] = {}
        self._due: dict[date, HeldCases] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the channels."""
        for channel in self._channels:
            channel.close()

    def gather(self, first_day: date, decided: frozenset[str] = frozenset()) -> Gathered:
        """Cases due and pools for a first day, the same object as last time when nothing changed.

        Cases in `decided` are left out: a live decision gives each a place, which provision counts as offered.
        Raises NeighbourDown naming the service that does not answer, ChangedMeanwhile when caseload changes so fast
        that cases and places are never of one moment.
        """
        last = self._last.get(first_day)
        cases, pools = self._ask_of_one_moment(first_day, last)
        if last is not None and (cases, pools, decided) == (last.cases, last.pools, last.decided):
            return last.gathered
        gathered = _gathered(first_day, cases, pools, decided, last.gathered if last else None)
        with self._lock:
            self._last = {**dict(list(self._last.items())[-3:]), first_day: _Last(cases, pools, decided, gathered)}
            self._keep_due(first_day, cases)
        return gathered

    def _ask_of_one_moment(self, first_day: date, last: _Last | None) -> tuple[HeldCases, HeldPools]:
        """Cases, and places counted at the same revision of caseload; asked again when it changed in between.

        What is held is brought up to date by what changed since.
        """
        cases, pools = (last.cases, last.pools) if last else (HeldCases(), HeldPools())
        for _ in range(ATTEMPTS):
            answer = self._ask_pools(first_day, pools.revision)
            pools = pools.after(answer)
            if last is not None and answer.caseload_revision == cases.revision:
                return cases, pools
            cases = cases.after(self._ask_cases(first_day, cases.revision))
            if answer.caseload_revision == cases.revision:
                return cases, pools
        raise ChangedMeanwhile(
            "Cases are being changed faster than they can be read. Try again when the import is done."
        )

    def _ask_pools(self, first_day: date, known: str) -> provision_pb2.ListPlacePoolsResponse:
        """Ask provision, which asks caseload and says at which of its revisions it counted."""
        request = provision_pb2.ListPlacePoolsRequest(
            first_day=days.to_wire(first_day), known_revision=known, changes_only=True
        )
        return self._provision.ListPlacePools(request, timeout=ASK_SECONDS if known else BULK_SECONDS)

    def _ask_cases(self, first_day: date, known: str) -> caseload_pb2.ListCasesDueResponse:
        request = caseload_pb2.ListCasesDueRequest(
            first_day=days.to_wire(first_day), known_revision=known, changes_only=True
        )
        return self._caseload.ListCasesDue(request, timeout=ASK_SECONDS if known else BULK_SECONDS)

    def get_case(self, case_id: str, on_day: date | None = None) -> caseload_pb2.Case:
        """One case, with year group and age on a day. Raises NotFound."""
        request = caseload_pb2.GetCaseRequest(case_id=case_id, on_day=days.to_wire(on_day) if on_day else None)
        return self._caseload.GetCase(request, timeout=ASK_SECONDS).case

    def find_cases_due(self, case_ids: Collection[str]) -> dict[str, caseload_pb2.Case]:
        """Those of the cases that have a decision due, whatever its first day. Raises NeighbourDown."""
        wanted, found = set(case_ids), {}
        for first_day, _ in self.list_first_days():
            known = self._due.get(first_day, HeldCases())
            due = known.after(self._ask_cases(first_day, known.revision))
            if due is not known:
                with self._lock:
                    self._keep_due(first_day, due)
            found.update({case_id: due.cases[case_id] for case_id in wanted & due.cases.keys()})
        return found

    def _keep_due(self, first_day: date, due: HeldCases) -> None:
        self._due = {**dict(list(self._due.items())[-3:]), first_day: due}

    def offer_place(self, request: provision_pb2.OfferPlaceRequest) -> provision_pb2.Offer:
        """Ask provision to hold a place. Raises WrongState where none is free, and what OfferPlace says."""
        return self._provision.OfferPlace(request, timeout=WRITE_SECONDS).offer

    def confirm_place(self, request: provision_pb2.ConfirmPlaceRequest) -> provision_pb2.Offer:
        """Make an offer a place that is named. Raises WrongState once it is released or expired."""
        return self._provision.ConfirmPlace(request, timeout=WRITE_SECONDS).offer

    def release_place(self, request: provision_pb2.ReleasePlaceRequest) -> provision_pb2.Offer:
        """Give a held place back; one given back before stays so."""
        return self._provision.ReleasePlace(request, timeout=WRITE_SECONDS).offer

    def find_offer(self, case_id: str, offer_id: str) -> provision_pb2.Offer | None:
        """An offer made for a case as it stands now, or None."""
        request = provision_pb2.ListOffersRequest(case_id=case_id)
        offers = self._provision.ListOffers(request, timeout=ASK_SECONDS).offers
        return next((offer for offer in offers if offer.offer_id == offer_id), None)

    def record_placement(self, request: caseload_pb2.RecordPlacementRequest) -> None:
        """Place a case where its plan names it. Raises WrongState once its plan has ceased."""
        self._caseload.RecordPlacement(request, timeout=WRITE_SECONDS)

    def record_ground(self, request: caseload_pb2.RecordGroundRequest) -> None:
        """Write down, or take back, the ground on which a request is refused. Raises NotFound with no such request."""
        self._caseload.RecordGround(request, timeout=WRITE_SECONDS)

    def find_setting(self, urn: int) -> provision_pb2.Setting | None:
        """A setting by URN, or None when provision does not know it."""
        request = provision_pb2.GetSettingRequest(urn=urn)
        try:
            return self._provision.GetSetting(request, timeout=ASK_SECONDS).setting
        except NotFound:
            return None

    def list_settings(self) -> list[provision_pb2.Setting]:
        """Every setting on file, by URN."""
        found: list[provision_pb2.Setting] = []
        request = provision_pb2.ListSettingsRequest(page_size=SETTINGS_PAGE)
        while True:
            answer = self._provision.ListSettings(request, timeout=ASK_SECONDS)
            found.extend(answer.settings)
            if not answer.next_page_token:
                return found
            request.page_token = answer.next_page_token

    def list_open_cases(self, on_day: date) -> caseload_pb2.ListOpenCasesResponse:
        """Every open case with year group and age on a day."""
        request = caseload_pb2.ListOpenCasesRequest(first_day=days.to_wire(on_day))
        return self._caseload.ListOpenCases(request, timeout=BULK_SECONDS)

    def follow_open_cases(self, on_day: date, known: HeldCases) -> HeldCases:
        """Every open case with year group and age on a day, by what changed since `known`, which is of the same day.

        `HeldCases()` knows nothing. These very ones are given back when nothing changed.
        """
        request = caseload_pb2.ListOpenCasesRequest(
            first_day=days.to_wire(on_day), known_revision=known.revision, changes_only=True
        )
        return known.after(self._caseload.ListOpenCases(request, timeout=BULK_SECONDS))

    def list_plan_history(self) -> caseload_pb2.ListPlanHistoryResponse:
        """When each plan was asked for, began and ceased."""
        return self._caseload.ListPlanHistory(caseload_pb2.ListPlanHistoryRequest(), timeout=BULK_SECONDS)

    def list_pools(self, on_day: date) -> provision_pb2.ListPlacePoolsResponse:
        """Every pool with its places on a day."""
        return self._ask_pools(on_day, "")

    def quote_lines(self, request: cost_pb2.QuoteOptionsRequest) -> cost_pb2.QuoteOptionsResponse:
        """Price many pairs line by line. Raises WrongState when no rate card is in force."""
        return self._cost.QuoteOptions(request, timeout=BULK_SECONDS)

    def plan_runs(self, request: transport_pb2.PlanRunsRequest) -> RunsBeingPlanned:
        """Have runs planned and kept: how far it is, and at last the run plan. To cancel it ends the work.

        Raises, once it is read, WrongState when no fleet or no rate card is in force.
        """
        planned: RunsBeingPlanned = self._transport.PlanRuns(request, timeout=RUNS_SECONDS)
        return planned

    def price_runs(self, request: transport_pb2.PriceRunsRequest) -> RunsBeingPriced:
        """Have a trial priced by its runs. To cancel it ends the work. Its result raises as `plan_runs`."""
        priced: RunsBeingPriced = self._transport.PriceRuns.future(request, timeout=RUNS_SECONDS)
        return priced

    def price_revision(self, first_day: date) -> str:
        """The token that changes whenever a price does. Raises WrongState when no rate card is in force."""
        request = cost_pb2.QuoteOptionsRequest(first_day=days.to_wire(first_day))
        return self._cost.QuoteOptions(request, timeout=ASK_SECONDS).revision

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
        pair_flags: bytes = b"",
    ) -> cost_pb2.QuoteOptionsResponse:
        """Price pairs of cases and pools, given as rows of `gathered` and ordered by case.

        `pair_flags`, one byte a pair, say what is known of each (operations/pair_flags.py). More pairs than cost prices
        in one call are asked for by several, all answered at one revision.
        Raises WrongState when no rate card is in force, ChangedMeanwhile when prices never hold still.
        """
        request = cost_pb2.QuoteOptionsRequest(
            first_day=days.to_wire(gathered.facts.first_day),
            cases=[facts_wire.quote_case(case) for case in cases],
            pools=[facts_wire.quote_pool(gathered.pools[row], gathered.facts.pools[row]) for row in pool_rows],
            case_index=case_index.astype("<i4").tobytes(),
            pool_index=pool_index.astype("<i4").tobytes(),
            include_lines=include_lines,
            pair_flags=pair_flags,
        )
        seconds = ASK_SECONDS if include_lines else BULK_SECONDS
        return ask_by_parts(partial(self._cost.QuoteOptions, timeout=seconds), request, self.pairs_a_call)


def _gathered(
    first_day: date,
    cases: HeldCases,
    pools: HeldPools,
    decided: frozenset[str],
    before: Gathered | None,
) -> Gathered:
    left = [case for case_id, case in cases.cases.items() if case_id not in decided]
    every, groups = list(pools.pools.values()), list(pools.groups)
    facts = facts_wire.placement_facts(first_day, left, every, groups, (cases.revision, pools.revision), before)
    return Gathered(facts, left, every, groups, pools.authority)


def column(packed: bytes, dtype: str) -> np.ndarray[Any, np.dtype[Any]]:
    """A packed column as an array, without copying."""
    return np.frombuffer(packed, dtype=dtype)
