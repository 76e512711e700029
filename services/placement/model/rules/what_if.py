"""The rule that a what-if adds: settings that whoever asked left out of the question."""

from __future__ import annotations

from collections.abc import Collection, Hashable

from services.placement.model.facts import PoolFacts
from services.placement.model.rules.base import FAILS, MEETS, Judged, Rule

LEFT_OUT = "Left out of this what-if by whoever asked; not a finding about the setting."


class LeftOutOfQuestion(Rule):
    """A setting that the what-if leaves out cannot be named in it, also where the family requested it."""

    code = "left_out_of_question"

    def __init__(self, urns: Collection[int]) -> None:
        self._urns = frozenset(urns)

    def of_pool(self, pool: PoolFacts) -> Hashable:
        return pool.urn in self._urns

    def judge(self, case: None, pool: bool, requested: bool) -> Judged:
        return Judged(FAILS, LEFT_OUT) if pool else Judged(MEETS, "Part of the question.")
