"""Which figures of a scenario may be shown: small counts left out, so that they cannot be worked out from the rest.

All forms of one scenario are protected together, so that the exports of it, laid side by side, tell no more than one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from inborough.placement.v1 import scenarios_pb2
from services.placement.model.suppression import SUPPRESSED, Sum, is_small, suppress
from services.planning.exports.cells import (
    EMPTY,
    LAYERS,
    OVER_HELD,
    PRICES,
    USED,
    Cell,
    Key,
    cell_of,
    is_count,
    leaves_planners,
    rests_of,
    sums_of,
)
from services.planning.exports.forms import form_sums

Figure = scenarios_pb2.ScenarioFigure
Band = scenarios_pb2.ScenarioBand
QUANTILES = ("p10", "p50", "p90")


@dataclass(frozen=True)
class ProtectedYear:
    """One academic year: its figures by cell, the means of all counts by layer, and what is left out."""

    figures: Mapping[Cell, Figure]
    means: Mapping[Key, float]
    left_out: frozenset[Key]

    def mean(self, cell: Cell, layer: str = "value") -> int | str | None:
        """A count's mean, rounded, or "c" where it is left out; None where there is none."""
        key = Key(cell, layer)
        if key in self.left_out:
            return SUPPRESSED
        return round(self.means[key]) if key in self.means else None

    def band(self, cell: Cell, layer: str) -> list[int | float | str | None]:
        """Mean and quantiles (QUANTILES) of a figure: counts rounded, what may not be shown as "c", None for none."""
        band = band_of(self.figures[cell], layer)
        if band is None:
            return [None] * (1 + len(QUANTILES))
        if Key(cell, layer) in self.left_out:
            return [SUPPRESSED] * (1 + len(QUANTILES))
        quantiles = [getattr(band, name) for name in QUANTILES]
        if not is_count(cell):
            return [band.mean, *quantiles]
        return [round(band.mean), *(self._quantile(cell, layer, name) for name in QUANTILES)]

    def _quantile(self, cell: Cell, layer: str, name: str) -> int | str:
        """A quantile is a small count itself; a difference's gives one away where scenario or baseline has one."""
        of = ("value", "baseline") if layer == "difference" else (layer,)
        bands = [band for each in of if (band := band_of(self.figures[cell], each)) is not None]
        if any(is_small(round(getattr(band, name))) for band in bands):
            return SUPPRESSED
        shown = band_of(self.figures[cell], layer)
        rounded: int = round(getattr(shown, name))
        return rounded


def protected_years(figures: Iterable[Figure], kind_of_pool: Mapping[str, str]) -> dict[int, ProtectedYear]:
    """Every academic year of a result, protected. Cells too fine to leave the planners are not in it.

    Parameters
    ----------
    kind_of_pool
        Kind of place of each pool; figures of pools that it does not name are left out when they are counts, since what
        they add up to is not known.
    """
    by_year: dict[int, dict[Cell, Figure]] = {}
    for figure in figures:
        cell = cell_of(figure)
        known = not cell.pool_id or cell.measure in PRICES or cell.pool_id in kind_of_pool
        if leaves_planners(cell) and known:
            by_year.setdefault(figure.academic_year, {})[cell] = figure
    return {year: _protected(by_year[year], kind_of_pool) for year in sorted(by_year)}


def _protected(figures: Mapping[Cell, Figure], kind_of_pool: Mapping[str, str]) -> ProtectedYear:
    counted = [cell for cell in figures if is_count(cell)]
    forms = form_sums(counted)
    means = _means(figures, counted, forms)
    cells = [*counted, *(one.total for one in forms)]
    sums = [*sums_of(counted, kind_of_pool), *forms]
    layered = [
        Sum(Key(one.total, layer), tuple(Key(part, layer) for part in one.parts)) for layer in LAYERS for one in sums
    ]
    changes = [
        Sum(Key(cell, "value"), (Key(cell, "baseline"), Key(cell, "difference")))
        for cell in cells
        if Key(cell, "difference") in means
    ]
    signed = {key for key in means if key.layer == "difference"}
    counts = {key: round(mean) for key, mean in means.items()}
    left_out = suppress(counts, [*layered, *changes], signed)
    money = _money_left_out(figures, left_out)
    return ProtectedYear(figures, means, frozenset([*_with_partners(left_out), *money]))


def _means(figures: Mapping[Cell, Figure], cells: Sequence[Cell], forms: Sequence[Sum[Cell]]) -> dict[Key, float]:
    means: dict[Key, float] = {}
    for cell in cells:
        for layer in LAYERS:
            if (band := band_of(figures[cell], layer)) is not None:
                means[Key(cell, layer)] = band.mean
    for one in forms:
        for layer in LAYERS:
            parts = [means[key] for part in one.parts if (key := Key(part, layer)) in means]
            if len(parts) == len(one.parts):
                means[Key(one.total, layer)] = sum(parts)
    for one in rests_of(cells):
        for layer in LAYERS:
            whole, part = (means.get(Key(cell, layer)) for cell in (one.total, one.parts[0]))
            if whole is not None and part is not None:
                means[Key(one.parts[1], layer)] = round(whole) - round(part)
    return means


def _with_partners(left_out: Iterable[Key]) -> Iterator[Key]:
    """With the places used in a pool go those empty and those too many: how many places there are everybody knows."""
    for key in left_out:
        yield key
        if key.cell.measure == USED:
            for measure in (EMPTY, OVER_HELD):
                yield Key(Cell(measure, pool_id=key.cell.pool_id), key.layer)


def _money_left_out(figures: Mapping[Cell, Figure], left_out: frozenset[Key]) -> Iterator[Key]:
    """Spend on children whose count is left out; where that is one part alone, one more, or the total would tell."""
    for measure in ("spend_by_kind", "spend", "spend_marginal"):
        parts = [cell for cell in figures if cell.measure == measure and (cell.kind or cell.line)]
        for layer in LAYERS:
            gone = [cell for cell in parts if Key(_children_of(cell), layer) in left_out]
            rest = [cell for cell in parts if cell not in gone and _pence(figures[cell], layer)]
            if len(gone) == 1 and rest:
                gone.append(min(rest, key=lambda cell: (abs(_pence(figures[cell], layer)), cell)))
            yield from (Key(cell, layer) for cell in gone)
            if gone and layer != "difference":
                yield from (Key(cell, "difference") for cell in gone)


def _children_of(cell: Cell) -> Cell:
    """The count of the children that a part of spend is for."""
    return Cell("inmss") if cell.line == "inmss_fee" else Cell("children", kind=cell.kind or "of several kinds")


def _pence(figure: Figure, layer: str) -> float:
    band = band_of(figure, layer)
    return band.mean if band is not None else 0.0


def band_of(figure: Figure, layer: str) -> Band | None:
    """The band of a layer; None where there is no baseline."""
    if layer == "value":
        return figure.value
    if layer == "baseline":
        return figure.baseline if figure.HasField("baseline") else None
    return figure.difference if figure.HasField("difference") else None
