"""Kinds of placement in the published tables, added up to the six that are forecast."""

from __future__ import annotations

from collections.abc import Sequence

from services.placement.forecast.published.values import Row

KINDS = (
    "mainstream",
    "resource_base_or_unit",
    "state_special",
    "inmss",
    "further_education",
    "educated_elsewhere",
)
"""Order of every array by kind. What is left of the total is alternative provision, early years and not recorded."""

_BASES = tuple(
    f"mainstream_{school}_{part}"
    for school in ("la_maintained", "academy", "free_school")
    for part in ("resourced_provision", "senunit")
)
KIND_COLUMNS = (
    *_BASES,
    "mainstream_total",
    "special_la_maintained",
    "special_academy_free",
    "special_independent",
    "special_non_maintained",
    "fe_total",
    "ed_elsewhere",
)


def kind_counts(row: Row) -> tuple[float, ...]:
    """Children by KINDS in one row; NaN where a part is withheld."""
    bases = _sum(row, _BASES)
    return (
        row.number("mainstream_total") - bases,
        bases,
        _sum(row, ("special_la_maintained", "special_academy_free")),
        _sum(row, ("special_independent", "special_non_maintained")),
        row.number("fe_total"),
        row.number("ed_elsewhere"),
    )


def _sum(row: Row, columns: Sequence[str]) -> float:
    return sum(row.number(column) for column in columns)
