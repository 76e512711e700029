"""Prices of a survey: whatever changed in between, they are what they would be if all were asked for anew."""

from __future__ import annotations

import random
from datetime import date

import numpy as np
import pytest

from inborough.caseload.v1 import caseload_pb2
from inborough.provision.v1 import provision_pb2
from services.placement import survey_prices
from services.placement.forecast.simulation.build_world import LABELS, QuotedPrices
from services.placement.survey_prices import TRANSPORT, SurveyPrices
from shared.errors import ChangedMeanwhile
from tests.builders.surveys import Cost, child, pool

FIRST_DAY = date(2026, 9, 1)


@pytest.fixture
def cost() -> Cost:
    return Cost()


def priced(
    prices: SurveyPrices, cost: Cost, cases: list[caseload_pb2.Case], pools: list[provision_pb2.PlacePool]
) -> QuotedPrices:
    return prices.price(FIRST_DAY, cost.revision, cases, pools, cost.as_neighbours())


def content(found: QuotedPrices) -> list[bytes]:
    by_stage = [np.stack([lines[label] for label in (*LABELS, TRANSPORT)]).tobytes() for lines in found.lines]
    return [*by_stage, found.minutes.tobytes()]


@pytest.mark.parametrize("seed", range(6))
def test_after_any_changes_prices_are_those_of_asking_for_all_of_them(
    seed: int, cost: Cost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survey_prices, "PAIRS_AT_ONCE", 20)
    chance, prices = random.Random(seed), SurveyPrices()
    cases = {at: child(at, chance) for at in range(12)}
    pools = {at: pool(at, chance) for at in range(5)}
    for _ in range(8):
        for kept, made, most in ((cases, child, 16), (pools, pool, 7)):
            for at in range(most):
                if chance.random() < 0.15:
                    kept.pop(at, None)
                elif chance.random() < 0.15:
                    kept[at] = made(at, chance)  # type: ignore[assignment]
        if chance.random() < 0.2:
            cost.revision = str(chance.random())
        now = [cases[at] for at in sorted(cases)], [pools[at] for at in sorted(pools)]
        assert content(priced(prices, cost, *now)) == content(priced(SurveyPrices(), cost, *now))


def test_only_children_and_pools_that_changed_are_asked_about(cost: Cost) -> None:
    chance, prices = random.Random(1), SurveyPrices()
    cases, pools = [child(at, chance) for at in range(10)], [pool(at, chance) for at in range(4)]
    priced(prices, cost, cases, pools)
    cost.pairs.clear()
    cases[3].preferences.add(urn=100_001)  # says nothing to prices
    priced(prices, cost, cases, pools)
    assert cost.pairs == []
    cases[3].travel_needs.wheelchair = True
    priced(prices, cost, cases, pools)
    assert cost.pairs == [4, 4, 4], "one child in four pools at three stages of age"
    cost.pairs.clear()
    pools[0].setting.urn = 123_456
    kinds = {(case.needs[0].code, case.decision_due.top_up_band) for case in cases}
    priced(prices, cost, cases, pools)
    assert cost.pairs == [len(kinds)] * 3 + [10] * 3, "one pool for each need and band, and for each child"


def test_prices_that_change_meanwhile_are_all_asked_for_again(cost: Cost) -> None:
    chance = random.Random(2)
    cases, pools = [child(at, chance) for at in range(4)], [pool(at, chance) for at in range(2)]

    def change_once() -> None:
        if len(cost.pairs) == 4:
            cost.revision = "2"

    cost.before_answer = change_once
    prices = SurveyPrices()
    found = content(priced(prices, cost, cases, pools))
    assert found == content(priced(SurveyPrices(), cost, cases, pools))


def test_prices_that_keep_changing_are_refused(cost: Cost) -> None:
    chance = random.Random(3)

    def change() -> None:
        cost.revision += "1"

    cost.before_answer = change
    with pytest.raises(ChangedMeanwhile, match="Prices are being changed"):
        priced(SurveyPrices(), cost, [child(1, chance)], [pool(1, chance)])


def test_a_total_that_its_lines_do_not_explain_is_refused(cost: Cost) -> None:
    chance = random.Random(4)
    cost.unexplained = 1
    with pytest.raises(ValueError, match="total is not that of its need and band"):
        priced(SurveyPrices(), cost, [child(1, chance)], [pool(1, chance)])


def test_without_children_nothing_is_asked_for(cost: Cost) -> None:
    found = priced(SurveyPrices(), cost, [], [pool(1, random.Random(5))])
    assert (found.minutes.shape, cost.pairs) == ((0, 1), [])
