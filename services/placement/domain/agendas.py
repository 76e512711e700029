"""What a panel's papers lack for a case, and which cases a panel may not leave behind when it closes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.placement.domain.decisions import DECIDED, State

MOST_CASES = 200
"""Cases on one agenda."""


@dataclass(frozen=True)
class CasePapers:
    """What is on file about a case before a panel meets."""

    has_needs: bool = True
    has_home: bool = True
    has_advice: bool = True
    requested_urns: frozenset[int] = frozenset()
    """Settings that the family requested under s.38(3), against which no ground is recorded."""
    consulted_urns: frozenset[int] = frozenset()
    replied_urns: frozenset[int] = frozenset()


def missing_papers(papers: CasePapers) -> list[str]:
    """Codes of what the papers lack. A requested setting is consulted before the panel meets, and has replied."""
    lacking = {
        "needs": not papers.has_needs,
        "home": not papers.has_home,
        "advice": not papers.has_advice,
        "consultation": bool(papers.requested_urns - papers.consulted_urns),
        "reply": bool((papers.requested_urns & papers.consulted_urns) - papers.replied_urns),
    }
    return [code for code, lacks in lacking.items() if lacks]


def left_behind(case_ids: Iterable[str], latest: Mapping[str, State], carried_over: Iterable[str]) -> list[str]:
    """Cases that are neither decided nor carried over, in the order of the agenda.

    `latest` is the state of the panel's latest decision of each case: one that came to nothing does not count.
    """
    carried = set(carried_over)
    return [case_id for case_id in case_ids if case_id not in carried and latest.get(case_id) not in DECIDED]
