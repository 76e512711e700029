"""Each rule judged once for each distinct pair of what it picks of a case and of a pool, and no pair twice."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from copy import copy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.placement.model.carried import Carried
from services.placement.model.facts import PlacementFacts
from services.placement.model.rules import Judged, Rule


@dataclass(frozen=True, eq=False)
class CodedVerdict:
    """What one rule says of one option. One object stands wherever the same judgement does, and equals itself alone."""

    rule: str
    judged: Judged


class RuleTable:
    """One rule's judgements of all distinct pairs, where the family asked for nothing.

    `of_case` and `of_pool` are int32, the place of each row's pick; `outcomes` is int8 by places of both picks.
    """

    def __init__(self, rule: Rule, facts: PlacementFacts) -> None:
        self.rule = rule
        self._case_places, self._pool_places = dict[Hashable, int](), dict[Hashable, int]()
        self.of_case = _numbered(self._case_places, map(rule.of_case, facts.cases))
        self.of_pool = _numbered(self._pool_places, map(rule.of_pool, facts.pools))
        self._said: list[list[CodedVerdict]] = []
        self.outcomes = np.zeros((0, 0), np.int8)
        self._said_of_requests: dict[tuple[int, int], CodedVerdict] = {}
        self._judge_new_pairs()

    def again(self, facts: PlacementFacts, cases: Carried, pools: Carried) -> RuleTable:
        """The table of other facts: only picks that were never met are judged. Picks that nobody has now stay."""
        table, rule = copy(self), self.rule
        table._case_places, table._pool_places = dict(self._case_places), dict(self._pool_places)
        table._said_of_requests = dict(self._said_of_requests)
        anew = (rule.of_case(facts.cases[row]) for row in cases.changed.tolist())
        table.of_case = cases.column(self.of_case, _numbered(table._case_places, anew))
        anew = (rule.of_pool(facts.pools[row]) for row in pools.changed.tolist())
        table.of_pool = pools.column(self.of_pool, _numbered(table._pool_places, anew))
        if self.outcomes.shape != (len(table._case_places), len(table._pool_places)):
            table._judge_new_pairs()
        return table

    def at(self, case: int, pool: int, requested: bool) -> CodedVerdict:
        """The verdict on a case row and a pool row."""
        case_at, pool_at = int(self.of_case[case]), int(self.of_pool[pool])
        if not requested:
            return self._said[case_at][pool_at]
        if (case_at, pool_at) not in self._said_of_requests:
            judged = self.rule.judge(self._case_picks[case_at], self._pool_picks[pool_at], True)
            self._said_of_requests[case_at, pool_at] = CodedVerdict(self.rule.code, judged)
        return self._said_of_requests[case_at, pool_at]

    def _judge_new_pairs(self) -> None:
        """Judge every pair of picks that is not judged yet."""
        known_cases, known_pools = self.outcomes.shape
        self._case_picks, self._pool_picks = list(self._case_places), list(self._pool_places)
        said, outcomes = [], np.zeros((len(self._case_picks), len(self._pool_picks)), np.int8)
        for at, case in enumerate(self._case_picks):
            known = self._said[at] if at < known_cases else []
            new = [self._judge(case, pool) for pool in self._pool_picks[len(known) :]]
            said.append([*known, *new])
            outcomes[at, len(known) :] = [verdict.judged.outcome for verdict in new]
        outcomes[:known_cases, :known_pools] = self.outcomes
        self._said, self.outcomes = said, outcomes

    def _judge(self, case: Hashable, pool: Hashable) -> CodedVerdict:
        return CodedVerdict(self.rule.code, self.rule.judge(case, pool, False))


class SpecialRule(RuleTable):
    """A rule that says "meets" everywhere but at settings that concern one family: judged there alone."""

    def __init__(self, rule: Rule, facts: PlacementFacts) -> None:
        self.rule = rule
        self._facts = facts

    def again(self, facts: PlacementFacts, cases: Carried, pools: Carried) -> RuleTable:
        return SpecialRule(self.rule, facts)

    def at(self, case: int, pool: int, requested: bool) -> CodedVerdict:
        rule, facts = self.rule, self._facts
        judged = rule.judge(rule.of_case(facts.cases[case]), rule.of_pool(facts.pools[pool]), requested)
        return CodedVerdict(rule.code, judged)


def _numbered(places: dict[Hashable, int], picks: Iterable[Hashable]) -> npt.NDArray[np.int32]:
    """Each pick's place; one that is new gets the next."""
    return np.array([places.setdefault(pick, len(places)) for pick in picks], dtype=np.int32)
