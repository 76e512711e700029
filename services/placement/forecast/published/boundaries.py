"""Authorities whose boundaries changed: a past for those that are new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from services.placement.forecast.published.authorities import SUCCESSORS
from services.placement.forecast.published.series import PANELS, Panel, PublishedSeries
from services.placement.forecast.rates.rates import FloatArray


def fill_boundaries(series: PublishedSeries) -> PublishedSeries:
    """The series with a past for each successor: its share of what its predecessors had, by plans in its first January.

    Rates and growth of the successors before the change are then their predecessors' together.
    """
    index = {authority.la_code: position for position, authority in enumerate(series.authorities)}
    arrays = {name: getattr(series.local, name).copy() for name in PANELS}
    for before, after in SUCCESSORS.items():
        old, new = ([index[code] for code in codes if code in index] for codes in (before, after))
        if len(old) == len(before) and len(new) == len(after):
            _share_out(arrays, old, new)
    return replace(series, local=Panel(**arrays))


def _share_out(arrays: dict[str, FloatArray], old: Sequence[int], new: Sequence[int]) -> None:
    there = np.isfinite(arrays["plans"][new]).all(axis=0)
    if not there.any() or there.all():
        return
    first = int(np.argmax(there))
    shares = arrays["plans"][new, first] / arrays["plans"][new, first].sum()
    for array in arrays.values():
        past = array[old, :first].sum(axis=0)
        for area, share in zip(new, shares, strict=True):
            array[area, :first] = past * share
