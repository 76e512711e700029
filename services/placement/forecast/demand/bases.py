"""Bases and units a year ahead: three plain forecasts combined.

The smallest kind is the worst recorded (a twentieth to an eighth of authorities lose or find half of theirs from one
January to the next), so no one forecast of it is much good and their errors are not the same. The mean of several
forecasts beats each (Bates and Granger, 1969).
"""

from __future__ import annotations

import numpy as np

from services.placement.forecast.demand.kinds import PLANNED
from services.placement.forecast.published.series import PublishedSeries
from services.placement.forecast.rates.rates import FloatArray

_LARGEST_LOSS = 0.12
"""Share of plans lost in a year beyond which the books of new plans and stock do not agree."""


def combined_bases(series: PublishedSeries, regression: FloatArray) -> FloatArray:
    """float64[A], the mean of the regression's forecast, the last count with its flows, and the last two counts' mean.

    The flows: new plans in bases again, and a loss at the rate at which the authority lost plans of all kinds, which is
    new plans less growth.
    """
    local = series.local
    counts = np.nan_to_num(local.kinds[:, :, PLANNED])
    lost = (local.new_plans[:, -1] - (local.plans[:, -1] - local.plans[:, -2])) / local.plans[:, -1]
    kept = counts[:, -1] * (1.0 - np.clip(np.nan_to_num(lost), 0.0, _LARGEST_LOSS))
    with_flows = kept + np.nan_to_num(local.new_kinds[:, -1, PLANNED])
    before = np.where(np.isfinite(local.kinds[:, -2, PLANNED]), counts[:, -2], counts[:, -1])
    result: FloatArray = (regression + with_flows + (counts[:, -1] + before) / 2) / 3
    return result
