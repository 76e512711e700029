"""Judge every case in every pool by the rules, quickly and explainably.

Children who look alike to every rule share a signature, and each rule is judged once for each distinct pair of what it
picks of a case and of a pool. So 20,000 cases and 1,200 pools cost thousands of judgements, not millions. The few pairs
that concern one family alone (a setting it asked for, a setting the child is to leave) are judged one by one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property

import numpy as np
import numpy.typing as npt

from services.placement.model.carried import Carried
from services.placement.model.facts import CaseFacts, PlacementFacts
from services.placement.model.open_options import (
    NEW,
    BoolArray,
    Int32Array,
    Int64Array,
    OpenOptions,
    OpenPairs,
    SpecialPair,
    carried_over,
    in_order,
    rows_before,
    with_special,
)
from services.placement.model.rule_tables import CodedVerdict, RuleTable, SpecialRule
from services.placement.model.rules import FAILS, MEETS, NEEDS_JUDGEMENT, RULES, LeftOutOfQuestion

__all__ = ["BoolArray", "CodedVerdict", "Int32Array", "Int64Array", "Judgement", "OpenOptions"]

MOST_TIMES_AGAIN = 256
"""After so many changes in a row everything is judged anew, so that picks met once do not pile up."""
SPECIAL = ("current_setting", "recorded_ground")
"""Rules that say "meets" everywhere but at settings that concern one family."""


class Judgement:
    """All rules over all facts. `open_options` is what the optimiser may choose from; `verdicts` explains any pair.

    `left_out` are URNs of settings that a what-if leaves out of the question, for every case of these facts.
    """

    def __init__(self, facts: PlacementFacts, left_out: Collection[int] = ()) -> None:
        rules = (LeftOutOfQuestion(left_out), *RULES) if left_out else RULES
        self._begin(facts, [(SpecialRule if rule.code in SPECIAL else RuleTable)(rule, facts) for rule in rules], 0)

    def again(self, facts: PlacementFacts) -> tuple[Judgement, Int64Array]:
        """Judge other facts of the same first day, of which most rows say what they said: only the others are judged.

        And int64[A], for each open option the row that its case and pool had among the options before; -1 for none.
        """
        before = self.facts
        cases = Carried.of(before.case_rows, before.cases, [case.case_id for case in facts.cases], facts.cases)
        pool_rows = {pool.pool_id: row for row, pool in enumerate(before.pools)}
        pools = Carried.of(pool_rows, before.pools, [pool.pool_id for pool in facts.pools], facts.pools)
        if self._times_again >= MOST_TIMES_AGAIN:
            judgement = Judgement(facts)
        else:
            judgement = object.__new__(Judgement)
            tables = [table.again(facts, cases, pools) for table in self._tables]
            judgement._begin(facts, tables, self._times_again + 1)
            options, carried = judgement._options_again(self.open_options, cases, pools)
            judgement.__dict__["open_options"] = options
            return judgement, rows_before(options, carried, self.open_options, cases, pools)
        nothing = np.full(judgement.open_options.case.size, NEW, np.int64)
        return judgement, rows_before(judgement.open_options, nothing, self.open_options, cases, pools)

    def _begin(self, facts: PlacementFacts, tables: list[RuleTable], times_again: int) -> None:
        self.facts = facts
        self._tables, self._times_again = tables, times_again
        self._block = [table for table in tables if not isinstance(table, SpecialRule)]
        self._width = max(1, len(facts.pools))
        self._pools_at: dict[int, list[int]] = {}
        for row, pool in enumerate(facts.pools):
            self._pools_at.setdefault(pool.urn, []).append(row)

    def verdicts(self, case: int, pool: int) -> list[CodedVerdict]:
        """What every rule says of a case row in a pool row, in the order of RULES."""
        requested = self.requested_rank(case, pool) > 0
        return [table.at(case, pool, requested) for table in self._tables]

    def unmet_verdicts(self, case: int) -> list[list[CodedVerdict]]:
        """For every pool row, the verdicts that do not say "meets", in the order of RULES."""
        found = self.unmet_alike(case)
        for pool in self.pools_concerning(case):
            found[pool] = self.unmet_in(case, pool)
        return found

    def unmet_alike(self, case: int) -> list[list[CodedVerdict]]:
        """The same without a look at `pools_concerning` the case: so it is the same for all of its `signature_of`."""
        found: list[list[CodedVerdict]] = [[] for _ in self.facts.pools]
        outcomes = np.stack([table.outcomes[table.of_case[case]][table.of_pool] for table in self._block], axis=1)
        for pool, at in zip(*(index.tolist() for index in np.nonzero(outcomes != MEETS)), strict=True):
            found[pool].append(self._block[at].at(case, pool, False))
        return found

    def unmet_in(self, case: int, pool: int) -> list[CodedVerdict]:
        """The verdicts on a case row in a pool row that do not say "meets", in the order of RULES."""
        return [verdict for verdict in self.verdicts(case, pool) if verdict.judged.outcome != MEETS]

    def signature_of(self, case: int) -> int:
        """What a case row is to the rules: cases of one signature are judged alike but in `pools_concerning` them."""
        return int(self._signature[case])

    def count_first_failing(self, case: int) -> dict[str, int]:
        """By rule code, how many pools fail that rule and none before it in the order of RULES."""
        failing = self._first_failing[self._signature[case]]
        concerning = self.pools_concerning(case)
        counts = self._failing_counts[self._signature[case]].tolist()
        for pool in concerning:
            counts[failing[pool]] -= 1
        found = {t.rule.code: n for t, n in zip(self._block, counts, strict=False) if n}
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
        special = self._special_pairs(range(len(self.facts.cases)))
        pairs = with_special(case.astype(np.int64) * self._width + pool, needs, special, self._width)
        return in_order([pairs], len(self.facts.cases), self._width)[0]

    def _options_again(self, before: OpenOptions, cases: Carried, pools: Carried) -> tuple[OpenOptions, Int64Array]:
        """The options of rows that say what they said as they were, and those of all other pairs judged.

        And the rows that the former had; NEW for the latter.
        """
        everywhere, same = np.arange(len(self.facts.pools), dtype=np.int32), np.flatnonzero(cases.same).astype(np.int32)
        parts = [
            carried_over(before, cases, pools, self._width),
            self._judged(cases.changed, everywhere),
            self._judged(same, pools.changed),
        ]
        return in_order(parts, len(self.facts.cases), self._width)

    def _judged(self, cases: Int32Array, pools: Int32Array) -> OpenPairs:
        """The pairs of some case rows with some pool rows that no rule fails."""
        shape = (cases.size, pools.size)
        fails, judgement = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
        for table in self._block if fails.size else ():
            said = table.outcomes[np.ix_(table.of_case[cases], table.of_pool[pools])]
            fails |= said == FAILS
            if table.rule.unsettles:
                judgement |= said == NEEDS_JUDGEMENT
        at, of = np.nonzero(~fails)
        special = self._special_pairs(cases.tolist(), frozenset(pools.tolist())) if fails.size else []
        keys = cases[at].astype(np.int64) * self._width + pools[of]
        return with_special(keys, judgement[at, of], special, self._width)

    @property
    def _signature(self) -> Int32Array:
        """int32[K], each case's signature."""
        return self._signatures[0]

    @property
    def _rows_of_signature(self) -> Int32Array:
        """int32[S], the row of one case that has each signature."""
        return self._signatures[1]

    @cached_property
    def _signatures(self) -> tuple[Int32Array, Int32Array]:
        """Each case's signature, and for each signature the row of one case that has it."""
        if not self.facts.cases:
            return np.zeros(0, np.int32), np.zeros(0, np.int32)
        picks = np.stack([table.of_case for table in self._block], axis=1)
        _, representative, signature = np.unique(picks, axis=0, return_index=True, return_inverse=True)
        return signature.reshape(-1).astype(np.int32), representative.astype(np.int32)

    @cached_property
    def _failing_counts(self) -> npt.NDArray[np.int64]:
        """int64[S, R + 1], how many pools have each of the block's rules as the first that fails; then none."""
        rules = range(len(self._block) + 1)
        return np.stack([np.count_nonzero(self._first_failing == at, axis=1) for at in rules], axis=1)

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

    def _special_pairs(self, cases: Iterable[int], pools: Collection[int] | None = None) -> list[SpecialPair]:
        """The pairs of these case rows (and of these pool rows alone, if given) where a setting concerns one family."""
        found, unsettling = [], [at for at, table in enumerate(self._tables) if table.rule.unsettles]
        urns = None if pools is None else {self.facts.pools[pool].urn for pool in pools}
        for row in cases:
            if urns is not None and urns.isdisjoint(_settings_concerning(self.facts.cases[row])):
                continue
            for pool in self.pools_concerning(row):
                if pools is not None and pool not in pools:
                    continue
                rank = self.requested_rank(row, pool)
                outcomes = [table.at(row, pool, rank > 0).judged.outcome for table in self._tables]
                needs_judgement = any(outcomes[at] == NEEDS_JUDGEMENT for at in unsettling)
                found.append(SpecialPair(row, pool, FAILS in outcomes, needs_judgement, rank))
        return found

    def pools_concerning(self, case: int) -> list[int]:
        """Rows of the pools at settings that a family asked for or that the decision is to leave, without repeats."""
        return [pool for urn in _settings_concerning(self.facts.cases[case]) for pool in self.pools_at(urn)]


def _settings_concerning(case: CaseFacts) -> list[int]:
    """URNs that a family asked for or that the decision is to leave, without repeats."""
    urns = [request.urn for request in case.requests] if case.requests else []
    if case.reason in ("breakdown", "review_change") and case.current_urn:
        urns.append(case.current_urn)
    return list(dict.fromkeys(urns)) if urns else urns
