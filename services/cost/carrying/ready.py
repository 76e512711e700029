"""The runs of a kept run plan, ready in memory for children to be added to: nothing is planned here.

What a child would add depends on the runs and on the child alone. It is worked out once for every setting that the
runs serve, and remembered for as long as these runs are in force; so that ranking places for a child whom the plan of
all decisions due has met costs a look-up.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from inborough.cost.v1 import transport_pb2
from services.cost.carrying.groups import Group, build_groups, describe, find_legs
from services.cost.carrying.joining import points_of, price_group
from services.cost.carrying.people import NOWHERE, IntArray, People, joined
from services.cost.carrying.planned import GroupPlan
from services.cost.carrying.terms import Terms
from services.cost.quotes.columns import Children
from services.cost.transport.runs.pricing import RunPrices
from services.cost.transport.runs.problem import Legs, Travellers
from services.cost.transport.runs.result import PlannedRuns, Run
from services.cost.transport.travel import Points

AT_ONCE = 256
"""Children, so that the legs between them and all homes stay small."""
MOST_REMEMBERED = 20_000
NOT_CARRIED = -1
OWN_VEHICLE = 0


class Joiner(NamedTuple):
    """All that matters of a child who asks. `case_id` is "" where the runs know nothing of the child."""

    case_id: str
    easting: int
    northing: int
    year_group: int
    wheelchair: bool
    assistant: bool
    solo: bool


@dataclass(frozen=True, eq=False)
class Prices:
    """int64[H, S] a school day: what each child adds going to each setting, its ride, and on which run that is.

    -1 in `added` where the fleet has no vehicle for the child. `run` is the number that the run plan gives a run;
    OWN_VEHICLE: a run for the child alone.
    """

    added: IntArray
    ride_minutes: IntArray
    run: IntArray


class ReadyRuns:
    """Runs in force, by group, and the number of each. What it remembers never changes an answer, so threads may share
    it."""

    def __init__(
        self,
        run_plan_id: str,
        terms: Terms,
        people: People,
        groups: Sequence[GroupPlan],
        numbers: Sequence[Sequence[int]],
    ) -> None:
        self.run_plan_id, self.terms = run_plan_id, terms
        self._people, self._groups, self._numbers = people, groups, numbers
        rows = [row for each in groups for row in each.group.settings.tolist()]
        self.column_of = {people.urns[row]: at for at, row in enumerate(rows)}
        self.known_ids = frozenset(people.ids) | {one for pair in people.apart for one in pair}
        self._lock = threading.Lock()
        self._remembered: dict[Joiner, IntArray] = {}

    def price(self, joiners: Sequence[Joiner]) -> Prices:
        """What these children would add, to every setting that the runs serve, in the order of `column_of`."""
        with self._lock:
            known = dict(self._remembered)
        new = [one for one in dict.fromkeys(joiners) if one not in known]
        for start in range(0, len(new), AT_ONCE):
            some = new[start : start + AT_ONCE]
            known.update(zip(some, self._work_out(some), strict=True))
        if new:
            with self._lock:
                room = len(self._remembered) + len(new) <= MOST_REMEMBERED
                self._remembered = {**(self._remembered if room else {}), **{one: known[one] for one in new}}
        table = np.array([known[one] for one in joiners], np.int64).reshape(-1, 3, len(self.column_of))
        return Prices(table[:, 0], table[:, 1], table[:, 2])

    def _work_out(self, joiners: Sequence[Joiner]) -> IntArray:
        """int64[H, 3, S]: added, ride and run of new children."""
        people = _people(joiners)
        asking = describe(self.terms, people, np.arange(len(joiners)))
        found = np.zeros((len(joiners), 3, len(self.column_of)), np.int64)
        points = [points_of(self._people, each.group) for each in self._groups]
        if not points:
            return found
        everywhere = points[0]
        for more in points[1:]:
            everywhere = joined(everywhere, more)
        homes = people.children.homes
        to, back = find_legs(self.terms, homes, everywhere), find_legs(self.terms, everywhere, homes)
        column = first = 0
        for each, numbers, here in zip(self._groups, self._numbers, points, strict=True):
            settings, last = each.group.settings.size, first + here.known.size
            legs = (
                Legs(to.metres[:, first:last], to.minutes[:, first:last]),
                Legs(back.metres[first:last], back.minutes[first:last]),
            )
            found[:, :, column : column + settings] = _work_out_group(each, numbers, asking, legs)
            column, first = column + settings, last
        return found


def _work_out_group(each: GroupPlan, numbers: Sequence[int], asking: Travellers, legs: tuple[Legs, Legs]) -> IntArray:
    """int64[H, 3, settings of the group]."""
    children, settings = asking.count, each.group.settings.size
    who, where = np.repeat(np.arange(children), settings), np.tile(np.arange(settings), children)
    priced = price_group(each, asking, legs, who, where)
    added = np.where(priced.carried, priced.added_pence_per_day, NOT_CARRIED)
    shape = (children, settings)
    run = np.array([*numbers, OWN_VEHICLE], np.int64)[priced.run]  # OWN_RUN is -1, the last
    columns = (added, priced.ride_minutes, run)
    return np.stack([column.reshape(shape) for column in columns], axis=1)


def _people(joiners: Sequence[Joiner]) -> People:
    """Those who ask, as people who go nowhere yet."""
    count = len(joiners)
    blank = [""] * count
    easting, northing = (np.array([one[at] for one in joiners], np.int64) for at in (1, 2))
    none = np.zeros(0, np.int64)
    return People(
        ids=_ids(joiners),
        children=Children(
            homes=Points(easting, northing, np.ones(count, np.bool_)),
            year_group=[one.year_group for one in joiners],
            age_years=[0] * count,
            need=blank,
            band=blank,
            wheelchair=[one.wheelchair for one in joiners],
            assistant=[one.assistant for one in joiners],
            solo=[one.solo for one in joiners],
        ),
        destination=np.full(count, NOWHERE, np.int64),
        apart=frozenset(),
        urns=(),
        settings=Points(none, none, none.astype(np.bool_)),
    )


def _ids(joiners: Sequence[Joiner]) -> tuple[str, ...]:
    """The runs' own ids where they are known there, each once."""
    met: dict[str, int] = {}
    return tuple(
        one.case_id if one.case_id and met.setdefault(one.case_id, at) == at else f"?{at}"
        for at, one in enumerate(joiners)
    )


