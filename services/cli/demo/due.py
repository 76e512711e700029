"""Decisions due for September 2024: whose, why, by when and with what advice on file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from services.cli.demo.advice import POST_16, advise, assess_exclusion_risk, with_hn_unit
from services.cli.demo.ageing import grows_out
from services.cli.demo.children import Births, Child
from services.cli.demo.columns import NEEDS
from services.cli.demo.days import (
    CENSUS_DAY,
    PHASE_TRANSFER_DAY,
    PLAN_WEEKS,
    POST_16_TRANSFER_DAY,
    REVIEW_WEEKS,
)
from services.cli.demo.fitting import share_out
from services.cli.demo.needs import needs_passenger_assistant, travels_solo, uses_wheelchair
from services.cli.demo.pools import PlacePool
from services.cli.demo.published import PublishedCaseload

NEW_PLAN, PHASE_TRANSFER = "new_plan", "phase_transfer"
BREAKDOWN, REVIEW_CHANGE = "breakdown", "review_change"
REASONS = (NEW_PLAN, PHASE_TRANSFER, BREAKDOWN, REVIEW_CHANGE)

UNFINISHED_SHARE = 1 / 3
"""Of a year's new plans, those in hand at once: about 20 weeks of 52."""
REVIEW_CHANGE_SHARE = 0.0165
BREAKDOWN_SHARE = 0.01
BANDS = ("A", "B", "C", "D", "E")
Value = TypeVar("Value")
SEVERE_KINDS = ("state_special", "independent_special", "non_maintained_special", "hn_unit")
REVIEWED_DAYS_BEFORE_CENSUS = (10, 70)
REQUESTED_DAYS_BEFORE_CENSUS = (60, 135)
"""Long enough ago to be assessed: the panel names a setting once a plan is to be made."""
BREAKDOWN_YEARS = range(2, 11)
SCHOOL_YEARS = range(11)


@dataclass(frozen=True, slots=True)
class DecisionDue:
    """One row of due.csv. `requested_on` is the day of the request behind a new plan."""

    child: Child
    reason: str
    deadline: date | None
    advised_kinds: tuple[str, ...]
    band: str
    wheelchair: bool
    passenger_assistant: bool
    solo_travel: bool
    exclusion_risk: str
    review_says_mainstream_cannot: str
    review_date: date | None
    requested_on: date | None

    @property
    def next_year(self) -> int:
        """The child's year group from September."""
        return self.child.year_group + 1


def choose_decisions(
    published: PublishedCaseload,
    children: Sequence[Child],
    by_setting: Mapping[str, Sequence[PlacePool]],
    births: Births,
    wanted: int | None,
    draw: Random,
) -> list[DecisionDue]:
    """The decisions due: everyone who grows out of their place, new plans, breakdowns, changes.

    With `wanted`, that many: each reason in proportion, and where too few grow out of their
    place, more reviews ask for a change.
    """
    transfers = [child for child in children if grows_out(child, by_setting.get(child.urn, ()))]
    counts = _counts(published, len(transfers), wanted)
    staying = _without(children, transfers)
    broken = _sample(_likely_to_break_down(staying), counts[BREAKDOWN], draw)
    changed = _sample(_may_change(_without(staying, broken)), counts[REVIEW_CHANGE], draw)
    chosen = {
        NEW_PLAN: _new_children(published, counts[NEW_PLAN], births, draw),
        PHASE_TRANSFER: _sample(transfers, counts[PHASE_TRANSFER], draw),
        BREAKDOWN: broken,
        REVIEW_CHANGE: changed,
    }
    due = [_decision(child, reason, draw) for reason in REASONS for child in chosen[reason]]
    return sorted(due, key=lambda decision: decision.child.serial)


def _counts(published: PublishedCaseload, transfers: int, wanted: int | None) -> dict[str, int]:
    natural = {
        NEW_PLAN: round(sum(published.started.values()) * UNFINISHED_SHARE),
        PHASE_TRANSFER: transfers,
        BREAKDOWN: round(published.total * BREAKDOWN_SHARE),
        REVIEW_CHANGE: round(published.total * REVIEW_CHANGE_SHARE),
    }
    if wanted is None:
        return natural
    shared = dict(zip(natural, share_out(wanted, list(natural.values())), strict=True))
    too_few = max(shared[PHASE_TRANSFER] - transfers, 0)
    shared[PHASE_TRANSFER] -= too_few
    shared[REVIEW_CHANGE] += too_few
    return shared


