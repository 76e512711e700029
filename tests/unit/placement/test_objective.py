"""Pricing open options by a policy's terms."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.placement.model.facts import GroupFacts, Request
from services.placement.model.objective import UNKNOWN_MINUTES
from services.placement.model.policy import Policy, list_policies
from tests.builders.placement import a_case, a_pool, priced, some_facts, the_policy


def terms_of(options: object, name: str) -> list[int]:
    policy, terms = options.policy, options.terms  # type: ignore[attr-defined]
    return [int(value) for value in terms[policy.terms.index(name)]]


NEAR = a_pool("pool_A")
FAR = a_pool("pool_B", urn=100002, in_borough=False)
ASKED = Request(urn=100002, kinds=("state_special",))


def test_a_place_out_of_borough_or_in_an_inmss_counts_once() -> None:
    inmss = a_pool("pool_C", urn=100003, kind="independent_special", in_borough=False)
    case = a_case(advised_kinds=("state_special", "independent_special"))
    options = priced(some_facts([case], [NEAR, FAR, inmss]))
    assert terms_of(options, "inmss_or_out_of_borough") == [0, 1, 1]


def test_a_live_request_makes_every_other_setting_count() -> None:
    options = priced(some_facts([a_case(requests=(ASKED,))], [NEAR, FAR]))
    assert terms_of(options, "request_not_given") == [1, 0]
    assert options.live_request.tolist() == [False, True]


def test_a_request_over_the_threshold_is_flagged_and_not_live() -> None:
    threshold = the_policy().request_threshold_pence // 100
    facts = some_facts([a_case(requests=(ASKED,))], [NEAR, FAR])
    at_threshold = priced(facts, marginal_pounds=[1_000, 1_000 + threshold])
    beyond = priced(facts, marginal_pounds=[1_000, 1_001 + threshold])
    assert at_threshold.live_request.any()
    assert not at_threshold.over_threshold.any()
    assert beyond.over_threshold.tolist() == [False, True]
    assert terms_of(beyond, "request_not_given") == [0, 0]


def test_a_request_stays_as_live_as_it_was_judged_when_other_prices_are_shown() -> None:
    threshold = the_policy().request_threshold_pence // 100
    facts = some_facts([a_case(requests=(ASKED,))], [NEAR, FAR])
    judged = priced(facts, marginal_pounds=[1_000, 1_001 + threshold])
    shown = priced(facts, marginal_pounds=[1_000, 1_000])
    assert shown.live_request.any()
    held = replace(shown, requests_pence=judged.quotes.marginal_pence)
    assert held.over_threshold.tolist() == [False, True]
    assert held.quotes.marginal_pence.tolist() == [100_000, 100_000]


def test_the_threshold_compares_with_suitable_options_only() -> None:
    unsettled = a_pool("pool_A", kind="mainstream", needs=())
    facts = some_facts([a_case(requests=(ASKED, Request(100009, kinds=("mainstream",))))], [unsettled, FAR])
    options = priced(facts, marginal_pounds=[0, 90_000])
    assert options.options.needs_judgement.tolist() == [True, False]
    assert not options.over_threshold.any(), "the only suitable option is the request itself"


def test_the_first_live_request_by_rank_counts() -> None:
    both = (
        Request(urn=100002, rank=2, kinds=("state_special",)),
        Request(urn=100001, rank=1, kinds=("state_special",)),
    )
    options = priced(some_facts([a_case(requests=both)], [NEAR, FAR]))
    assert options.live_request.tolist() == [True, False]


def test_a_request_under_section_9_is_not_counted_as_a_tier() -> None:
    independent = Request(urn=100002, s38_3=False, kinds=("independent_special",))
    options = priced(some_facts([a_case(requests=(independent,))], [NEAR, FAR]))
    assert terms_of(options, "request_not_given") == [0, 0]


def test_an_unknown_journey_counts_as_a_long_one() -> None:
    options = priced(some_facts(), minutes=[-1])
    assert terms_of(options, "travel_minutes") == [UNKNOWN_MINUTES]


def test_the_problem_holds_free_places_unlimited_pools_and_groups() -> None:
    pools = [NEAR, a_pool("pool_B", places_free=None, places_commissioned=None)]
    facts = some_facts([a_case(), a_case("case_0000000000000002")], pools, [GroupFacts("group_G", 1, ("pool_A",))])
    problem = priced(facts).problem()
    assert problem.pool_places.tolist() == [3, 2]
    assert problem.groups.places.tolist() == [1]


def test_practice_prefers_what_was_asked_then_what_is_near() -> None:
    options = priced(some_facts([a_case(requests=(ASKED,))], [NEAR, FAR]), minutes=[10, 30])
    problem = options.practice_problem()
    rows = problem.option_terms[:, :].T.tolist()
    assert problem.terms == ("needs_judgement", "not_requested", "inmss_or_out_of_borough", "distance_metres")
    assert rows == [[0, 1, 0, 5000], [0, 0, 1, 15000]]


def test_every_shipped_policy_puts_suitability_first_and_one_is_the_default() -> None:
    policies = list_policies()
    assert all(policy.terms[0] == "needs_judgement" for policy in policies)
    assert [policy.name for policy in policies if policy.is_default] == ["suitable-then-near"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"terms": ("annual_cost_pence",)}, "needs_judgement must come first"),
        ({"terms": ("needs_judgement", "beauty")}, "terms may only be"),
        ({"terms": ("needs_judgement", "needs_judgement")}, "only once"),
        ({"version": 0}, "version must be 1"),
        ({"request_threshold_pence": -1}, "0 or more"),
    ],
)
def test_a_policy_that_breaks_a_rule_is_refused(change: dict[str, object], rule: str) -> None:
    sound: dict[str, object] = {
        "name": "p",
        "version": 1,
        "summary": "",
        "terms": ("needs_judgement",),
        "request_threshold_pence": 0,
    }
    with pytest.raises(ValueError, match=rule):
        Policy(**{**sound, **change})  # type: ignore[arg-type]
