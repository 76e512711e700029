"""Outcomes of many replicates as figures with bands, beside the baseline's and replicate by replicate against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.placement.forecast.simulation.levers import Definition
from services.placement.forecast.simulation.measures import Measure, Numbers, Words, measures
from services.placement.forecast.simulation.outcome import Outcome
from services.placement.forecast.simulation.world import World

FloatArray = npt.NDArray[np.float64]
MANY_WORDS = {"need", "phase", "area"}
"""Cells named by all of these are told only where somebody is in one."""


@dataclass(frozen=True)
class Band:
    """A figure over replicates: its mean, and the values that 10, 50 and 90 % of them do not exceed."""

    mean: float
    p10: float
    p50: float
    p90: float


@dataclass(frozen=True)
class Figure:
    """One measure in one academic year: of everybody, or of those that the words name.

    `unit` is "children", "places" or "pence". `difference` is paired: the band of what each replicate has more than the
    same replicate of the baseline. The median over replicates is interpolated, so counts need not be whole.
    """

    measure: str
    academic_year: int
    unit: str
    value: Band
    need: str = ""
    phase: str = ""
    area: str = ""
    kind: str = ""
    pool_id: str = ""
    line: str = ""
    baseline: Band | None = None
    difference: Band | None = None


def summarise(
    outcomes: Sequence[Outcome],
    baseline: Sequence[Outcome] | None,
    world: World,
    definition: Definition,
    against: Definition | None = None,
) -> list[Figure]:
    """Return every measure's figures, in a fixed order whatever the order of the outcomes.

    Parameters
    ----------
    outcomes
        Those of the definition, one a replicate, at least one.
    baseline
        Those of `against`, the same replicates; None for no comparison.
    against
        What `baseline` simulated; None: `definition.baseline()`.

    Raises
    ------
    ValueError
        If there is no outcome, a replicate appears twice, or the baseline has other replicates.
    """
    mine = _in_order(outcomes)
    other = _in_order(baseline) if baseline is not None else None
    if other is not None and [one.replicate for one in mine] != [one.replicate for one in other]:
        raise ValueError("baseline: has other replicates than the scenario, so that they cannot be compared in pairs.")
    before = {_key(one): one for one in measures(world, against or definition.baseline())}
    return [
        figure
        for measure in measures(world, definition)
        for figure in _figures(measure, mine, other, before.get(_key(measure)), definition.first_year)
    ]


def _key(measure: Measure) -> tuple[str, str, tuple[str, ...]]:
    """Which measure it is, whichever pools there are."""
    first: Words = measure.words[0] if measure.words else {}
    line = first.get("line", "")
    return measure.name, line, tuple(first)


def _in_order(outcomes: Sequence[Outcome]) -> list[Outcome]:
    if not outcomes:
        raise ValueError("outcomes: at least one replicate is needed.")
    ordered = sorted(outcomes, key=lambda one: one.replicate)
    if len({one.replicate for one in ordered}) != len(ordered):
        raise ValueError("outcomes: a replicate appears twice.")
    return ordered


def _figures(
    measure: Measure, mine: list[Outcome], other: list[Outcome] | None, before: Measure | None, first_year: int
) -> Iterator[Figure]:
    """The figures of one measure, year by year and cell by cell."""
    values = _stacked(measure, mine)
    bands = _bands(values)
    base_bands = difference_bands = None
    told = _cells_told(measure, values)
    if other is not None:
        base = _aligned(measure, before, other, values.shape)
        base_bands, difference_bands = _bands(base), _bands(values - base)
        told |= _cells_told(measure, base)
    for year in range(values.shape[1]):
        for cell in np.flatnonzero(told).tolist():
            yield Figure(
                measure=measure.name,
                academic_year=first_year + year,
                unit=measure.unit,
                value=_band(bands, year, cell),
                baseline=None if base_bands is None else _band(base_bands, year, cell),
                difference=None if difference_bands is None else _band(difference_bands, year, cell),
                **measure.words[cell],
            )


def _cells_told(measure: Measure, values: FloatArray) -> npt.NDArray[np.bool_]:
    """bool[n]: every cell, or of a breakdown by MANY_WORDS those in which anybody is in any replicate and year."""
    if not measure.words or set(measure.words[0]) != MANY_WORDS:
        return np.ones(values.shape[2], dtype=np.bool_)
    return np.asarray(values.any(axis=(0, 1)))


def _stacked(measure: Measure, outcomes: list[Outcome]) -> FloatArray:
    """float64[R, Y, n]."""
    taken: list[Numbers] = [measure.take(one) for one in outcomes]
    return np.stack(taken).astype(np.float64)


def _aligned(measure: Measure, before: Measure | None, other: list[Outcome], shape: tuple[int, ...]) -> FloatArray:
    """The baseline's float64[R, Y, n] cell for cell; 0 for a pool that it does not have."""
    found = np.zeros(shape)
    if before is None or not before.words:
        return found
    theirs = _stacked(before, other)
    column = {tuple(sorted(words.items())): at for at, words in enumerate(before.words)}
    rows = [column.get(tuple(sorted(words.items())), -1) for words in measure.words]
    has = np.array(rows) >= 0
    found[:, :, has] = theirs[:, :, np.array(rows)[has]]
    return found


def _bands(values: FloatArray) -> FloatArray:
    """float64[4, Y, n]: mean and quantiles over replicates."""
    return np.concatenate([values.mean(axis=0)[None], np.quantile(values, (0.1, 0.5, 0.9), axis=0)])


def _band(bands: FloatArray, year: int, cell: int) -> Band:
    return Band(*bands[:, year, cell].tolist())
