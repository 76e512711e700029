"""The quarterly report, from what caseload and provision have on file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from inborough.caseload.v1 import caseload_pb2
from inborough.placement.v1 import monitoring_pb2
from inborough.provision.v1 import provision_pb2
from services.placement.domain.monitoring import (
    MEASURES,
    MOST_QUARTERS,
    PART_OF_KIND,
    PlanRow,
    Quarter,
    count_by_quarter,
    kind_at,
    quarters_up_to,
)
from services.placement.model.suppression import Sum, suppress
from services.placement.operations.context import Context
from shared import clock, days
from shared.errors import InvalidInput

DEFAULT_QUARTERS = 5
EPOCH = date(1970, 1, 1).toordinal()
PARTS = {
    caseload_pb2.PLACEMENT_PART_WHOLE_SETTING: "whole",
    caseload_pb2.PLACEMENT_PART_RESOURCE_BASE: "base",
    caseload_pb2.PLACEMENT_PART_SEN_UNIT: "unit",
}
ALL, SEMH = "requests_for_assessment", "requests_for_assessment_semh"
OTHERS = "requests_for_assessment_other"
"""Not shown, but to be had from the two that are."""
Kinds = Mapping[tuple[int, str], set[str]]


def get_quarterly_report(context: Context, last: str, count: int) -> monitoring_pb2.GetQuarterlyReportResponse:
    """Counts by measure and quarter, small ones left out. Raises InvalidInput, NeighbourDown."""
    today = clock.today()
    quarters = quarters_up_to(_last(last, today), _count(count))
    history = context.neighbours.list_plan_history()
    as_of = days.from_wire(history.as_of_day, "as_of_day")
    kinds = _kinds(context.neighbours.list_pools(today).pools)
    counts = count_by_quarter(_rows(history, kinds), quarters)
    left_out = _left_out(counts)
    units = any("hn_unit" in each for each in kinds.values())
    return monitoring_pb2.GetQuarterlyReportResponse(
        counts=[
            _message(measure, quarter, counts[measure, quarter], left_out, as_of, units)
            for measure in MEASURES
            for quarter in quarters
        ],
        as_of_day=history.as_of_day,
    )


def _last(text: str, today: date) -> Quarter:
    try:
        return Quarter.read(text) if text else Quarter.of(today).before
    except ValueError as error:
        raise InvalidInput("last_quarter", f"is {error}") from None


def _count(count: int) -> int:
    if not 0 <= count <= MOST_QUARTERS:
        raise InvalidInput("quarters", f"must be from 1 to {MOST_QUARTERS}")
    return count or DEFAULT_QUARTERS


def _kinds(pools: Iterable[provision_pb2.PlacePool]) -> Kinds:
    found: dict[tuple[int, str], set[str]] = {}
    for pool in pools:
        found.setdefault((pool.setting.urn, PART_OF_KIND.get(pool.kind, "whole")), set()).add(pool.kind)
    return found


def _rows(history: caseload_pb2.ListPlanHistoryResponse, kinds: Kinds) -> Iterator[PlanRow]:
    columns = zip(
        history.primary_needs,
        history.requests_received,
        history.placements_began,
        history.urns,
        history.parts,
        history.sen_settings,
        strict=True,
    )
    for need, received, began, urn, part, sen_setting in columns:
        kind = kind_at(kinds, urn, PARTS.get(part, "")) if urn else ""
        yield PlanRow(need, _day(received), _day(began), kind, sen_setting)


def _day(since_1970: int) -> date | None:
    return date.fromordinal(EPOCH + since_1970) if since_1970 else None


def _left_out(counts: Mapping[tuple[str, Quarter], int]) -> frozenset[tuple[str, Quarter]]:
    """Also what those who asked for an assessment for another need than SEMH would give away."""
    quarters = list(dict.fromkeys(quarter for _, quarter in counts))
    others = {(OTHERS, quarter): counts[ALL, quarter] - counts[SEMH, quarter] for quarter in quarters}
    sums = [Sum((ALL, quarter), ((SEMH, quarter), (OTHERS, quarter))) for quarter in quarters]
    return suppress({**counts, **others}, sums)


def _message(
    measure: str,
    quarter: Quarter,
    children: int,
    left_out: frozenset[tuple[str, Quarter]],
    as_of: date,
    units: bool,
) -> monitoring_pb2.QuarterlyCount:
    made = monitoring_pb2.QuarterlyCount(measure=measure, quarter=str(quarter))
    if quarter.last_day > as_of or (measure == "placements_hn_unit" and not units):
        made.not_recorded = True
    elif (measure, quarter) in left_out:
        made.left_out = True
    else:
        made.children = children
    return made
