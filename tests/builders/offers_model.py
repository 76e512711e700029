"""A plain model of places and offers: it looks at every day on which anything can change, and keeps nothing clever."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
FAR = date(2027, 1, 1)
"""Later than any day that the machine uses: a period without an end is looked at until here."""


@dataclass
class Pool:
    """Places by first day (None: no fixed number), the setting it is in, and its group."""

    urn: int
    places: dict[date, int | None]
    confirmed: bool = True
    group: str = ""

    def on(self, day: date) -> int | None:
        """Places on a day; 0 before the first and where nothing is confirmed."""
        begun = [first for first in self.places if first <= day]
        return self.places[max(begun)] if begun and self.confirmed else 0

    def is_open(self, day: date) -> bool:
        return self.confirmed and any(first <= day for first in self.places)


@dataclass
class Held:
    """An offer as the model has it. `recorded`: caseload has it, and it counts there."""

    case: str
    pool: str
    first: date
    last: date | None
    expires: date
    over: bool
    gives_up: bool
    state: str = "offered"
    recorded: bool = False

    @property
    def is_live(self) -> bool:
        return self.state in ("offered", "confirmed") and not self.recorded

    def covers(self, day: date) -> bool:
        return self.first <= day <= (self.last or FAR)


@dataclass
class Child:
    """Where caseload has a child: at a pool by the return, until a day; in pools that decisions named, from days."""

    pool: str = ""
    until: date | None = None
    named: list[tuple[date, str]] = field(default_factory=list)

    def place(self, day: date) -> str:
        """The pool that caseload's record puts the child in on a day; "" for none."""
        begun = [(first, pool) for first, pool in self.named if first <= day]
        if begun:
            return max(begun)[1]
        return self.pool if self.until is None or day <= self.until else ""


@dataclass
class Model:
    """Everything, in dictionaries."""

    pools: dict[str, Pool]
    groups: dict[str, int]
    today: date
    children: dict[str, Child] = field(default_factory=dict)
    offers: dict[str, Held] = field(default_factory=dict)

    def live_of(self, case: str) -> Held | None:
        return next((held for held in self.offers.values() if held.case == case and held.is_live), None)

    def filled(self, pool: str, day: date) -> set[str]:
        """Children in the pool on a day."""
        found = set()
        for case in {*self.children, *(held.case for held in self.offers.values())}:
            held = self.live_of(case)
            if held is not None and held.first <= day and (held.state == "confirmed" or held.gives_up):
                if held.state == "confirmed" and held.pool == pool and held.covers(day):
                    found.add(case)
            elif case in self.children and self.children[case].place(day) == pool:
                found.add(case)
        return found

    def offered(self, pool: str, day: date) -> set[str]:
        """Children whom a place in the pool is offered on a day, and who are not in it."""
        live = (held for held in self.offers.values() if held.is_live and held.state == "offered")
        return {held.case for held in live if held.pool == pool and held.covers(day)} - self.filled(pool, day)

    def over(self, pool: str, day: date) -> int:
        """How many places are held beyond the number, knowingly."""
        there = self.filled(pool, day) | self.offered(pool, day)
        counted = (held for held in self.offers.values() if held.state in ("offered", "confirmed") and held.over)
        return sum(held.pool == pool and held.case in there and held.first <= day for held in counted)

    def members(self, pool: str) -> list[str]:
        """The pools of the pool's group, or the pool alone."""
        group = self.pools[pool].group
        return [name for name, other in self.pools.items() if name == pool or (group and other.group == group)]

    def has_room(self, case: str, pool: str, first: date, last: date | None) -> bool:
        """Whether one more child would fit on every day of the period."""
        return all(self._fits(case, pool, day) for day in self._days() if first <= day <= (last or FAR))

    def _fits(self, case: str, pool: str, day: date) -> bool:
        places, there = self.pools[pool].on(day), self.filled(pool, day) | self.offered(pool, day)
        if places is not None and case not in there and len(there) >= places:
            return False
        if not self.pools[pool].group:
            return True
        together = {one for name in self.members(pool) for one in self.filled(name, day) | self.offered(name, day)}
        return case in together or len(together) < self.groups[self.pools[pool].group]

    def _days(self) -> Iterator[date]:
        """Every day on which anything begins or has ended."""
        for pool in self.pools.values():
            yield from pool.places
        for held in self.offers.values():
            yield held.first
            if held.last:
                yield held.last + ONE_DAY
        for child in self.children.values():
            yield from (first for first, _ in child.named)
            if child.until:
                yield child.until + ONE_DAY
        yield FAR

    def fits_from(self, case: str, pool: str, first: date, last: date | None) -> bool:
        """`has_room`, with the first day itself."""
        return self._fits(case, pool, first) and self.has_room(case, pool, first, last)

    def expire(self, pools: list[str] | None = None, case: str = "") -> None:
        """End what has run out: everywhere, or in some pools and of one child."""
        for held in self.offers.values():
            ends = pools is None or held.pool in pools or held.case == case
            if ends and held.state == "offered" and held.expires < self.today:
                held.state = "expired"

    def hand_over(self, held: Held) -> None:
        """Count a confirmed place by caseload's record, if it is there."""
        child = self.children.get(held.case)
        if held.is_live and held.state == "confirmed" and child and (held.first, held.pool) in child.named:
            held.recorded = True
