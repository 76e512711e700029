"""Judge every case in every pool by the rules, quickly and explainably.

Children who look alike to every rule share a signature, and each rule is judged once for each distinct pair of what it
picks of a case and of a pool. So 20,000 cases and 1,200 pools cost thousands of judgements, not millions. The few pairs
that concern one family alone (a setting it asked for, a setting the child is to leave) are judged one by one.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from services.placement.model.facts import CaseFacts, PlacementFacts
from services.placement.model.rules import FAILS, MEETS, NEEDS_JUDGEMENT, RULES, Judged, LeftOutOfQuestion, Rule

BoolArray = npt.NDArray[np.bool_]
Int32Array = npt.NDArray[np.int32]
Int64Array = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class CodedVerdict:
    """What one rule says of one option. One object stands wherever the same judgement does, and equals itself alone."""

    rule: str
    judged: Judged


class _RuleTable:
    """One rule's judgements of all distinct pairs, where the family asked for nothing."""

    def __init__(self, rule: Rule, facts: PlacementFacts) -> None:
        self.rule = rule
        self.case_picks, self.of_case = _distinct([rule.of_case(case) for case in facts.cases])
        self.pool_picks, self.of_pool = _distinct([rule.of_pool(pool) for pool in facts.pools])
        self._said = [
            [CodedVerdict(rule.code, rule.judge(case, pool, False)) for pool in self.pool_picks]
            for case in self.case_picks
        ]
        self.outcomes = np.array([[v.judged.outcome for v in row] for row in self._said], dtype=np.int8).reshape(
            len(self.case_picks), len(self.pool_picks)
        )
        self._said_of_requests: dict[tuple[int, int], CodedVerdict] = {}

    def at(self, case: int, pool: int, requested: bool) -> CodedVerdict:
        """The verdict on a case row and a pool row."""
        case_at, pool_at = int(self.of_case[case]), int(self.of_pool[pool])
        if not requested:
            return self._said[case_at][pool_at]
        if (case_at, pool_at) not in self._said_of_requests:
            judged = self.rule.judge(self.case_picks[case_at], self.pool_picks[pool_at], True)
            self._said_of_requests[case_at, pool_at] = CodedVerdict(self.rule.code, judged)
        return self._said_of_requests[case_at, pool_at]


class _SpecialRule(_RuleTable):
    """A rule that says "meets" everywhere but at settings that concern one family: judged there alone."""

    def __init__(self, rule: Rule, facts: PlacementFacts) -> None:
        self.rule = rule
        self._facts = facts

    def at(self, case: int, pool: int, requested: bool) -> CodedVerdict:
        rule, facts = self.rule, self._facts
        judged = rule.judge(rule.of_case(facts.cases[case]), rule.of_pool(facts.pools[pool]), requested)
        return CodedVerdict(rule.code, judged)


def _distinct(picks: Sequence[Hashable]) -> tuple[list[Hashable], Int32Array]:
    """The distinct picks in order of appearance, and each row's index among them."""
    seen: dict[Hashable, int] = {}
    rows = np.fromiter((seen.setdefault(pick, len(seen)) for pick in picks), dtype=np.int32, count=len(picks))
    return list(seen), rows


@dataclass(frozen=True, eq=False)
class OpenOptions:
    """The pairs that no rule fails, ordered by case row, then pool row.

    case, pool
        int32[A], rows in the facts.
    needs_judgement
        bool[A], whether a rule that unsettles needs a person's judgement.
    requested_rank
        int8[A], the rank of the family's s.38(3) request for this setting; 0 where it made none.
    first
        int64[K + 1], case row k's options are first[k] up to, not including, first[k + 1].
    """

    case: Int32Array
    pool: Int32Array
    needs_judgement: BoolArray
    requested_rank: npt.NDArray[np.int8]
    first: Int64Array


