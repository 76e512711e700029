"""Which settings are planned together: a few that are near each other and begin at much the same time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from services.cost.transport.runs.problem import MOST_SETTINGS, IntArray, check_range, check_shape

NEAR_METRES = 3_000
NEAR_BELL_MINUTES = 20
Groups = tuple[tuple[int, ...], ...]


def group_settings(
    destination_ids: Sequence[int],
    metres: IntArray,
    bell_minutes: IntArray,
    near_metres: int = NEAR_METRES,
    most: int = MOST_SETTINGS,
) -> Groups:
    """Groups of 1 to `most` rows of `destination_ids`; every two of a group are near each other, both ways.

    Nearest groups are joined first, by ids where two are as near, so that the order of the input does not matter.
    `metres` is int64[D, D] by road; `bell_minutes` int64[D]. Groups and their rows come in order of ids.
    """
    count = len(destination_ids)
    check_shape("metres", metres, (count, count))
    check_shape("bell_minutes", bell_minutes, (count,))
    order = sorted(range(count), key=destination_ids.__getitem__)
    apart = np.maximum(metres, metres.T)
    near = (apart <= near_metres) & (abs(bell_minutes[:, None] - bell_minutes[None, :]) <= NEAR_BELL_MINUTES)
    group_of: dict[int, tuple[int, ...]] = {row: (row,) for row in order}
    for here, there in sorted(combinations(order, 2), key=lambda pair: int(apart[pair])):
        one, other = group_of[here], group_of[there]
        if one != other and len(one) + len(other) <= most and near[np.ix_(one, other)].all():
            joined = tuple(sorted((*one, *other), key=destination_ids.__getitem__))
            group_of.update(dict.fromkeys(joined, joined))
    return tuple(dict.fromkeys(group_of[row] for row in order))


def cut_travellers(groups: Groups, destination: IntArray) -> tuple[IntArray, ...]:
    """For each group the rows of the travellers who go to one of its settings; `destination` is int64[N] of rows."""
    settings = sum(map(len, groups))
    check_range("destination", destination, 0, settings - 1)
    return tuple(np.flatnonzero(np.isin(destination, group)) for group in groups)
