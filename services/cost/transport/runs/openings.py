"""What there is to join: each run with each order of settings that it could reach with one child more aboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.cost.transport.runs.describing import ride_minutes
from services.cost.transport.runs.pricing import RunPrices
from services.cost.transport.runs.problem import IntArray, RunsProblem
from services.cost.transport.runs.timetable import SettingOrder

NOBODY = -1


@dataclass(frozen=True)
class Opening:
    """Children aboard in order, which may be none, and an order of settings that keeps their rides within limits.

    Parameters
    ----------
    run
        The index of the run; -1: a run of the joining child's own.
    without
        The child who has been taken out of the run, whom alone this concerns; -1, `NOBODY`: nobody has.
    aboard
        Rows of the problem.
    pence_before
        What it costs a school day before anybody joins.
    order
        It reaches the settings of those aboard, and at most one more, which then is the joining child's.
    """

    run: int
    without: int
    aboard: tuple[int, ...]
    pence_before: int
    order: SettingOrder


def list_openings(
    prices: RunPrices, run: int, aboard: tuple[int, ...], pence_before: int, without: int = NOBODY
) -> list[Opening]:
    """All of these children; none where one of them rides alone."""
    problem, rows = prices.problem, list(aboard)
    settings = frozenset(problem.destination[rows].tolist())
    if problem.travellers.solo[rows].any():
        return []
    most = len(settings) + 1
    orders = [order for order in prices.timetable.all if len(order.settings) <= most and settings <= {*order.settings}]
    return [
        Opening(run, without, aboard, pence_before, order)
        for order in orders
        if minutes_to_spare(problem, aboard, order).min(initial=0) >= 0
    ]


def minutes_to_spare(problem: RunsProblem, aboard: Sequence[int], order: SettingOrder) -> IntArray:
    """int64[k]: by how many minutes each child aboard may ride longer."""
    rides = np.array(ride_minutes(problem, aboard, order), np.int64)
    found: IntArray = problem.limit_minutes[list(aboard)] - rides
    return found
