"""A whole run plan: groups with their runs, who is not carried and why, and what the same children cost by fares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from services.cost.carrying.groups import Group
from services.cost.carrying.people import NOWHERE, IntArray, Owed, People
from services.cost.carrying.terms import Terms
from services.cost.quotes.journeys import find_fares
from services.cost.transport.eligibility import TravelEligibility
from services.cost.transport.runs.joining import RunsToJoin
from services.cost.transport.runs.pricing import RunPrices
from services.cost.transport.runs.result import PlannedRuns

NOWHERE_YET = "It is not known yet where the child goes, so no travel is planned."
NO_VEHICLE = "Travel is owed, but no vehicle type of the fleet has a place for this child: add one to the fleet."


@dataclass(frozen=True, eq=False)
class GroupPlan:
    """A group and its runs."""

    group: Group
    runs: PlannedRuns

    @cached_property
    def to_join(self) -> RunsToJoin:
        """The runs, ready for children to join them."""
        return RunsToJoin(RunPrices(self.group.problem), self.runs.runs)


@dataclass(frozen=True, eq=False)
class WholePlan:
    """Runs of every group.

    `carried`: rows of children. `solo_pence`, `average_pence` int64[N]: what each child carried would cost a year alone
    in a taxi, and at average fares; 0 for others. `not_carried`: rows with what the law says and why.
    """

    terms: Terms
    people: People
    groups: Sequence[GroupPlan]
    carried: IntArray
    solo_pence: IntArray
    average_pence: IntArray
    not_carried: Sequence[tuple[int, TravelEligibility]]

    @property
    def annual_pence(self) -> int:
        """All runs."""
        return sum(each.runs.pence_per_day for each in self.groups) * self.terms.days


def gather_plan(terms: Terms, people: People, owed: Owed, planned: Sequence[GroupPlan]) -> WholePlan:
    """Put the groups' runs together. `owed` has an entry a child that goes somewhere, in their order."""
    going = np.flatnonzero(people.destination != NOWHERE)
    aboard = [int(row) for each in planned for row in each.group.travellers[sorted(each.runs.run_of)].tolist()]
    carried = np.array(sorted(aboard), np.int64)
    place = {row: at for at, row in enumerate(going.tolist())}
    solo, average = np.zeros(len(people.ids), np.int64), np.zeros(len(people.ids), np.int64)
    metres = owed.journeys.route_metres[[place[row] for row in carried.tolist()]]
    solo[carried], average[carried] = _fares(terms, people, carried, metres)
    return WholePlan(terms, people, planned, carried, solo, average, _not_carried(people, owed, place, set(aboard)))


def _fares(
    terms: Terms, people: People, carried: IntArray, metres: np.ndarray[tuple[int], np.dtype[np.int32]]
) -> tuple[IntArray, IntArray]:
    """Pence a year of each child carried, alone in a taxi and at average fares."""
    fares = terms.fares
    found = find_fares(fares, people.children, carried.astype(np.int32), metres)
    alone = np.array([band.solo.annual_pence for band in fares.bands], np.int64)[found.band]
    shared = np.array([band.shared.annual_pence for band in fares.bands], np.int64)[found.band]
    more = found.wheelchair * fares.wheelchair.annual_pence + found.assistant * fares.assistant.annual_pence
    return alone + more, np.where(found.solo, alone, shared) + more


def _not_carried(
    people: People, owed: Owed, place: dict[int, int], aboard: set[int]
) -> list[tuple[int, TravelEligibility]]:
    said = owed.judged.eligibilities
    nowhere = TravelEligibility("not_known", False, False, NOWHERE_YET, "Education Act 1996 s.508B")
    found = []
    for row in (row for row in range(len(people.ids)) if row not in aboard):
        at = place.get(row)
        one = nowhere if at is None else said[owed.judged.index[at]]
        if one.travel_paid:
            one = replace(one, needs_judgement=True, reason=NO_VEHICLE)
        found.append((row, one))
    return found
