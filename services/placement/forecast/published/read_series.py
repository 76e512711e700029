"""Reading the folder of published tables into arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from services.placement.forecast.published.ages import read_age
from services.placement.forecast.published.authorities import Authority
from services.placement.forecast.published.boundaries import fill_boundaries
from services.placement.forecast.published.england import AGE_CEASED, AGE_NOW, AGE_STARTED
from services.placement.forecast.published.kinds import KIND_COLUMNS, KINDS, kind_counts
from services.placement.forecast.published.repair import repaired
from services.placement.forecast.published.series import Panel, PublishedSeries
from services.placement.forecast.published.table import LOCAL, NATIONAL, read_january, read_table, tables_folder
from services.placement.forecast.published.values import PublishedTablesMissingError, Row
from services.placement.forecast.rates.rates import AGE_COUNT, FloatArray

ALL_PLANS = "All EHC plans"
ALL_NEW = "New EHC plans"
ALL_CEASED = "All ceased EHC plans"
ALL_REQUESTS = "All requests for EHC needs assessments"
_ENGLAND = -1

Value = Callable[[Row], float | Sequence[float]]


def read_series(folder: Path) -> PublishedSeries:
    """Read caseload, newplans, ceased_plans and requests from a folder or its `ehc-plans`.

    Raises PublishedTablesMissingError, which says where the Department publishes them, or PublishedTableWrongError,
    which names file, row, column, value and rule.
    """
    inner = tables_folder(folder)
    caseload = read_table(inner, "caseload", ("ehcplans", *KIND_COLUMNS))
    new = read_table(inner, "newplans", ("new_ehc_plans", *KIND_COLUMNS))
    ceased = read_table(inner, "ceased_plans", ("total_ceased", "transfer"))
    requests = read_table(inner, "requests", ("requests_received_in_year", "requests_decided_not_to_assess"))
    index = _Index.of(caseload)
    arrays = {
        "plans": index.fill(caseload, ALL_PLANS, lambda row: row.number("ehcplans")),
        "kinds": index.fill(caseload, ALL_PLANS, kind_counts, len(KINDS)),
        "new_plans": index.fill(new, ALL_NEW, lambda row: row.number("new_ehc_plans")),
        "new_kinds": index.fill(new, ALL_NEW, kind_counts, len(KINDS)),
        "new_ages": index.fill_ages(new, AGE_STARTED, lambda row: row.number("new_ehc_plans")),
        "requests": index.fill(requests, ALL_REQUESTS, lambda row: row.number("requests_received_in_year")),
        "refused": index.fill(requests, ALL_REQUESTS, lambda row: row.number("requests_decided_not_to_assess")),
        "ceased": index.fill(ceased, ALL_CEASED, lambda row: row.number("total_ceased")),
    }
    ages = index.fill_ages(caseload, AGE_NOW, lambda row: row.number("ehcplans"))
    gone = index.fill_ages(ceased, AGE_CEASED, lambda row: row.number("total_ceased") - row.number("transfer"))
    series = PublishedSeries(
        authorities=index.authorities,
        januaries=index.januaries,
        local=Panel(**{name: array[:_ENGLAND] for name, array in arrays.items()}),
        england=Panel(**{name: array[_ENGLAND:] for name, array in arrays.items()}),
        ages=ages[:_ENGLAND, -1],
        ceased_ages=gone[:_ENGLAND, -1],
    )
    return repaired(series)


def prepared(series: PublishedSeries) -> PublishedSeries:
    """The series of today's authorities: successors have their share of their predecessors' past."""
    return fill_boundaries(series)


@dataclass(frozen=True)
class _Index:
    """Which row and column of the arrays a row of a table belongs to."""

    authorities: tuple[Authority, ...]
    januaries: tuple[int, ...]

    @classmethod
    def of(cls, caseload: Sequence[Row]) -> _Index:
        totals = [row for row in caseload if row.text("breakdown_topic") == ALL_PLANS]
        januaries = sorted({read_january(row) for row in totals})
        if not januaries or januaries != list(range(januaries[0], januaries[-1] + 1)):
            raise PublishedTablesMissingError(
                f'caseload.csv has "{ALL_PLANS}" for the Januaries {januaries}; the forecast needs consecutive ones.'
            )
        newest = sorted(totals, key=lambda row: row.text("time_period"))
        authorities = {row.text("old_la_code"): _authority(row) for row in newest if _is(row, LOCAL)}
        return cls(tuple(authorities[code] for code in sorted(authorities)), tuple(januaries))

    def fill(self, rows: Sequence[Row], topic: str, value: Value, width: int = 0) -> FloatArray:
        """float64[A + 1, T] or [A + 1, T, width] with England last; NaN where the table has no row."""
        shape = (len(self.authorities) + 1, len(self.januaries), *([width] if width else []))
        filled = np.full(shape, np.nan)
        for row, place in self._placed(rows, topic):
            filled[place] = value(row)
        return filled

    def fill_ages(self, rows: Sequence[Row], topic: str, value: Callable[[Row], float]) -> FloatArray:
        """float64[A + 1, T, 26]: where an area has rows for a January, an age without a row counts nobody."""
        filled = np.full((len(self.authorities) + 1, len(self.januaries), AGE_COUNT), np.nan)
        for row, place in self._placed(rows, topic):
            age = read_age(row)
            if age is not None:
                here = filled[place]
                here[np.isnan(here)] = 0.0
                here[age] = np.nan_to_num(value(row))
        return filled

    def _placed(self, rows: Sequence[Row], topic: str) -> list[tuple[Row, tuple[int, int]]]:
        areas = {authority.la_code: index for index, authority in enumerate(self.authorities)}
        times = {january: index for index, january in enumerate(self.januaries)}
        placed = []
        for row in rows:
            if row.text("breakdown_topic") != topic:
                continue
            area = areas.get(row.text("old_la_code")) if _is(row, LOCAL) else len(areas) if _is(row, NATIONAL) else None
            time = times.get(read_january(row))
            if area is not None and time is not None:
                placed.append((row, (area, time)))
        return placed


def _is(row: Row, level: str) -> bool:
    return row.text("geographic_level") == level


def _authority(row: Row) -> Authority:
    return Authority(row.text("new_la_code"), row.text("old_la_code"), row.text("la_name"), row.text("region_code"))
