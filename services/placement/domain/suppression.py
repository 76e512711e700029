"""Which counts to leave out of a table before it leaves the planners, so that no small one can be worked out.

Counts of 1 to 4 children are left out, and as few others as it takes. The rule: from everything that is shown, and from
what is known to add up, nobody can tell that a count left out is below 5; still less which it is. For each small count
there is a proof: counts of 1 or more in place of those left out that keep every sum, and in which the small count is 5.
Decision 29 says why this rule.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)

SUPPRESSED = "c"
"""What stands in the place of a count left out, as in the Department's own tables."""
LEAST_SHOWN = 5
COST_OF_A_CELL = 1_000_000
COST_OF_A_ZERO = 100 * COST_OF_A_CELL
MOST_STEPS = 20_000
MOST_VISITS = 3


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
    table = _Table(counts, tuple(sums), frozenset(signed))
    small = [key for key, count in counts.items() if key not in table.signed and is_small(count)]
    left_out = set(small)
    for key in sorted(small, key=lambda each: counts[each]):
        left_out |= table.changed_with(key, LEAST_SHOWN - counts[key], left_out)
    return frozenset(left_out)


class _Table(Generic[Key]):
    """Counts and sums, with the sums that each key is in and its sign there: a total is -1, a part is 1."""

    def __init__(self, counts: Mapping[Key, int], sums: Sequence[Sum[Key]], signed: frozenset[Key]) -> None:
        self.counts, self.signed = counts, signed
        self.order = {key: at for at, key in enumerate(counts)}
        self.members: list[dict[Key, int]] = []
        self.within: dict[Key, list[int]] = {key: [] for key in counts}
        for one in sums:
            signs = {key: sign for key, sign in ((one.total, -1), *((part, 1) for part in one.parts)) if key in counts}
            for key in signs:
                self.within[key].append(len(self.members))
            self.members.append(signs)

    def changed_with(self, key: Key, change: int, left_out: Collection[Key]) -> set[Key]:
        """Keys that can change together with `key` so that every sum still holds, the cheapest to leave out found.

        Raises ValueError when there are none: then the sums tell.
        """
        found = self._search(key, change, left_out) or self._search(key, change, left_out, only_up=True)
        if found is None:
            raise ValueError(f"{key!r} can be worked out whatever else is left out; leave out the table.")
        return found

    def _search(self, key: Key, change: int, left_out: Collection[Key], only_up: bool = False) -> set[Key] | None:
        """Uniform-cost search over what is out of balance: of one such sum, one more key takes all of it up.

        With `only_up`, no key falls and the deepest is tried first: another child of a kind that is in `key`, counted
        in every total, is always a way where all sums are over the same children.
        """
        queue = [(0, 0, _Open(frozenset([(key, change)]), self._unbalanced({}, key, change)))]
        visits: dict[frozenset[tuple[int, int]], int] = {}
        pushed = 0
        while queue and pushed < MOST_STEPS:
            cost, _, state = heappop(queue)
            if not state.unbalanced:
                return {changed for changed, _ in state.changes}
            out = frozenset(state.unbalanced.items())
            visits[out] = visits.get(out, 0) + 1
            if visits[out] > MOST_VISITS:
                continue
            for other, by in self._ways(state, only_up):
                pushed += 1
                after = _Open(state.changes | {(other, by)}, self._unbalanced(state.unbalanced, other, by))
                price = cost - 1 if only_up else cost + self._cost(other, left_out)
                heappush(queue, (price, pushed, after))
        return None

    def _unbalanced(self, before: Mapping[int, int], key: Key, change: int) -> dict[int, int]:
        after = dict(before)
        for at in self.within[key]:
            after[at] = after.get(at, 0) + self.members[at][key] * change
            if not after[at]:
                del after[at]
        return after

    def _ways(self, state: _Open[Key], only_up: bool) -> Iterable[tuple[Key, int]]:
        """Each key of the first sum out of balance that can take it up, and by how much it changes."""
        at = min(state.unbalanced)
        changed = {key for key, _ in state.changes}
        for key, sign in self.members[at].items():
            by = -state.unbalanced[at] * sign
            may_be = key in self.signed or self.counts[key] + by >= 1
            if key not in changed and may_be and not (only_up and by < 0):
                yield key, by

    def _cost(self, key: Key, left_out: Collection[Key]) -> int:
        """Nothing for a key left out already; else one cell, the smaller count first; a zero says most, so last."""
        if key in left_out:
            return 0
        size = abs(self.counts[key])
        lost = COST_OF_A_CELL if size or key in self.signed else COST_OF_A_ZERO
        return lost + min(size, COST_OF_A_CELL - 1)


@dataclass(frozen=True)
class _Open(Generic[Key]):
    """Changes made so far, and by how much each sum, by its place in the list, is out of balance."""

    changes: frozenset[tuple[Key, int]]
    unbalanced: Mapping[int, int]