def _without(children: Sequence[Child], others: Sequence[Child]) -> list[Child]:
    gone = set(others)
    return [child for child in children if child not in gone]


def _sample(children: Sequence[Child], count: int, draw: Random) -> list[Child]:
    return draw.sample(children, k=min(count, len(children)))


def _likely_to_break_down(children: Sequence[Child]) -> list[Child]:
    """Children with SEMH or autism in mainstream, a base or AP, in the years it happens."""
    kinds = ("mainstream", "resource_base", "alternative_provision")
    return [
        child
        for child in children
        if child.pool
        and child.kind in kinds
        and child.needs[0] in ("SEMH", "ASD")
        and child.year_group in BREAKDOWN_YEARS
    ]


def _may_change(children: Sequence[Child]) -> list[Child]:
    """Children at school, or with the council's other arrangements, of school age."""
    return [
        child
        for child in children
        if (child.pool or child.column == "other_arrangements_la") and child.year_group in SCHOOL_YEARS
    ]


def _new_children(published: PublishedCaseload, count: int, births: Births, draw: Random) -> list[Child]:
    """Children whose plan is not yet made: ages and needs as those of last year's new plans."""
    if not count or not sum(published.started.values()):
        return []
    ages = list(published.started)
    needs = _listed(NEEDS, share_out(count, published.new_need_shares))
    draw.shuffle(needs)
    by_age = _listed(ages, share_out(count, list(published.started.values())))
    return [births.invent(age, draw.choice("FMM"), need) for age, need in zip(by_age, needs, strict=True)]


def _listed(values: Sequence[Value], counts: Sequence[int]) -> list[Value]:
    return [value for value, n in zip(values, counts, strict=True) for _ in range(n)]


def _decision(child: Child, reason: str, draw: Random) -> DecisionDue:
    is_new, next_year = reason == NEW_PLAN, child.year_group + 1
    advice = advise(child, next_year, reason == BREAKDOWN, draw)
    risk = assess_exclusion_risk(child, reason == BREAKDOWN, draw)
    reviewed = None if is_new else CENSUS_DAY - _days(REVIEWED_DAYS_BEFORE_CENSUS, draw)
    cannot = "" if is_new else _review_says(advice, risk)
    if cannot == "yes" and risk != "none" and next_year < POST_16:
        advice = with_hn_unit(advice)
    requested = CENSUS_DAY - _days(REQUESTED_DAYS_BEFORE_CENSUS, draw) if is_new else None
    return DecisionDue(
        child=child,
        reason=reason,
        deadline=_deadline(reason, next_year, reviewed, requested),
        advised_kinds=advice,
        band=_band(advice, draw),
        wheelchair=uses_wheelchair(child.needs, draw),
        passenger_assistant=needs_passenger_assistant(child.needs, draw),
        solo_travel=travels_solo(child.needs, draw),
        exclusion_risk=risk,
        review_says_mainstream_cannot=cannot,
        review_date=reviewed,
        requested_on=requested,
    )


def _days(range_of_days: tuple[int, int], draw: Random) -> timedelta:
    return timedelta(days=draw.randint(*range_of_days))


def _review_says(advice: tuple[str, ...], risk: str) -> str:
    """Whether the review on file says that mainstream cannot ordinarily meet the need."""
    if risk in ("suspended", "permanently_excluded"):
        return "yes"
    if not advice:
        return ""
    return "no" if "mainstream" in advice else "yes"


def _deadline(reason: str, next_year: int, reviewed: date | None, requested: date | None) -> date | None:
    if reason == PHASE_TRANSFER:
        return POST_16_TRANSFER_DAY if next_year >= POST_16 else PHASE_TRANSFER_DAY
    if requested:
        return requested + PLAN_WEEKS
    return reviewed + REVIEW_WEEKS if reviewed and reason == REVIEW_CHANGE else None


def _band(advice: tuple[str, ...], draw: Random) -> str:
    """Bands A to E; the higher ones where a special place is advised."""
    severe = bool(advice) and advice[0] in SEVERE_KINDS
    return draw.choice(BANDS[2:] if severe else BANDS[:3])
