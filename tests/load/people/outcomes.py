"""What became of each request, and what of it counts as a failure."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from tests.load.people.person import Answer

DONE, STOOD_IN_THE_WAY, TOO_OFTEN, FAILED = "done", "stood_in_the_way", "too_often", "failed"
SUMMARY = re.compile(r'error-summary__list">(.*?)</ul>', re.DOTALL)
TAG = re.compile(r"<[^>]*>")
IDS = re.compile(r"\b[a-z]+_[0-9a-f]{16}\b")
NOT_DONE = (409, 422)
"""Statuses of a page that says what stands in the way, such as what others have just done to the same case."""


def outcome(answer: Answer, asked: str) -> str:
    """One of the above. Being sent to sign in again, by whatever page, is a failure."""
    if answer.status == 429:
        return TOO_OFTEN
    if answer.status in NOT_DONE:
        return STOOD_IN_THE_WAY
    lost = answer.path.startswith("/sign-in") and not asked.startswith("/sign-in")
    return FAILED if lost or not 200 <= answer.status < 400 else DONE


def why(answer: Answer) -> str:
    """What a page that did not do it says, without ids and tags."""
    summary = SUMMARY.search(answer.text)
    found = TAG.sub(" ", summary[1]) if summary else "; ".join(answer.page.headings)
    return IDS.sub("…", " ".join(unescape(found).split()))[:160] or "nothing"


@dataclass(frozen=True)
class Asked:
    """One request: of which page, how it ended, how long the person waited, and after how many seconds of the run."""

    page: str
    outcome: str
    milliseconds: float
    at_seconds: float
    status: int = 200


@dataclass
class Played:
    """All that the people did. `no_way_on`: what somebody wanted and the page did not have, and how often."""

    asked: list[Asked] = field(default_factory=list)
    deeds: list[tuple[str, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    no_way_on: Counter[str] = field(default_factory=Counter)
    not_done: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)

    def to_json(self) -> dict[str, Any]:
        """As a file holds it."""
        return {**vars(self), "asked": [vars(each) for each in self.asked]}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Played:
        """From such a file."""
        counters = {name: Counter(told[name]) for name in ("counts", "no_way_on", "not_done", "broken")}
        deeds = [(what, decision_id) for what, decision_id in told["deeds"]]
        return cls([Asked(**each) for each in told["asked"]], deeds, **counters)
