"""What runs cost when those due go where a plan sends them, as the cost service prices it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from inborough.common.v1 import common_pb2
from inborough.cost.v1 import transport_pb2
from services.placement.gather import column
from services.placement.model.groups import IndexArray, IntArray
from services.placement.model.joint.problem import RunPrices
from services.placement.model.solution import NOT_PLACED
from shared.errors import ChangedMeanwhile

BESIDE = "_beside"
"""Ends the id of a child who is looked at in a second place: the first is where the plan has it."""
Ask = Callable[[transport_pb2.PriceRunsRequest], transport_pb2.PriceRunsResponse]


@dataclass(frozen=True, eq=False)
class Travelling:
    """Everybody who might be on a run.

    Parameters
    ----------
    settled
        Children who are placed and stay.
    due
        Children whose places are planned, in order of the problem's cases, going nowhere yet.
    destinations
        Every setting that anybody might go to.
    option_case, option_urn
        int32[A], of each option of the problem.
    """

    first_day: common_pb2.Date
    settled: Sequence[transport_pb2.Traveller]
    due: Sequence[transport_pb2.Traveller]
    destinations: Sequence[transport_pb2.Destination]
    option_case: IndexArray
    option_urn: IndexArray

    def request(self, chosen: IntArray, beside: Sequence[tuple[int, int]] = ()) -> transport_pb2.PriceRunsRequest:
        """Ask what a plan's runs cost, with (case, URN) pairs on board besides."""
        urns = np.where(chosen == NOT_PLACED, 0, self.option_urn[chosen]) if self.option_urn.size else chosen * 0
        due = (_going(child, urn) for child, urn in zip(self.due, urns.tolist(), strict=True))
        twice = (_going(self.due[case], urn, BESIDE) for case, urn in beside)
        return transport_pb2.PriceRunsRequest(
            first_day=self.first_day, travellers=[*self.settled, *due, *twice], destinations=self.destinations
        )

    @cached_property
    def candidates(self) -> tuple[IntArray, IntArray, IntArray]:
        """Different (case, URN) pairs of options: traveller and destination of each; and each option's pair."""
        at = {setting.urn: place for place, setting in enumerate(self.destinations)}
        places = np.array([at[urn] for urn in self.option_urn.tolist()], np.int64)
        pairs, pair_of = np.unique(self.option_case * len(at) + places, return_inverse=True)
        case, place = np.divmod(pairs, max(1, len(at)))
        return case + len(self.settled), place, pair_of


class RunTrials:
    """Prices plans for one search. Raises ChangedMeanwhile when fleet, prices or distances change during it."""

    def __init__(self, travelling: Travelling, ask: Ask) -> None:
        self._travelling, self._ask_cost = travelling, ask
        self._revision = ""
        self._whole: tuple[bytes, transport_pb2.PriceRunsResponse] | None = None

    @property
    def revision(self) -> str:
        """The fleet, prices and distances that all of it was priced with."""
        return self._revision

    def price(self, chosen: IntArray) -> RunPrices:
        """As RunPricer."""
        known = self._whole is not None and self._whole[0] == chosen.tobytes()
        answer = self._with_candidates(chosen) if known else self._ask(self._travelling.request(chosen))
        return RunPrices(answer.annual_pence, self._of_due(answer.saved_annual_pence)[: chosen.size])

    def added(self, chosen: IntArray) -> IntArray:
        """As RunPricer."""
        return self._of_options(self._with_candidates(chosen).added_annual_pence)

    def together(self, chosen: IntArray, rows: IntArray) -> IntArray:
        """As RunPricer."""
        pairs = list(self._pairs(rows))
        there = {pair: place for place, pair in enumerate(dict.fromkeys(pairs))}
        answer = self._ask(self._travelling.request(chosen, tuple(there)))
        saved = self._of_due(answer.saved_annual_pence)[chosen.size :]
        return saved[[there[pair] for pair in pairs]]

    def least(self, chosen: IntArray) -> tuple[IntArray, int]:
        """What each option costs at least, int64[A], and those who stay in sum: the same whatever is chosen."""
        answer = self._with_candidates(chosen)
        staying = column(answer.least_travelling_annual_pence, "<i8")[: len(self._travelling.settled)]
        return self._of_options(answer.least_annual_pence), int(staying.sum())

    def _with_candidates(self, chosen: IntArray) -> transport_pb2.PriceRunsResponse:
        """The answer about a plan with every option; the last one is remembered."""
        if self._whole is None or self._whole[0] != chosen.tobytes():
            request = self._travelling.request(chosen)
            traveller, destination, _ = self._travelling.candidates
            request.candidate_traveller = traveller.astype("<i4").tobytes()
            request.candidate_destination = destination.astype("<i4").tobytes()
            self._whole = chosen.tobytes(), self._ask(request)
        return self._whole[1]

    def _ask(self, request: transport_pb2.PriceRunsRequest) -> transport_pb2.PriceRunsResponse:
        answer = self._ask_cost(request)
        self._revision = self._revision or answer.revision
        if answer.revision != self._revision:
            raise ChangedMeanwhile("The fleet, its prices or distances changed while the plan was made. Plan again.")
        return answer

    def _pairs(self, rows: IntArray) -> Iterator[tuple[int, int]]:
        known = self._travelling
        return zip(known.option_case[rows].tolist(), known.option_urn[rows].tolist(), strict=True)

    def _of_due(self, packed: bytes) -> IntArray:
        """Of a column of travellers, those due, and whoever comes after them."""
        return column(packed, "<i8")[len(self._travelling.settled) :].astype(np.int64)

    def _of_options(self, packed: bytes) -> IntArray:
        return column(packed, "<i8")[self._travelling.candidates[2]].astype(np.int64)


def _going(child: transport_pb2.Traveller, urn: int, ending: str = "") -> transport_pb2.Traveller:
    going = transport_pb2.Traveller()
    going.CopyFrom(child)
    going.urn, going.case_id = urn, child.case_id + ending
    return going
