"""The published tables as arrays by authority and January."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from services.placement.forecast.published.authorities import Authority
from services.placement.forecast.rates.rates import FloatArray

FLOWS = ("new_plans", "requests", "refused", "ceased")
PANELS = ("plans", "kinds", "new_kinds", "new_ages", *FLOWS)


@dataclass(frozen=True, eq=False)
class Panel:
    """Counts by area and January; NaN where nothing is published. A areas, T Januaries.

    Parameters
    ----------
    plans
        float64[A, T], plans on the census day.
    kinds
        float64[A, T, 6], the same by KINDS.
    new_plans, requests, refused, ceased
        float64[A, T], in the calendar year before that January: plans started, requests for an assessment received,
        requests refused, plans ceased.
    new_kinds
        float64[A, T, 6], plans started by KINDS.
    new_ages
        float64[A, T, 26], plans started by published age.
    """

    plans: FloatArray
    kinds: FloatArray
    new_plans: FloatArray
    requests: FloatArray
    refused: FloatArray
    ceased: FloatArray
    new_kinds: FloatArray
    new_ages: FloatArray

    def first(self, count: int) -> Panel:
        """The first `count` Januaries."""
        return Panel(**{name: getattr(self, name)[:, :count] for name in PANELS})

    def rows(self, chosen: NDArray[np.int64]) -> Panel:
        """The areas at these indices."""
        return Panel(**{name: getattr(self, name)[chosen] for name in PANELS})


@dataclass(frozen=True, eq=False)
class PublishedSeries:
    """Everything that is read from the folder.

    Parameters
    ----------
    authorities
        Every authority that any table names, by three-digit code, abolished ones too.
    januaries
        Consecutive years of the plan counts.
    local, england
        Panels of the authorities and, with one area, of England.
    ages, ceased_ages
        float64[A, 26], plans by age on 31 August in the last January, and plans ceased in the year before it by
        published age; None where the last January has been left out.
    notes
        What is wrong in the tables, and what was taken instead; a sentence each.
    """

    authorities: tuple[Authority, ...]
    januaries: tuple[int, ...]
    local: Panel
    england: Panel
    ages: FloatArray | None
    ceased_ages: FloatArray | None
    notes: tuple[str, ...] = ()

    def until(self, january: int) -> PublishedSeries:
        """What was published up to and with a January; ages are published for the last one only."""
        if january not in self.januaries:
            raise ValueError(f"the tables have Januaries {self.januaries[0]} to {self.januaries[-1]}, not {january}")
        if january == self.januaries[-1]:
            return self
        count = self.januaries.index(january) + 1
        return replace(
            self,
            januaries=self.januaries[:count],
            local=self.local.first(count),
            england=self.england.first(count),
            ages=None,
            ceased_ages=None,
        )

    @property
    def present(self) -> NDArray[np.bool_]:
        """bool[A], authorities that have plans in the last January."""
        return np.isfinite(self.local.plans[:, -1])
