"""Published figures that cannot be right: what is taken instead, said in a note and never done silently."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from services.placement.forecast.published.series import PublishedSeries
from services.placement.forecast.rates.rates import FloatArray

_SLACK_SHARE, _SLACK_PLANS = 0.05, 10
"""A total may differ from its ages by this much: plans of unknown age."""
_LARGE = 100
"""With this many requests, none refused means that refusals are not recorded."""
_MOST_NEW = 0.5
"""New plans of a year are not more than this share of the plans at its end, nor requests more than nine tenths."""
_MOST_REQUESTS = 0.9


def repaired(series: PublishedSeries) -> PublishedSeries:
    """The series with impossible flows taken out, or taken from their own parts, and a note for each."""
    new, new_notes = _new_plans(series)
    local = replace(series.local, new_plans=new)
    requests, request_notes = _requests(series)
    local = replace(local, requests=requests, refused=_refused(series, requests))
    return replace(series, local=local, notes=(*series.notes, *new_notes, *request_notes))


def _new_plans(series: PublishedSeries) -> tuple[FloatArray, list[str]]:
    """New plans of an authority; where they are not the sum of its own ages, that sum."""
    new, ages = series.local.new_plans.copy(), series.local.new_ages.sum(axis=2)
    apart = np.abs(new - ages) > _SLACK_SHARE * np.maximum(new, ages) + _SLACK_PLANS
    wrong = apart & (ages > 0)
    notes = [_total_note(series, wrong[:, time], int(time)) for time in np.flatnonzero(wrong.any(axis=0))]
    new[wrong] = ages[wrong]
    for area, time in np.argwhere(new > _MOST_NEW * series.local.plans):
        notes.append(
            f"newplans.csv: {_where(series, area, time)}: {new[area, time]:,.0f} new plans against "
            f"{series.local.plans[area, time]:,.0f} plans at the year's end; left out."
        )
        new[area, time] = np.nan
    return new, notes


def _total_note(series: PublishedSeries, wrong: NDArray[np.bool_], time: int) -> str:
    areas = np.flatnonzero(wrong)
    new, ages = series.local.new_plans[areas[0], time], series.local.new_ages[areas[0], time].sum()
    more = f" and {len(areas) - 1} more" if len(areas) > 1 else ""
    return (
        f"newplans.csv: {_where(series, areas[0], time)}: a total of {new:,.0f} new plans, while its ages sum to "
        f"{ages:,.0f}{more}; the sum of the ages is used."
    )


def _requests(series: PublishedSeries) -> tuple[FloatArray, list[str]]:
    requests, plans = series.local.requests.copy(), series.local.plans
    wrong = ((requests == 0) & (plans > _LARGE)) | (requests > _MOST_REQUESTS * plans)
    notes = [
        f"requests.csv: {_where(series, area, time)}: {requests[area, time]:,.0f} requests against "
        f"{plans[area, time]:,.0f} plans; left out."
        for area, time in np.argwhere(wrong & (plans > _LARGE))
    ]
    requests[wrong] = np.nan
    return requests, notes


def _refused(series: PublishedSeries, requests: FloatArray) -> FloatArray:
    """Refusals; where none are recorded of many requests, England's share of them."""
    england = series.england.refused / series.england.requests
    unrecorded = (series.local.refused == 0) & (requests >= _LARGE)
    result: FloatArray = np.where(unrecorded, requests * england, series.local.refused)
    return result


def _where(series: PublishedSeries, area: np.int64, time: np.int64 | int) -> str:
    return f"{series.authorities[area].name} in {series.januaries[time] - 1}"
