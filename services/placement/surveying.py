"""Survey an authority for its scenarios: all that the services know, as the world that a simulation starts from.

What to ask, and what becomes of it, is said in forecast/simulation/build_world.py. Children are named by pseudonyms of
placement's own, and their homes come down to an area and to what journeys take.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from inborough.caseload.v1 import caseload_pb2
from inborough.common.v1 import common_pb2
from inborough.provision.v1 import provision_pb2
from services.placement import facts_wire
from services.placement.domain.pseudonyms import Pseudonyms
from services.placement.forecast.rates.fit_rates import fit_rates
from services.placement.forecast.rates.history import PlanHistory
from services.placement.forecast.rates.rates import NEEDS
from services.placement.forecast.simulation.build_world import ChildFacts, GroupYears, PoolYears, build_world
from services.placement.forecast.simulation.judging import KnownRules
from services.placement.forecast.simulation.places_near import Located
from services.placement.forecast.simulation.world import World
from services.placement.gather import Neighbours
from services.placement.held_lists import HeldCases
from services.placement.survey_prices import SurveyPrices
from shared import days

NO_FIXED_NUMBER = -1
EPOCH = date(1970, 1, 1).toordinal()
RECENT_DAYS = 730
DAYS_A_YEAR = 365.25
PHASE_TRANSFER = "phase_transfer"


@dataclass(frozen=True, eq=False)
class Survey:
    """What the services answered: cases of one day, pools today and on 1 September of each year, all of one moment;
    and the revision that prices had before."""

    first_year: int
    as_of: date
    cases: Sequence[caseload_pb2.Case]
    pools_today: provision_pb2.ListPlacePoolsResponse
    pools: Sequence[provision_pb2.ListPlacePoolsResponse]
    price_revision: str

    @property
    def first_day(self) -> date:
        """1 September of the first year."""
        return first_day_of(self.first_year)


class Remembered:
    """What was asked and judged for the last world: of the next one, only what changed is. For one thread at a time."""

    def __init__(self) -> None:
        self.prices, self.rules = SurveyPrices(), KnownRules()
        self._cases: dict[date, HeldCases] = {}

    def open_cases(self, neighbours: Neighbours, first_day: date) -> HeldCases:
        """Every open case as of a first day, by what changed since it was asked about last."""
        found = neighbours.follow_open_cases(first_day, self._cases.get(first_day, HeldCases()))
        self._cases = {first_day: found}
        return found


def first_day_of(academic_year: int) -> date:
    """1 September."""
    return date(academic_year, 9, 1)


def world_of(
    survey: Survey, neighbours: Neighbours, remembered: Remembered, areas: Sequence[Located], pseudonyms: Pseudonyms
) -> World:
    """Price every child in every pool, and build the world: the same, whatever is remembered.

    Raises as `SurveyPrices.price`, and ValueError naming what does not fit together.
    """
    wanted = [case for case in survey.cases if _is_simulated(case)]
    cases = sorted(wanted, key=lambda case: case.case_id)
    years = [sorted(answer.pools, key=lambda pool: pool.pool_id) for answer in survey.pools]
    before = (survey.first_day - survey.as_of).days / DAYS_A_YEAR
    return build_world(
        survey.first_year,
        _children(survey, cases, pseudonyms),
        [_pool_years(of_years) for of_years in zip(*years, strict=True)],
        list(_group_years([answer.groups for answer in survey.pools])),
        remembered.prices.price(survey.first_day, survey.price_revision, cases, years[0], neighbours),
        fit_rates(_history(neighbours.list_plan_history()), None),
        areas,
        share_of_year_before=min(1.0, max(0.0, before)),
        rules=remembered.rules,
    )


def _is_simulated(case: caseload_pb2.Case) -> bool:
    return case.stage == caseload_pb2.CASE_STAGE_OPEN_PLAN or case.HasField("decision_due")


def _children(survey: Survey, cases: Sequence[caseload_pb2.Case], pseudonyms: Pseudonyms) -> list[ChildFacts]:
    """Each child on the first day: due, settled in a pool, leaving one, educated elsewhere, or without a place."""
    at_urn = facts_wire.pools_at_urn(survey.pools[0].pools)
    today = {case_id: pool.pool_id for pool in survey.pools_today.pools for case_id in pool.held_by}
    then = {case_id: pool.pool_id for pool in survey.pools[0].pools for case_id in pool.held_by}
    offered = {case_id: pool.pool_id for pool in survey.pools[0].pools for case_id in pool.offered_to}
    return [_child(survey, case, at_urn, offered, then, today, pseudonyms) for case in cases]


def _child(
    survey: Survey,
    case: caseload_pb2.Case,
    at_urn: facts_wire.PoolsAtUrn,
    offered: Mapping[str, str],
    then: Mapping[str, str],
    today: Mapping[str, str],
    pseudonyms: Pseudonyms,
) -> ChildFacts:
    facts = facts_wire.case_facts(case, at_urn)
    decided = offered.get(case.case_id, "")
    settled = decided or not _due_by(case, survey.first_year)
    reason, requests = ("", ()) if settled else (facts.reason, facts.requests)
    pool_id = decided or then.get(case.case_id, "")
    if not pool_id and (leaves := today.get(case.case_id, "")):
        pool_id = leaves  # outgrown by the first day: a transfer is due, also where nobody has put it on file
        reason = reason or PHASE_TRANSFER
    return ChildFacts(
        replace(facts, case_id=pseudonyms.of(case.case_id), reason=reason, requests=requests),
        home=_point(case.home) if case.HasField("home") else None,
        pool_id=pool_id,
        elsewhere=not pool_id and case.HasField("current_placement"),
        recent=_is_recent(case, survey.as_of),
    )


def _due_by(case: caseload_pb2.Case, academic_year: int) -> bool:
    """Whether the decision on file is for a first day in this academic year or before."""
    day = case.decision_due.first_day
    return case.HasField("decision_due") and (day.year, day.month) < (academic_year + 1, 9)


def _is_recent(case: caseload_pb2.Case, as_of: date) -> bool:
    if not case.clocks.HasField("ehc_plan_started"):
        return True
    return (as_of - days.from_wire(case.clocks.ehc_plan_started, "ehc_plan_started")).days <= RECENT_DAYS


def _point(reference: common_pb2.GridReference) -> tuple[int, int]:
    return reference.easting, reference.northing


def _pool_years(of_years: Sequence[provision_pb2.PlacePool]) -> PoolYears:
    first = of_years[0]
    located = first.setting.HasField("location")
    return PoolYears(
        facts_wire.pool_facts(first),
        tuple(map(_places_counted_on, of_years)),
        _point(first.setting.location) if located else None,
    )


def _places_counted_on(pool: provision_pb2.PlacePool) -> int:
    """Places on the day; none where the opening is not certain."""
    if not pool.HasField("places_commissioned"):
        return NO_FIXED_NUMBER if not pool.HasField("opens_on") else 0
    return pool.places_commissioned if pool.confirmed else 0


def _group_years(of_years: Sequence[Sequence[provision_pb2.PoolGroup]]) -> Iterator[GroupYears]:
    """Each group with its places by year; its parent is the smallest other group that holds all its pools."""
    by_year = [{group.group_id: group for group in groups} for groups in of_years]
    first = by_year[0]
    for group_id, group in sorted(first.items()):
        inside = set(group.pool_ids)
        around = [other for other in first.values() if inside < set(other.pool_ids)]
        parent = min(around, key=lambda other: (len(other.pool_ids), other.group_id), default=None)
        places = tuple(groups[group_id].places_commissioned if group_id in groups else 0 for groups in by_year)
        yield GroupYears(group_id, tuple(group.pool_ids), places, parent.group_id if parent else "")


def _history(answer: caseload_pb2.ListPlanHistoryResponse) -> PlanHistory:
    return PlanHistory(
        reception_year=np.array(answer.reception_years, dtype=np.int64),
        need=np.array([NEEDS.index(need if need in NEEDS else "") for need in answer.primary_needs], dtype=np.int64),
        started=_ordinals(answer.plans_started),
        ceased=_ordinals(answer.plans_ceased),
        as_of=days.from_wire(answer.as_of_day, "as_of_day"),
    )


def _ordinals(since_1970: Sequence[int]) -> npt.NDArray[np.int64]:
    given = np.array(since_1970, dtype=np.int64)
    return np.where(given == 0, 0, given + EPOCH)
