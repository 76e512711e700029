"""Openings side by side, as columns: all of them that no joining child changes, so that many are tried at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.cost.transport.runs.describing import minutes_to_first, run_metres
from services.cost.transport.runs.openings import NOBODY, Opening, minutes_to_spare
from services.cost.transport.runs.problem import BoolArray, IntArray, RunsProblem

NEVER = -(2**31)
"""Minutes that no ride has to spare: a place that there is not."""
ON_NO_RUN = -2
"""In place of a run; not the -1 of a run of one's own."""


@dataclass(frozen=True, eq=False)
class Openings:
    """W openings as columns. One of k children has k + 1 places for one more; the widest has K + 1.

    Parameters
    ----------
    run, without, pence_before
        int64[W]: as an `Opening` has them.
    aboard
        int64[W, K]: rows of the problem; N, which is nobody, beyond the last.
    count, wheelchairs, assistant
        [W]: how many are aboard, how many of them in wheelchairs, and whether any needs an assistant.
    serves
        bool[W, D]: whether a child who goes to the setting may ask for it.
    minutes_after_first
        int64[W, D]: how much longer than to the first setting the ride to each of them is; 0 to others.
    metres
        int64[W]: of the run without the joining child.
    follows, before
        int64[W, K + 1] and [W, K]: the point after each place, and the point before each but the first.
    leg_metres, leg_minutes
        int64[W, K]: from that point before to that point after.
    minutes_after
        int64[W, K + 1]: from standing at the point that follows to reaching the first setting.
    slack
        int64[W, K + 1]: by how many minutes all who get in before the place may ride longer; `NEVER` beyond the last.
    """

    run: IntArray
    without: IntArray
    pence_before: IntArray
    aboard: IntArray
    count: IntArray
    wheelchairs: IntArray
    assistant: BoolArray
    serves: BoolArray
    minutes_after_first: IntArray
    metres: IntArray
    follows: IntArray
    before: IntArray
    leg_metres: IntArray
    leg_minutes: IntArray
    minutes_after: IntArray
    slack: IntArray

    def runs_of(self, travellers: int) -> IntArray:
        """int64[N + 1]: the run that each of N travellers is aboard or was taken out of; the last, nobody, has none."""
        found: IntArray = np.full(travellers + 1, ON_NO_RUN)
        whole = self.without == NOBODY
        found[self.aboard[whole]] = self.run[whole][:, None]
        found[self.without[~whole]] = self.run[~whole]
        found[-1] = ON_NO_RUN
        return found

    @staticmethod
    def of(problem: RunsProblem, each: Sequence[Opening]) -> Openings:
        """These, in this order."""
        many, settings, travellers = len(each), problem.setting_count, problem.travellers
        widest = max((len(one.aboard) for one in each), default=0)
        aboard = np.full((many, widest), travellers.count)
        serves, after_first = np.zeros((many, settings), np.bool_), np.zeros((many, settings), np.int64)
        follows, minutes_after = np.zeros((2, many, widest + 1), np.int64)
        slack = np.full((many, widest + 1), NEVER, np.int64)
        for at, one in enumerate(each):
            rows, places = list(one.aboard), len(one.aboard) + 1
            to_first = np.array(minutes_to_first(problem, rows, one.order.first), np.int64)
            aboard[at, : places - 1] = rows
            follows[at, :places] = [*problem.home[rows].tolist(), one.order.first]
            minutes_after[at, : places - 1] = to_first + travellers.boarding_minutes[rows]
            slack[at, 0] = 0
            slack[at, 1:places] = np.minimum.accumulate(minutes_to_spare(problem, rows, one.order))
            theirs = set(problem.destination[rows].tolist())
            serves[at, list(set(one.order.settings) - theirs or theirs)] = True
            for setting in one.order.settings:
                after_first[at, setting] = one.order.minutes_after_first(setting)
        wheelchair, assistant = (
            np.append(kind, False)[aboard] for kind in (travellers.wheelchair, travellers.assistant)
        )
        before, after = follows[:, :-1], follows[:, 1:]
        return Openings(
            run=np.array([one.run for one in each], np.int64),
            without=np.array([one.without for one in each], np.int64),
            pence_before=np.array([one.pence_before for one in each], np.int64),
            aboard=aboard,
            count=np.array([len(one.aboard) for one in each], np.int64),
            wheelchairs=wheelchair.sum(axis=1),
            assistant=assistant.any(axis=1),
            serves=serves,
            minutes_after_first=after_first,
            metres=np.array([run_metres(problem, one.aboard, one.order) for one in each], np.int64),
            follows=follows,
            before=before,
            leg_metres=problem.legs.metres[before, after],
            leg_minutes=problem.legs.minutes[before, after],
            minutes_after=minutes_after,
            slack=slack,
        )
