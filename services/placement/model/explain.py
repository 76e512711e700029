"""Say in plain sentences why a plan leaves a case unplaced, or does not give a family what it asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.placement.model.judge import Judgement
from services.placement.model.objective import PricedOptions
from services.placement.model.rules import FAILS

_RULE_IN_WORDS = {
    "open_setting": "are in settings that have closed",
    "opening": "are not open or not confirmed by the first day",
    "year_group": "do not take the year group",
    "sex": "do not admit the child's sex",
    "need": "do not cater for the need",
    "advised_kind": "are not of a kind that the advice on file names",
    "unit_admission": "are unit places whose admission the child does not meet",
    "wheelchair": "have no wheelchair access recorded",
    "current_setting": "are at the setting that the decision is to leave",
    "recorded_ground": "are at a setting against which the panel recorded a ground",
    "places": "are full",
}


@dataclass(frozen=True)
class RequestNotGiven:
    """A family's s.38(3) request that a plan does not give. It stays the panel's to decide.

    `why` is a code: no_pool, refused_by_rule, ground_recorded, over_threshold, full or given_to_others.
    """

    case_row: int
    urn: int
    why: str
    reason: str


def why_unplaced(judgement: Judgement, case_row: int) -> list[str]:
    """Sentences that say why a plan has no place for a case: what ruled pools out, and where the rest went."""
    pools = judgement.facts.pools
    open_pools = judgement.open_pools(case_row)
    failed = judgement.count_first_failing(case_row)
    ruled_out = "; ".join(f"{count} {_RULE_IN_WORDS[rule]}" for rule, count in sorted(failed.items()))
    sentences = [f"{len(pools)} place pools were judged: {ruled_out}." if ruled_out else "No rule refuses any pool."]
    if not open_pools.size:
        return [*sentences, "No pool is open to the plan on the first day."]
    names = ", ".join(pools[row].setting_name for row in open_pools[:5])
    more = f" and {open_pools.size - 5} more" if open_pools.size > 5 else ""
    return [
        *sentences,
        f"Pools that no rule refuses have no place left in the best plan of all cases: {names}{more}.",
    ]


def requests_not_given(
    priced: PricedOptions, pool_of_case: np.ndarray[tuple[int], np.dtype[np.int32]]
) -> list[RequestNotGiven]:
    """Requests under s.38(3) that a plan does not give, ordered by case. `pool_of_case`: int32[K], -1 if unplaced."""
    facts = priced.facts
    found = []
    for row, case in enumerate(facts.cases):
        asked = [request.urn for request in case.requests if request.s38_3]
        given = facts.pools[pool_of_case[row]].urn if pool_of_case[row] >= 0 else None
        if asked and given not in asked:
            found.append(_explained(priced, row, asked[0]))
    return found


def _explained(priced: PricedOptions, case_row: int, urn: int) -> RequestNotGiven:
    """Why a request was not given: the first of the reasons that holds, the plainest bar first."""
    judgement = priced.judgement
    pools = judgement.pools_at(urn)
    if not pools:
        reason = "No place pool is on file for the setting asked for; import it so that it can be weighed."
        return RequestNotGiven(case_row, urn, "no_pool", reason)
    request = judgement.facts.cases[case_row].request_for(urn)
    if request is not None and request.ground:
        reason = f"The panel has recorded a ground against it: {request.ground.replace('_', ' ')}."
        return RequestNotGiven(case_row, urn, "ground_recorded", reason)
    rows = _options_at(priced, case_row, pools)
    if not rows:
        return RequestNotGiven(case_row, urn, "refused_by_rule", _failing_reasons(judgement, case_row, pools))
    if priced.over_threshold[rows].all():
        reason = (
            "Its marginal cost exceeds the cheapest suitable option's by more than the policy allows: for the panel."
        )
        return RequestNotGiven(case_row, urn, "over_threshold", reason)
    if all(judgement.facts.pools[pool].places_free == 0 for pool in priced.options.pool[rows].tolist()):
        reason = "It is full on the first day. Being full is not a ground to refuse; consult it and decide at panel."
        return RequestNotGiven(case_row, urn, "full", reason)
    reason = (
        "Its free places go to other children in the best plan of all cases. Being full is not a ground: for the panel."
    )
    return RequestNotGiven(case_row, urn, "given_to_others", reason)


def _options_at(priced: PricedOptions, case_row: int, pools: list[int]) -> list[int]:
    """The rows of a case's options in these pools."""
    first, end = (int(at) for at in priced.options.first[case_row : case_row + 2])
    return [at for at, pool in enumerate(priced.options.pool[first:end].tolist(), first) if pool in pools]


def _failing_reasons(judgement: Judgement, case_row: int, pools: list[int]) -> str:
    """The reasons of the pool with the fewest failing verdicts."""
    fewest: list[str] = []
    for pool in pools:
        reasons = [v.judged.reason for v in judgement.verdicts(case_row, pool) if v.judged.outcome == FAILS]
        fewest = reasons if not fewest or len(reasons) < len(fewest) else fewest
    return " ".join(fewest)
