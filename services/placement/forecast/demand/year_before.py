"""Plans by age a year before the only January for which they are published, reckoned back from it.

The Department publishes plans by authority and single age for the newest January alone. The stock of the year before
follows from it by book-keeping: those of age a then are those of age a + 1 now, less the plans that began, with the
plans that ceased, in the calendar year between, which are published by authority and age. From 18, where ceased plans
are published together, England's chances by age share them out.
"""

from __future__ import annotations

import numpy as np

from services.placement.forecast.published.ages import by_year_group
from services.placement.forecast.published.series import PublishedSeries
from services.placement.forecast.rates.england import England
from services.placement.forecast.rates.rates import FloatArray

_OLDEST_SINGLE = 17


def ages_a_year_before(series: PublishedSeries, england: England) -> FloatArray:
    """float64[A, 26], plans by age in the last January but one, to the published totals; NaN where not published."""
    if series.ages is None or series.ceased_ages is None:
        raise ValueError("the series has no plans by age: the year before cannot be reckoned")
    new = by_year_group(series.local.new_ages[:, -1].T).T
    gone = by_year_group(series.ceased_ages.T).T
    kept = np.maximum(series.ages - new, 0.0)
    before = np.zeros_like(kept)
    before[:, :-1] = np.maximum(series.ages - new + gone, 0.0)[:, 1:]
    older = np.arange(_OLDEST_SINGLE + 1, kept.shape[1] - 1)
    lost = kept[:, older + 1] / np.maximum(1.0 - england.cease_chances()[older], 0.05)
    flow = gone[:, older[0] + 1 :].sum(axis=1)
    reckoned = lost - kept[:, older + 1]
    more = flow / np.maximum(reckoned.sum(axis=1), 1e-9)
    before[:, older] = kept[:, older + 1] + reckoned * more[:, np.newaxis]
    result: FloatArray = before * (series.local.plans[:, -2] / before.sum(axis=1))[:, np.newaxis]
    return result