class Judgement:
    """All rules over all facts. `open_options` is what the optimiser may choose from; `verdicts` explains any pair.

    `left_out` are URNs of settings that a what-if leaves out of the question, for every case of these facts.
    """

    def __init__(self, facts: PlacementFacts, left_out: Collection[int] = ()) -> None:
        self.facts = facts
        rules = (LeftOutOfQuestion(left_out), *RULES) if left_out else RULES
        special = ("current_setting", "recorded_ground")
        self._tables = [(_SpecialRule if rule.code in special else _RuleTable)(rule, facts) for rule in rules]
        self._block = [table for table in self._tables if not isinstance(table, _SpecialRule)]
        self._signature, self._rows_of_signature = self._signatures()
        self._pools_at: dict[int, list[int]] = {}
        for row, pool in enumerate(facts.pools):
            self._pools_at.setdefault(pool.urn, []).append(row)

    def verdicts(self, case: int, pool: int) -> list[CodedVerdict]:
        """What every rule says of a case row in a pool row, in the order of RULES."""
        requested = self.requested_rank(case, pool) > 0
        return [table.at(case, pool, requested) for table in self._tables]

    def unmet_verdicts(self, case: int) -> list[list[CodedVerdict]]:
        """For every pool row, the verdicts that do not say "meets", in the order of RULES."""
        found: list[list[CodedVerdict]] = [[] for _ in self.facts.pools]
        outcomes = np.stack([table.outcomes[table.of_case[case]][table.of_pool] for table in self._block], axis=1)
        for pool, at in zip(*(index.tolist() for index in np.nonzero(outcomes != MEETS)), strict=True):
            found[pool].append(self._block[at].at(case, pool, False))
        for pool in self._pools_concerning(case):
            found[pool] = [verdict for verdict in self.verdicts(case, pool) if verdict.judged.outcome != MEETS]
        return found

    def count_first_failing(self, case: int) -> dict[str, int]:
        """By rule code, how many pools fail that rule and none before it in the order of RULES."""
        failing = self._first_failing[self._signature[case]]
        concerning = self._pools_concerning(case)
        counts = np.bincount(np.delete(failing, concerning), minlength=len(self._block) + 1)
        found = {t.rule.code: n for t, n in zip(self._block, counts.tolist(), strict=False) if n}
        for pool in concerning:
            code = next((v.rule for v in self.verdicts(case, pool) if v.judged.outcome == FAILS), None)
            if code:
                found[code] = found.get(code, 0) + 1
        return found

    def requested_rank(self, case: int, pool: int) -> int:
        """Rank of the family's s.38(3) request for the pool's setting; 0 when it made none."""
        request = self.facts.cases[case].request_for(self.facts.pools[pool].urn)
        return request.rank if request is not None and request.s38_3 else 0

    def pools_at(self, urn: int) -> list[int]:
        """Rows of the pools at a setting, in order of pool id."""
        return self._pools_at.get(urn, [])

    def open_pools(self, case: int) -> Int32Array:
        """Rows of the pools that no rule fails for a case row, ordered."""
        options = self.open_options
        return options.pool[options.first[case] : options.first[case + 1]]

    @cached_property
    def open_options(self) -> OpenOptions:
        """Every pair that no rule fails."""
        fails, judgement = self._by_signature()
        case, pool = self._expanded(~fails)
        needs = judgement[self._signature[case], pool]
        return self._with_special_pairs(case, pool, needs)

    def _signatures(self) -> tuple[Int32Array, Int32Array]:
        """Each case's signature, and for each signature the row of one case that has it."""
        if not self.facts.cases:
            return np.zeros(0, np.int32), np.zeros(0, np.int32)
        picks = np.stack([table.of_case for table in self._block], axis=1)
        _, representative, signature = np.unique(picks, axis=0, return_index=True, return_inverse=True)
        return signature.reshape(-1).astype(np.int32), representative.astype(np.int32)

    @cached_property
    def _first_failing(self) -> npt.NDArray[np.int8]:
        """int8[S, P], the first of the block's rules that fails; their number where none does."""
        first = np.full((self._rows_of_signature.size, len(self.facts.pools)), len(self._block), np.int8)
        for at in reversed(range(len(self._block))):
            table = self._block[at]
            fails = (table.outcomes[:, table.of_pool] == FAILS)[table.of_case[self._rows_of_signature]]
            first[fails] = at
        return first

    def _by_signature(self) -> tuple[BoolArray, BoolArray]:
        """bool[S, P] twice: some rule fails; some rule that unsettles needs judgement."""
        shape = (self._rows_of_signature.size, len(self.facts.pools))
        fails, judgement = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
        for table in self._block:
            by_pool = table.outcomes[:, table.of_pool]
            of_signature = table.of_case[self._rows_of_signature]
            fails |= (by_pool == FAILS)[of_signature]
            if table.rule.unsettles:
                judgement |= (by_pool == NEEDS_JUDGEMENT)[of_signature]
        return fails, judgement

    def _expanded(self, allowed: BoolArray) -> tuple[Int32Array, Int32Array]:
        """Pairs of case row and pool row, from the pools allowed to each signature."""
        signature_rows, pools = np.nonzero(allowed)
        starts = np.searchsorted(signature_rows, np.arange(allowed.shape[0] + 1))
        counts = np.diff(starts)[self._signature]
        case = np.repeat(np.arange(self._signature.size, dtype=np.int32), counts)
        offset = np.arange(case.size) - np.repeat(np.cumsum(counts) - counts, counts)
        return case, pools[starts[self._signature[case]] + offset].astype(np.int32)

    def _with_special_pairs(self, case: Int32Array, pool: Int32Array, needs: BoolArray) -> OpenOptions:
        """Judge one by one the pairs that concern one family alone, and put them in place of the block's judgement."""
        width = max(1, len(self.facts.pools))
        keys = case.astype(np.int64) * width + pool
        special = [(row * width + at, *found) for row, at, found in self._special_pairs()]
        special_keys = np.array([key for key, *_ in special], dtype=np.int64)
        kept = ~np.isin(keys, special_keys)
        good = [(key, needs_judgement, rank) for key, fails, needs_judgement, rank in special if not fails]
        all_keys = np.concatenate([keys[kept], np.array([key for key, *_ in good], dtype=np.int64)])
        all_needs = np.concatenate([needs[kept], np.array([n for _, n, _ in good], dtype=np.bool_)])
        all_ranks = np.concatenate([np.zeros(int(kept.sum()), np.int8), np.array([r for *_, r in good], dtype=np.int8)])
        order = np.argsort(all_keys, kind="stable")
        rows, pools = np.divmod(all_keys[order], width)
        first = np.searchsorted(rows, np.arange(len(self.facts.cases) + 1)).astype(np.int64)
        return OpenOptions(rows.astype(np.int32), pools.astype(np.int32), all_needs[order], all_ranks[order], first)

    def _special_pairs(self) -> list[tuple[int, int, tuple[bool, bool, int]]]:
        """(case row, pool row, (fails, needs judgement, request rank)) wherever a setting concerns one family."""
        found, unsettling = [], [at for at, table in enumerate(self._tables) if table.rule.unsettles]
        for row in range(len(self.facts.cases)):
            for pool in self._pools_concerning(row):
                rank = self.requested_rank(row, pool)
                outcomes = [table.at(row, pool, rank > 0).judged.outcome for table in self._tables]
                needs_judgement = any(outcomes[at] == NEEDS_JUDGEMENT for at in unsettling)
                found.append((row, pool, (FAILS in outcomes, needs_judgement, rank)))
        return found

    def _pools_concerning(self, case: int) -> list[int]:
        """Rows of the pools at settings that a family asked for or that the decision is to leave, without repeats."""
        return [pool for urn in _settings_concerning(self.facts.cases[case]) for pool in self.pools_at(urn)]


def _settings_concerning(case: CaseFacts) -> list[int]:
    """URNs that a family asked for or that the decision is to leave, without repeats."""
    urns = [request.urn for request in case.requests]
    if case.reason in ("breakdown", "review_change") and case.current_urn:
        urns.append(case.current_urn)
    return list(dict.fromkeys(urns))
