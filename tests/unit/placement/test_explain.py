"""Sentences about what a plan does not give."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from services.placement.model.explain import requests_not_given, why_unplaced
from services.placement.model.facts import Request
from services.placement.model.judge import Judgement
from tests.builders.placement import a_case, a_pool, priced, some_facts

NEAR = a_pool("pool_A")
KIND = ("state_special",)


def why(request: Request, asked_pool: dict[str, Any] | None = None, marginal_pounds: list[int] | None = None) -> str:
    pools = [NEAR] if asked_pool is None else [NEAR, a_pool("pool_B", urn=100002, **asked_pool)]
    options = priced(some_facts([a_case(requests=(request,))], pools), marginal_pounds=marginal_pounds)
    found = requests_not_given(options, np.array([0], dtype=np.int32))
    assert found[0].reason.endswith((".", "panel."))
    return found[0].why


@pytest.mark.parametrize(
    ("request_facts", "asked_pool", "marginal_pounds", "code"),
    [
        ({}, None, None, "no_pool"),
        ({"ground": "unsuitable"}, {}, None, "ground_recorded"),
        ({}, {"year_group_low": 1, "year_group_high": 3}, None, "refused_by_rule"),
        ({}, {}, [1_000, 90_000], "over_threshold"),
        ({}, {"places_filled": 10, "places_free": 0}, None, "full"),
        ({}, {}, None, "given_to_others"),
    ],
)
def test_a_request_not_given_says_why(
    request_facts: dict[str, Any], asked_pool: dict[str, Any] | None, marginal_pounds: list[int] | None, code: str
) -> None:
    assert why(Request(urn=100002, kinds=KIND, **request_facts), asked_pool, marginal_pounds) == code


def test_a_request_that_was_given_is_not_listed() -> None:
    options = priced(some_facts([a_case(requests=(Request(urn=100001, kinds=KIND),))], [NEAR]))
    assert requests_not_given(options, np.array([0], dtype=np.int32)) == []


def test_an_unplaced_case_says_what_ruled_pools_out_and_who_has_the_rest() -> None:
    pools = [NEAR, a_pool("pool_B", needs=("ASD",)), a_pool("pool_C", places_free=0, places_filled=10)]
    sentences = why_unplaced(Judgement(some_facts([a_case()], pools)), 0)
    assert "1 are full; 1 do not cater for the need" not in sentences[0]
    assert sentences[0] == "3 place pools were judged: 1 do not cater for the need; 1 are full."
    assert "Invented School" in sentences[1]


def test_a_case_without_any_open_pool_says_so() -> None:
    sentences = why_unplaced(Judgement(some_facts([a_case(year_group=1)], [NEAR])), 0)
    assert sentences[-1] == "No pool is open to the plan on the first day."
