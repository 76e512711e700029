"""Facts for the placement service's tests: every field has a default, so that a test states only what matters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from services.placement.model.facts import CaseFacts, GroupFacts, PlacementFacts, PoolFacts
from services.placement.model.judge import Judgement
from services.placement.model.objective import PricedOptions, Quotes
from services.placement.model.policy import Policy, find_policy

FIRST_DAY = date(2024, 9, 2)


def a_case(case_id: str = "case_0000000000000001", **facts: Any) -> CaseFacts:
    """A girl going into Year 7 with SEMH, whose advice names a special school, and whose family asked for nothing."""
    return CaseFacts(
        case_id=case_id,
        **{
            "year_group": 7,
            "age_years": 11,
            "sex": "F",
            "needs": ("SEMH",),
            "reason": "phase_transfer",
            "advised_kinds": ("state_special",),
            **facts,
        },
    )


def a_pool(pool_id: str = "pool_A", **facts: Any) -> PoolFacts:
    """Ten places, three of them free, for SEMH in Years 7 to 11 at a maintained special school in borough."""
    return PoolFacts(
        pool_id=pool_id,
        **{
            "urn": 100001,
            "kind": "state_special",
            "setting_name": "Invented School",
            "needs": ("SEMH",),
            "year_group_low": 7,
            "year_group_high": 11,
            "places_commissioned": 10,
            "places_filled": 7,
            "places_free": 3,
            **facts,
        },
    )


def some_facts(
    cases: Sequence[CaseFacts] = (), pools: Sequence[PoolFacts] = (), groups: Sequence[GroupFacts] = ()
) -> PlacementFacts:
    """Facts of one first day; one default case and pool when none are given."""
    return PlacementFacts(
        first_day=FIRST_DAY,
        cases=tuple(sorted(cases or [a_case()], key=lambda case: case.case_id)),
        pools=tuple(sorted(pools or [a_pool()], key=lambda pool: pool.pool_id)),
        groups=tuple(groups),
    )


def the_policy(name: str = "") -> Policy:
    """A shipped policy, the default for ""."""
    found = find_policy(name)
    assert found is not None
    return found


def priced(
    facts: PlacementFacts,
    *,
    policy: Policy | None = None,
    budget_pounds: Sequence[int] | None = None,
    marginal_pounds: Sequence[int] | None = None,
    minutes: Sequence[int] | None = None,
) -> PricedOptions:
    """Open options priced as given, in order of case and pool; 10,000 pounds and 20 minutes each when not given."""
    judgement = Judgement(facts)
    count = judgement.open_options.case.size
    budget = np.array(budget_pounds if budget_pounds is not None else [10_000] * count, dtype=np.int64) * 100
    marginal = budget if marginal_pounds is None else np.array(marginal_pounds, dtype=np.int64) * 100
    travel = np.array(minutes if minutes is not None else [20] * count, dtype=np.int32)
    quotes = Quotes(travel * 500, travel, budget, marginal)
    return PricedOptions(judgement, quotes, policy or the_policy())
