"""In which order a run may reach its settings, and when: the tail that follows the last child's home."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, permutations

from services.cost.transport.runs.problem import RunsProblem


@dataclass(frozen=True)
class SettingOrder:
    """Settings in the order in which a run reaches them.

    Parameters
    ----------
    settings
        Rows of the problem.
    at_minutes
        When the vehicle is there, minutes after midnight: at the first as late as every bell allows, then as soon as
        it can be and children may be set down.
    metres
        From the first setting to the last.
    """

    settings: tuple[int, ...]
    at_minutes: tuple[int, ...]
    metres: int

    @property
    def first(self) -> int:
        """The setting that is reached straight from the last home."""
        return self.settings[0]

    def minutes_after_first(self, setting: int) -> int:
        """How much longer the children of this setting ride than those of the first."""
        return self.at_minutes[self.settings.index(setting)] - self.at_minutes[0]


class Timetable:
    """Every order of every set of the problem's settings that keeps to the bells.

    At each setting the vehicle is there by the bell, and no more than `set_down_early_minutes` before it; children who
    ride on wait aboard where the next setting would not have them yet.
    """

    def __init__(self, problem: RunsProblem) -> None:
        rows = sorted(range(problem.setting_count), key=lambda row: problem.destination_ids[row])
        self._problem = problem
        self._orders: dict[frozenset[int], tuple[SettingOrder, ...]] = {}
        for size in range(1, len(rows) + 1):
            for settings in permutations(rows, size):
                found = self._find(settings)
                key = frozenset(settings)
                self._orders[key] = self._orders.get(key, ()) + ((found,) if found else ())

    @property
    def all(self) -> tuple[SettingOrder, ...]:
        """All of them, those of fewer settings first."""
        return tuple(order for orders in self._orders.values() for order in orders)

    def orders(self, settings: frozenset[int]) -> tuple[SettingOrder, ...]:
        """The orders in which a run may reach exactly these; empty where their bells do not go together."""
        return self._orders[settings]

    def _find(self, settings: tuple[int, ...]) -> SettingOrder | None:
        legs, bells = self._problem.legs, self._problem.bell_minutes.tolist()
        pairs = list(pairwise(settings))
        latest = [bells[settings[-1]]]
        for here, then in reversed(pairs):
            latest.insert(0, min(bells[here], latest[0] - int(legs.minutes[here, then])))
        early = self._problem.set_down_early_minutes
        if any(at < bells[setting] - early for setting, at in zip(settings, latest, strict=True)):
            return None
        at = latest[:1]
        for here, then in pairs:
            at.append(max(at[-1] + int(legs.minutes[here, then]), bells[then] - early))
        return SettingOrder(settings, tuple(at), sum(int(legs.metres[pair]) for pair in pairs))
