"""A decision's kinds and states, and what each state means for the child's place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What people decided."""

    AGREE = "agree"
    CHOOSE_OTHER = "choose_other"
    DEFER = "defer"
    REFUSE_REQUEST = "refuse_request"


class State(StrEnum):
    """How a decision stands."""

    REQUESTED = "requested"
    OFFERED = "offered"
    NOT_OFFERED = "not_offered"
    NAMING = "naming"
    NAMED = "named"
    WITHDRAWING = "withdrawing"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    DEFERRED = "deferred"
    REFUSED = "refused"

    @property
    def in_words(self) -> str:
        """ "not offered"."""
        return self.value.replace("_", " ")


GIVES_PLACE = frozenset({Kind.AGREE, Kind.CHOOSE_OTHER})
LIVE = (State.REQUESTED, State.OFFERED, State.NAMING, State.WITHDRAWING)
"""In hand: a case has at most one decision in these states, and one that gives a place is not planned again."""
HALF_DONE = (State.REQUESTED, State.NAMING, State.WITHDRAWING)
"""Left by a crash or a neighbour that does not answer, these are gone on with."""
WITHDRAWABLE = (State.REQUESTED, State.OFFERED, State.DEFERRED, State.REFUSED)
DECIDED = (State.REQUESTED, State.OFFERED, State.NAMING, State.NAMED, State.DEFERRED, State.REFUSED)
"""A panel that decided so has dealt with the case; in any other state it has to decide again or carry it over."""

GROUNDS = ("unsuitable", "incompatible_with_others", "incompatible_with_resources")
"""Grounds of s.39(4) of the Children and Families Act 2014."""
NON_MAINSTREAM = frozenset({"state_special", "non_maintained_special", "independent_special", "alternative_provision"})
"""Kinds of place outside mainstream schools. A base or unit is part of a mainstream school (s.83(2))."""


@dataclass(frozen=True)
class Ground:
    """A ground of s.39(4) written down against a setting that the family requested."""

    urn: int
    code: str


def grounds_as_text(grounds: list[Ground]) -> str:
    """ "100001:unsuitable 100002:incompatible_with_others", as a decision keeps them."""
    return " ".join(f"{ground.urn}:{ground.code}" for ground in grounds)


def grounds_of_text(text: str) -> list[Ground]:
    """The grounds that `grounds_as_text` wrote."""
    pairs = (part.partition(":") for part in text.split())
    return [Ground(int(urn), code) for urn, _, code in pairs]


def part_of_kind(kind: str) -> str:
    """The part of a setting that a kind of place is: whole_setting, resource_base or sen_unit.

    A High Needs dependency unit is kept as a SEN unit: the Department's return has no mark of its own for one.
    """
    return {"resource_base": "resource_base", "sen_unit": "sen_unit", "hn_unit": "sen_unit"}.get(kind, "whole_setting")


def last_day_in_pool(first_day: date, year_group: int, year_group_high: int) -> date | None:
    """The 31 August at the end of the last year group that a pool takes; None for a child older than it takes."""
    if year_group > year_group_high:
        return None
    academic_year = first_day.year if first_day.month >= 9 else first_day.year - 1
    return date(academic_year + 1 + year_group_high - year_group, 9, 1) - timedelta(days=1)