def make_ready(terms: Terms, people: People, plan: transport_pb2.RunPlan) -> ReadyRuns:
    """The kept runs over distances as they are known now.

    A run that keeps to its rules no longer, since distances were imported meanwhile, is taken apart: each child alone.
    """
    row_of = {case_id: row for row, case_id in enumerate(people.ids)}
    orders = {
        run.number: [row_of[ride.case_id] for stop in run.stops if not stop.urn for ride in stop.rides]
        for run in plan.runs
    }
    everyone = np.arange(len(people.ids))
    groups = build_groups(terms, people, np.unique(people.destination), everyone)
    numbered = [_runs(group, orders) for group in groups]
    plans = [GroupPlan(group, runs) for group, (runs, _) in zip(groups, numbered, strict=True)]
    return ReadyRuns(plan.run_plan_id, terms, people, plans, [numbers for _, numbers in numbered])


def _runs(group: Group, orders: Mapping[int, Sequence[int]]) -> tuple[PlannedRuns, list[int]]:
    """The group's runs, and the number of each; those that one is taken apart into keep its number."""
    prices, place = RunPrices(group.problem), {row: at for at, row in enumerate(group.travellers.tolist())}
    runs: list[Run] = []
    numbers: list[int] = []
    for number, order in orders.items():
        here = [place[row] for row in order if row in place]
        if here:
            whole = prices.find_run(here)
            apart = [prices.find_run([who]) for who in here] if whole is None else [whole]
            runs += [run for run in apart if run]
            numbers += [number] * (len(runs) - len(numbers))
    return PlannedRuns(tuple(runs), ()), numbers
