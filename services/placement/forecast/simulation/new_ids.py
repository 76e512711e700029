"""Ids of new children and the seeds of their draws: child 3 of a cell is the same child in every replicate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.placement.forecast.rates.rates import AGE_COUNT, NEEDS
from services.placement.forecast.simulation.draws import CountArray, Seeds
from services.placement.model.lots import seeds_of

CELLS = AGE_COUNT * len(NEEDS)


@dataclass(frozen=True, eq=False)
class _Year:
    """Those of one year: object[CELLS, n] and uint64[CELLS, n], of which the first `known` of each cell are there."""

    ids: npt.NDArray[np.object_]
    seeds: Seeds
    known: CountArray

    @classmethod
    def none(cls) -> _Year:
        """Nobody's."""
        shape = (CELLS, 0)
        return cls(np.zeros(shape, dtype=object), np.zeros(shape, dtype=np.uint64), np.zeros(CELLS, dtype=np.int64))

    def with_more(self, academic_year: int, needed: CountArray) -> _Year:
        """The same with as many in each cell as are needed, int64[CELLS]."""
        width = max(int(needed.max()), self.ids.shape[1])
        shape = (CELLS, width)
        ids, seeds = np.zeros(shape, dtype=object), np.zeros(shape, dtype=np.uint64)
        ids[:, : self.ids.shape[1]], seeds[:, : self.ids.shape[1]] = self.ids, self.seeds
        for cell in np.flatnonzero(needed > self.known).tolist():
            age, need = divmod(cell, len(NEEDS))
            there = slice(int(self.known[cell]), int(needed[cell]))
            more = [f"new:{academic_year}:{age}:{NEEDS[need]}:{at}" for at in range(there.start, there.stop)]
            ids[cell, there], seeds[cell, there] = more, seeds_of(more)
        return _Year(ids, seeds, np.maximum(self.known, needed))


class NewIds:
    """Remembers those that were needed so far. Safe for several threads: each year's table is replaced whole."""

    def __init__(self) -> None:
        self._years: dict[int, _Year] = {}

    def of(self, academic_year: int, needed: CountArray) -> tuple[npt.NDArray[np.object_], Seeds]:
        """The ids and seeds of so many children in each cell, int64[26, 14] by age and need, cell after cell."""
        counts = needed.ravel()
        year = self._years.get(academic_year) or _Year.none()
        if (counts > year.known).any():
            year = self._years[academic_year] = year.with_more(academic_year, counts)
        there = np.arange(year.ids.shape[1]) < counts[:, None]
        return year.ids[there], year.seeds[there]
