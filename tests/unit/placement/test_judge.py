"""Judging many cases at once gives, pair by pair, what the rules say of each pair alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.placement.model import judge
from services.placement.model.facts import CaseFacts, PlacementFacts, PoolFacts, Request
from services.placement.model.judge import Judgement, OpenOptions
from services.placement.model.rules import FAILS, MEETS, NEEDS_JUDGEMENT, RULES
from tests.builders.placement import a_case, a_pool, some_facts

URNS = st.integers(100001, 100004)
KINDS = st.sampled_from(["mainstream", "resource_base", "hn_unit", "state_special", "independent_special"])
NEEDS = st.lists(st.sampled_from(["SEMH", "ASD", "SLCN"]), unique=True, max_size=2).map(tuple)

requests = st.builds(
    Request,
    urn=URNS,
    rank=st.integers(1, 3),
    s38_3=st.booleans(),
    ground=st.sampled_from(["", "unsuitable"]),
    kinds=st.lists(KINDS, unique=True, max_size=2).map(tuple),
)
cases = st.builds(
    CaseFacts,
    case_id=st.uuids().map(lambda u: f"case_{u.hex[:16]}"),
    year_group=st.integers(5, 8),
    sex=st.sampled_from(["F", "M", ""]),
    needs=NEEDS,
    current_urn=URNS,
    reason=st.sampled_from(["new_plan", "phase_transfer", "breakdown", "review_change"]),
    advised_kinds=st.lists(KINDS, unique=True, max_size=2).map(tuple),
    requests=st.lists(requests, unique_by=lambda r: r.urn, max_size=2).map(tuple),
    wheelchair=st.booleans(),
    exclusion_risk=st.sampled_from(["", "none", "at_risk"]),
    review_says_mainstream_cannot=st.sampled_from([None, True, False]),
)
pools = st.builds(
    PoolFacts,
    pool_id=st.uuids().map(lambda u: f"pool_{u.hex[:8]}"),
    urn=URNS,
    kind=KINDS,
    needs=NEEDS,
    year_group_low=st.integers(5, 6),
    year_group_high=st.integers(6, 8),
    admits_sex=st.sampled_from(["mixed", "girls", "boys"]),
    places_free=st.sampled_from([None, 0, 2]),
    confirmed=st.sampled_from([True, True, False]),
    wheelchair_accessible=st.sampled_from([None, True, False]),
    s38_3=st.booleans(),
)


some_cases_of_all_kinds = st.lists(cases, min_size=1, max_size=8, unique_by=lambda c: c.case_id)
some_pools_of_all_kinds = st.lists(pools, min_size=1, max_size=8, unique_by=lambda p: p.pool_id)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some_cases_of_all_kinds, some_pools_of_all_kinds, st.sets(URNS, min_size=1, max_size=2))
def test_settings_left_out_are_refused_under_their_own_rule_and_nothing_else_changes(
    some_cases: list[CaseFacts], some_pools: list[PoolFacts], left_out: set[int]
) -> None:
    facts = some_facts(some_cases, some_pools)
    judgement, whole = Judgement(facts, left_out), Judgement(facts)
    for row in range(len(facts.cases)):
        unmet = judgement.unmet_verdicts(row)
        kept = [at for at in whole.open_pools(row).tolist() if facts.pools[at].urn not in left_out]
        assert judgement.open_pools(row).tolist() == kept
        for at, pool in enumerate(facts.pools):
            first, *others = judgement.verdicts(row, at)
            assert first.rule == "left_out_of_question"
            assert first.judged.outcome == (FAILS if pool.urn in left_out else MEETS)
            assert [v.judged for v in others] == [v.judged for v in whole.verdicts(row, at)]
            assert (first.rule in {v.rule for v in unmet[at]}) == (pool.urn in left_out)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some_cases_of_all_kinds, some_pools_of_all_kinds)
def test_the_open_options_are_exactly_the_pairs_that_no_rule_fails(
    some_cases: list[CaseFacts], some_pools: list[PoolFacts]
) -> None:
    facts = some_facts(some_cases, some_pools)
    judgement = Judgement(facts)
    expected = []
    for row, case in enumerate(facts.cases):
        for at, pool in enumerate(facts.pools):
            request = case.request_for(pool.urn)
            requested = request is not None and request.s38_3
            outcomes = {rule.code: rule.judge(rule.of_case(case), rule.of_pool(pool), requested) for rule in RULES}
            assert {v.rule: v.judged for v in judgement.verdicts(row, at)} == outcomes
            if all(judged.outcome != FAILS for judged in outcomes.values()):
                rank = request.rank if requested and request else 0
                suitability = [outcomes[rule.code].outcome for rule in RULES if rule.unsettles]
                expected.append((row, at, NEEDS_JUDGEMENT in suitability, rank))
    found = judgement.open_options
    columns = (found.case, found.pool, found.needs_judgement, found.requested_rank)
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == expected
    assert [judgement.open_pools(row).tolist() for row in range(len(facts.cases))] == [
        [at for case, at, *_ in expected if case == row] for row in range(len(facts.cases))
    ]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some_cases_of_all_kinds, some_pools_of_all_kinds)
def test_what_is_said_of_all_pools_at_once_is_what_is_said_of_each(
    some_cases: list[CaseFacts], some_pools: list[PoolFacts]
) -> None:
    facts = some_facts(some_cases, some_pools)
    judgement = Judgement(facts)
    for row in range(len(facts.cases)):
        each = [judgement.verdicts(row, at) for at in range(len(facts.pools))]
        unmet = [[(v.rule, v.judged) for v in one] for one in judgement.unmet_verdicts(row)]
        assert unmet == [[(v.rule, v.judged) for v in one if v.judged.outcome != MEETS] for one in each]
        failing = [[v.rule for v in one if v.judged.outcome == FAILS] for one in each]
        assert judgement.count_first_failing(row) == Counter(codes[0] for codes in failing if codes)


def test_a_requested_full_setting_stays_open_with_its_rank() -> None:
    asked = a_case(requests=(Request(urn=100001, kinds=("state_special",)),))
    options = Judgement(some_facts([asked], [a_pool(places_free=0)])).open_options
    assert options.requested_rank.tolist() == [1]


def test_no_cases_give_no_options() -> None:
    facts = some_facts([a_case()], [a_pool(places_free=0)])
    assert Judgement(facts).open_options.case.size == 0


def test_no_pools_give_no_options() -> None:
    facts = some_facts()
    empty = type(facts)(first_day=facts.first_day, cases=facts.cases, pools=())
    assert Judgement(empty).open_options.case.size == 0


@st.composite
def two_moments(draw: st.DrawFn) -> tuple[PlacementFacts, PlacementFacts]:
    """Facts before and after: some cases and pools stay, some say something else, some go and some are new."""

    def later(before: list[Any], anything: st.SearchStrategy[Any], key: str) -> list[Any]:
        now = [one for one in before if draw(st.booleans())]
        now = [replace(draw(anything), **{key: getattr(one, key)}) if draw(st.booleans()) else one for one in now]
        new = draw(st.lists(anything, max_size=2))
        return list({getattr(one, key): one for one in (*new, *now)}.values())

    of_cases, of_pools = draw(some_cases_of_all_kinds), draw(some_pools_of_all_kinds)
    moments = (of_cases, of_pools), (later(of_cases, cases, "case_id"), later(of_pools, pools, "pool_id"))
    before, now = (
        some_facts(sorted(some, key=lambda c: c.case_id), sorted(places, key=lambda p: p.pool_id))
        for some, places in moments
    )
    return before, now


def same_options(one: OpenOptions, other: OpenOptions) -> bool:
    return all(
        np.array_equal(getattr(one, column.name), getattr(other, column.name))
        and getattr(one, column.name).dtype == getattr(other, column.name).dtype
        for column in fields(OpenOptions)
    )


@given(two_moments())
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_judging_only_what_changed_says_what_judging_everything_says(
    moments: tuple[PlacementFacts, PlacementFacts],
) -> None:
    before, now = moments
    was, anew = Judgement(before), Judgement(now)
    again, _ = was.again(now)
    back, _ = again.again(before)
    assert same_options(again.open_options, anew.open_options)
    assert same_options(back.open_options, was.open_options)
    for case in range(len(now.cases)):
        assert again.count_first_failing(case) == anew.count_first_failing(case)
        for pool in range(len(now.pools)):
            said, expected = again.verdicts(case, pool), anew.verdicts(case, pool)
            assert [(v.rule, v.judged) for v in said] == [(v.rule, v.judged) for v in expected]


@given(two_moments())
def test_each_option_knows_its_row_of_before(moments: tuple[PlacementFacts, PlacementFacts]) -> None:
    before, now = moments
    was = Judgement(before)
    again, rows = was.again(now)
    pairs_before = pairs_of(before, was.open_options)
    found = [pairs_before.index(pair) if pair in pairs_before else -1 for pair in pairs_of(now, again.open_options)]
    assert rows.tolist() == found


def pairs_of(facts: PlacementFacts, options: OpenOptions) -> list[tuple[str, str]]:
    pairs = zip(options.case.tolist(), options.pool.tolist(), strict=True)
    return [(facts.cases[case].case_id, facts.pools[pool].pool_id) for case, pool in pairs]


def test_after_many_changes_everything_is_judged_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "MOST_TIMES_AGAIN", 2)
    facts = some_facts([a_case()], [a_pool()])
    judgement, times = Judgement(facts), []
    for _ in range(4):
        judgement, _ = judgement.again(facts)
        times.append(judgement._times_again)
    assert times == [1, 2, 0, 1]
