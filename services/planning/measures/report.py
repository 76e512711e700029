"""The quarterly report: what was counted, what was supplied, and what is not recorded, which says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from inborough.placement.v1 import monitoring_pb2
from services.placement.model.suppression import SUPPRESSED, is_small
from services.planning.exports.sheets import Sheet
from services.planning.measures.supplied import SUPPLIED

COUNTED = {
    "requests_for_assessment": "Requests for assessment",
    "requests_for_assessment_semh": "Requests for assessment, SEMH",
    "placements_mss_semh": "Placements into maintained special, SEMH",
    "placements_inmss_semh": "Placements into INMSS, SEMH",
    "placements_hn_unit": "Placements into HN units",
    "elective_home_education": "Into elective home education",
}
NOT_RECORDED = "not recorded"
LEFT_OUT = f'"{SUPPRESSED}": a count of 1 to 4, or one that would give such a count away.'
PRESENT_ALONE = (
    "A placement is counted in the quarter in which it began; only each child's present one is on file, and only where "
    "the pools on file say what kind of place it is."
)
Value = int | Decimal | str


@dataclass(frozen=True)
class Measured:
    """A measure in one quarter: `value` is a number, "c" or "not recorded"."""

    measure: str
    words: str
    unit: str
    quarter: str
    value: Value


def measured(
    answer: monitoring_pb2.GetQuarterlyReportResponse, supplied: Mapping[tuple[str, str], Decimal]
) -> list[Measured]:
    """Every measure in every quarter of the report, those supplied last."""
    quarters = list(dict.fromkeys(one.quarter for one in answer.counts))
    counted = [
        Measured(one.measure, COUNTED.get(one.measure, one.measure), "children", one.quarter, _count(one))
        for one in answer.counts
    ]
    return counted + [
        Measured(measure, words, unit, quarter, _supplied(supplied.get((measure, quarter)), unit))
        for measure, (unit, words) in SUPPLIED.items()
        for quarter in quarters
    ]


def _count(one: monitoring_pb2.QuarterlyCount) -> Value:
    if one.not_recorded:
        return NOT_RECORDED
    return SUPPRESSED if one.left_out else one.children


def _supplied(value: Decimal | None, unit: str) -> Value:
    if value is None:
        return NOT_RECORDED
    if unit == "children":
        return SUPPRESSED if is_small(int(value)) else int(value)
    return value


def shown(one: Measured) -> str:
    """A value as tables show it: "1,204", "£3,500", "91.5 %", "c", "not recorded"."""
    if isinstance(one.value, str):
        return one.value
    if one.unit == "pounds":
        return f"£{one.value:,.0f}"
    return f"{one.value} %" if one.unit == "per cent" else f"{one.value:,}"


def kpi_json(report: list[Measured]) -> dict[str, Any]:
    """The shape in docs/json.md."""
    return {
        "measures": [
            {
                "measure": one.measure,
                "unit": one.unit,
                "quarter": one.quarter,
                "value": None if isinstance(one.value, str) else float(one.value),
                "left_out": one.value == SUPPRESSED,
                "not_recorded": one.value == NOT_RECORDED,
            }
            for one in report
        ]
    }


def kpi_sheets(report: list[Measured]) -> list[Sheet]:
    """A row a measure and quarter."""
    rows = [
        (one.measure, one.words, one.unit, one.quarter, one.value if isinstance(one.value, str) else float(one.value))
        for one in report
    ]
    notes = [("left out", LEFT_OUT), ("placements", PRESENT_ALONE)]
    columns = ("measure", "words", "unit", "quarter", "value")
    return [Sheet("kpi", columns, rows), Sheet("about", ("what", "value"), notes)]
