"""Which counts to leave out of a table before it leaves the planners, so that no small one can be worked out.

Counts of 1 to 4 children are left out, and few others. The rule: from everything that is shown, and from what is known
to add up, nobody can tell that a count left out is below 5; still less which it is. For each small count there is a
proof: counts of 1 or more in place of those left out that keep every sum, and in which the small count is 5.
Decision 29 says why this rule.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import highspy
import numpy as np

from services.placement.model.siting_solver import quiet_engine

Key = TypeVar("Key", bound=Hashable)

SUPPRESSED = "c"
"""What stands in the place of a count left out, as in the Department's own tables."""
LEAST_SHOWN = 5
COST_LEFT_OUT, COST_OF_A_CELL, COST_OF_A_ZERO = 0.001, 100.0, 10_000.0
NEARLY_WHOLE = 1e-6


@dataclass(frozen=True)
class Sum(Generic[Key]):
    """Something that is known to add up: `total` is the sum of `parts`. It may be off by what rounding makes of it."""

    total: Key
    parts: tuple[Key, ...]


def is_small(count: int) -> bool:
    """Whether a count of children is one of 1 to 4."""
    return 0 < count < LEAST_SHOWN


def suppress(counts: Mapping[Key, int], sums: Iterable[Sum[Key]], signed: Collection[Key] = ()) -> frozenset[Key]:
    """The keys to leave out: every small count, and others so that the rule above holds.

    Parameters
    ----------
    counts
        Whole numbers, in an order that decides between others that would do as well. 0 or more, unless `signed`.
    sums
        All that is known to add up over any of the tables: rows, columns, totals, totals that tables share, and
        differences (a value is its baseline and the difference). A sum that names a key without a count is taken
        without it.
    signed
        Keys of differences, which may be below 0 and are never small counts of children themselves.

    Raises
    ------
    ValueError
        If a count is below 0 and not signed, or a small count can be worked out whatever else is left out.
    """
    if below := [key for key, count in counts.items() if count < 0 and key not in signed]:
        raise ValueError(f"{below[0]!r} is below 0.")
    small = [key for key, count in counts.items() if key not in signed and is_small(count)]
    if not small:
        return frozenset()
    exchanges = _Exchanges(counts, tuple(sums), frozenset(signed))
    exchanges.cost_nothing(small)
    left_out = set(small)
    for key in sorted(small, key=lambda each: counts[each]):
        joined = exchanges.with_change(key, LEAST_SHOWN - counts[key]) - left_out
        exchanges.cost_nothing(joined)
        left_out |= joined
    return frozenset(left_out)


class _Exchanges(Generic[Key]):
    """The linear programme of changes that keep every sum: each key goes up by one column, down by another.

    A change of a key that is shown costs, for it must be left out then; the least cost leaves few out. No key may fall
    below 1, so that a zero never falls, and only rises where nothing else will do: zeros are shown.
    """

    def __init__(self, counts: Mapping[Key, int], sums: Sequence[Sum[Key]], signed: frozenset[Key]) -> None:
        self._keys = list(counts)
        self._column = {key: at for at, key in enumerate(self._keys)}
        self._engine = quiet_engine()
        size = np.array([abs(count) for count in counts.values()], dtype=np.float64)
        free = np.array([key in signed for key in self._keys])
        cost = np.where((size == 0) & ~free, COST_OF_A_ZERO, COST_OF_A_CELL + np.minimum(size, 1000) / 100)
        room = np.where(free, np.inf, np.maximum(size - 1, 0))
        count = len(self._keys)
        self._engine.addVars(2 * count, np.zeros(2 * count), np.concatenate([np.full(count, np.inf), room]))
        self._engine.changeColsCost(2 * count, np.arange(2 * count), np.concatenate([cost, cost]))
        for one in sums:
            self._add(one)

    def _add(self, one: Sum[Key]) -> None:
        signs = {self._column[one.total]: -1.0} if one.total in self._column else {}
        for part in one.parts:
            if part in self._column:
                signs[self._column[part]] = signs.get(self._column[part], 0.0) + 1.0
        up = np.array(list(signs), dtype=np.int32)
        index, value = np.concatenate([up, up + len(self._keys)]), np.array(list(signs.values()))
        self._engine.addRow(0.0, 0.0, index.size, index, np.concatenate([value, -value]))

    def cost_nothing(self, keys: Iterable[Key]) -> None:
        """These are left out already, so that changing them costs next to nothing."""
        columns = np.array([self._column[key] for key in keys], dtype=np.int32)
        both = np.concatenate([columns, columns + len(self._keys)])
        self._engine.changeColsCost(both.size, both, np.full(both.size, COST_LEFT_OUT))

    def with_change(self, key: Key, change: int) -> set[Key]:
        """Keys that can change with this one, by whole numbers. Raises ValueError when there are none."""
        up, count = self._column[key], len(self._keys)
        down = up + count
        _, _, _, room, _ = self._engine.getCol(down)
        self._engine.changeColBounds(up, float(change), float(change))
        self._engine.changeColBounds(down, 0.0, 0.0)
        values = self._solved()
        if values is None:
            raise ValueError(f"{key!r} can be worked out whatever else is left out; leave out the table.")
        self._engine.changeColBounds(up, 0.0, np.inf)
        self._engine.changeColBounds(down, 0.0, room)
        changed = np.flatnonzero(np.abs(values[:count] - values[count:]) > 0.5)
        return {self._keys[at] for at in changed.tolist()} | {key}

    def _solved(self) -> np.ndarray | None:
        """The columns' values, whole numbers: corners nearly always are, and else they are made to be."""
        values = self._run()
        if values is not None and np.abs(values - values.round()).max(initial=0) > NEARLY_WHOLE:
            columns = np.arange(2 * len(self._keys))
            for kind in (highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous):
                self._engine.changeColsIntegrality(columns.size, columns, np.full(columns.size, kind))
                if kind == highspy.HighsVarType.kInteger:
                    values = self._run()
        return None if values is None else values.round()

    def _run(self) -> np.ndarray | None:
        self._engine.run()
        if self._engine.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return np.asarray(self._engine.getSolution().col_value, dtype=np.float64)
