"""What a decision's record still lacks, and why the runner-up was not chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.placement.domain.decisions import NON_MAINSTREAM, Kind, State

TERMS = {
    "unplaced": ("child without a place", "children without a place"),
    "needs_judgement": ("place that needs judgement", "places that need judgement"),
    "request_not_given": ("live request not given", "live requests not given"),
    "inmss_or_out_of_borough": ("child in INMSS or out of borough", "children in INMSS or out of borough"),
    "later_arrivals_unsettled": (
        "thousandth of a child expected later without a settled place",
        "thousandths of a child expected later without a settled place",
    ),
    "away_with_later_arrivals": (
        "thousandth of a child in INMSS or out of borough, now or later",
        "thousandths of a child in INMSS or out of borough, now or later",
    ),
    "annual_cost_pence": ("pence a year", "pence a year"),
    "cost_with_later_arrivals_pence": ("penny a year, with later arrivals", "pence a year, with later arrivals"),
    "travel_minutes": ("minute of travel", "minutes of travel"),
}
"""Terms in words: one, and many. Their order is that in which policies compare."""


@dataclass(frozen=True)
class Papers:
    """What a record holds, as far as it can be wanting."""

    kind: Kind
    state: State
    place_kind: str = ""
    views_of_child: str = ""
    views_of_parents: str = ""
    section_33_steps: str = ""
    urns: frozenset[int] = frozenset()
    """Settings chosen or refused."""
    consulted_urns: frozenset[int] = frozenset()
    replied_urns: frozenset[int] = frozenset()
    is_signed: bool = True
    has_appeal_letter: bool = False


def missing_from(papers: Papers) -> list[str]:
    """Codes of what is missing, in the order of the record. The setting named is consulted too (s.39(2), s.40(3))."""
    named = papers.state == State.NAMED
    found = {
        "views_of_child": not papers.views_of_child.strip(),
        "views_of_parents": not papers.views_of_parents.strip(),
        "section_33_steps": papers.place_kind in NON_MAINSTREAM and not papers.section_33_steps.strip(),
        "consultation": bool(papers.urns - papers.consulted_urns),
        "reply": bool((papers.urns & papers.consulted_urns) - papers.replied_urns),
        "sign_off": not papers.is_signed,
        "appeal_letter": named and not papers.has_appeal_letter,
    }
    return [code for code, lacking in found.items() if lacking]


@dataclass(frozen=True)
class Compared:
    """An option as the policy compares it: its own terms and its effect on others; None where nothing says which."""

    setting_name: str
    own: Mapping[str, int]
    on_others: Mapping[str, int] | None = field(default=None)


def why_not(chosen: Compared | None, runner_up: Compared) -> str:
    """Why the best option that was not chosen was not: from the terms in which it differs from the place chosen."""
    if chosen is None:
        return f"No place was chosen. {runner_up.setting_name} was the best that was ranked."
    own = _differences(chosen.own, runner_up.own)
    others = _differences(chosen.on_others or {}, runner_up.on_others or {})
    if not own and not others:
        return f"{runner_up.setting_name} is level with the place chosen in every term."
    parts = [f"for this child {own}" if own else "", f"for the other children {others}" if others else ""]
    return f"Against the place chosen, {runner_up.setting_name} means {', and '.join(part for part in parts if part)}."


def _differences(chosen: Mapping[str, int], runner_up: Mapping[str, int]) -> str:
    """ "£1,200 more a year; 3 fewer minutes of travel": what the runner-up has more or less than the place chosen."""
    changes = ((name, runner_up[name] - chosen[name]) for name in TERMS if name in chosen and name in runner_up)
    return "; ".join(_change(name, change) for name, change in changes if change)


def _change(name: str, change: int) -> str:
    if name == "annual_cost_pence":
        return f"£{round(abs(change) / 100):,} {'more' if change > 0 else 'less'} a year"
    one, many = TERMS[name]
    return f"{abs(change):,} {'more' if change > 0 else 'fewer'} {one if abs(change) == 1 else many}"
