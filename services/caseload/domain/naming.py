"""Placements that decisions named, beside what returns say: which still stand, and who holds a place from when to when.

See docs/decisions/0015-named-placements.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest

from services.caseload.domain.case import CaseFacts, CaseStage, CurrentPlacement, NamedPlacement, PlacementPart

ONE_DAY = timedelta(days=1)
ELSEWHERE = "the child began elsewhere after the day that a decision named; the return is followed"
FALLEN = "the plan has ceased, so the placement that a decision named falls"


@dataclass(frozen=True, slots=True)
class ReturnRead:
    """What a return says of one case: its facts now, where it was by the return before, and the day of this return."""

    facts: CaseFacts
    was_at: CurrentPlacement | None
    day: date | None


def read_named(named: Sequence[NamedPlacement], read: ReturnRead) -> tuple[list[NamedPlacement], str]:
    """Named placements, by first day, that a return leaves standing, and what somebody should look at ("": nothing)."""
    if read.facts.stage is CaseStage.CEASED:
        return [], FALLEN if named else ""
    kept = [one for one in named if one.first_day > _last_day_replaced(named, read)]
    if len(kept) < len(named):
        return kept, "" if any(has_arrived(one, read) for one in named) else ELSEWHERE
    if named and _is_on_or_after(read.day, named[0]):
        return kept, f"not yet where a decision named the child from {named[0].first_day}; the decision is kept"
    return kept, ""


def _last_day_replaced(named: Sequence[NamedPlacement], read: ReturnRead) -> date:
    """The latest first day of those that the return has taken over or overtaken."""
    replaced = [one.first_day for one in named if has_arrived(one, read) or has_moved_on(one, read)]
    return max(replaced, default=date.min)


def has_arrived(named: NamedPlacement, read: ReturnRead) -> bool:
    """Whether the return has the child where the decision named it, from the first day on."""
    placement = read.facts.placement
    if placement is None or (placement.urn, placement.part) != (named.urn, named.part):
        return False
    if placement.last_day and placement.last_day < named.first_day:
        return False
    return _is_on_or_after(read.day, named) or _is_on_or_after(placement.first_day, named)


def has_moved_on(named: NamedPlacement, read: ReturnRead) -> bool:
    """Whether a return of the first day or later has the child somewhere new and else since then: it is news."""
    placement = read.facts.placement
    if placement is None or _same_place(placement, read.was_at) or has_arrived(named, read):
        return False
    return _is_on_or_after(read.day, named) and _is_on_or_after(placement.first_day, named)


def _is_on_or_after(day: date | None, named: NamedPlacement) -> bool:
    return day is not None and day >= named.first_day


def _same_place(one: CurrentPlacement, other: CurrentPlacement | None) -> bool:
    return other is not None and (one.urn, one.part, one.sen_setting) == (other.urn, other.part, other.sen_setting)


@dataclass(frozen=True, slots=True)
class Held:
    """A place held for a period; `pool_id` is "" where the return alone says so. A day that is None is not known."""

    urn: int
    part: PlacementPart
    first_day: date | None
    last_day: date | None
    pool_id: str


def places_held(placement: CurrentPlacement | None, named: Sequence[NamedPlacement]) -> Iterator[Held]:
    """Who was placed by the return holds that place to the day before the first of `named`; each of those to the next.

    `named` is by first day and not empty. A placement that would begin on the first named day or later never is.
    """
    until = named[0].first_day - ONE_DAY
    if placement and (placement.first_day is None or placement.first_day <= until):
        last_day = min(until, placement.last_day or until)
        yield Held(placement.urn, placement.part, placement.first_day, last_day, "")
    for one, following in zip_longest(named, named[1:]):
        ends = following.first_day - ONE_DAY if following else None
        yield Held(one.urn, one.part, one.first_day, ends, one.pool_id)
