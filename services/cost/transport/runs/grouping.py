"""Which settings are planned together: a few that are near each other and begin at much the same time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from services.cost.transport.runs.problem import MOST_SETTINGS, IntArray, check_range, check_shape

NEAR_METRES = 3_000
NEAR_BELL_MINUTES = 20
Group = tuple[int, ...]


def group_settings(
    metres: IntArray, bell_minutes: IntArray, near_metres: int = NEAR_METRES, most: int = MOST_SETTINGS
) -> tuple[Group, ...]:
    """Groups of 1 to `most` rows of settings; every two of a group are near each other, both ways.

    Nearest groups are joined first, earlier rows where two are as near: give settings in order of their ids, and the
    groups are the same however a caller's own list was ordered. `metres` is int64[D, D] by road; `bell_minutes`
    int64[D]. Groups come in order of their first rows.
    """
    count = bell_minutes.size
    check_shape("metres", metres, (count, count))
    apart = np.maximum(metres, metres.T)
    near = (apart <= near_metres) & (abs(bell_minutes[:, None] - bell_minutes[None, :]) <= NEAR_BELL_MINUTES)
    group_of: dict[int, Group] = {row: (row,) for row in range(count)}
    for here, there in sorted(combinations(range(count), 2), key=lambda pair: int(apart[pair])):
        one, other = group_of[here], group_of[there]
        if one != other and len(one) + len(other) <= most and near[np.ix_(one, other)].all():
            joined = tuple(sorted((*one, *other)))
            group_of.update(dict.fromkeys(joined, joined))
    return tuple(dict.fromkeys(group_of.values()))


def cut_travellers(groups: Sequence[Group], destination: IntArray) -> tuple[tuple[Group, IntArray], ...]:
    """Each group with the rows of the travellers who go to one of its settings; `destination` is int64[N] of rows."""
    check_range("destination", destination, 0, sum(map(len, groups)) - 1)
    return tuple((group, np.flatnonzero(np.isin(destination, group))) for group in groups)
