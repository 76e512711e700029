"""Prices of a survey: whatever changed in between, they are what they would be if all were asked for anew."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable
from datetime import date
from typing import cast

import numpy as np
import pytest

from inborough.caseload.v1 import caseload_pb2
from inborough.common.v1 import common_pb2
from inborough.cost.v1 import cost_pb2
from inborough.provision.v1 import provision_pb2
from services.placement import survey_prices
from services.placement.forecast.simulation.build_world import LABELS, QuotedPrices
from services.placement.gather import Neighbours
from services.placement.survey_prices import TRANSPORT, SurveyPrices
from shared.errors import ChangedMeanwhile

FIRST_DAY = date(2026, 9, 1)
NEEDS, BANDS = ("ASD", "SEMH", ""), ("A", "B", "")


class Cost:
    """Invents prices, of a place by pool, need and band, of a journey by child, age and pool; counts the pairs."""

    def __init__(self) -> None:
        self.revision = "1"
        self.pairs: list[int] = []
        self.before_answer: Callable[[], None] = lambda: None
        self.unexplained = 0

    def price_revision(self, first_day: date) -> str:
        return self.revision

    def quote_lines(self, request: cost_pb2.QuoteOptionsRequest) -> cost_pb2.QuoteOptionsResponse:
        self.before_answer()
        pairs = [
            (request.cases[case], request.pools[pool])
            for case, pool in zip(
                np.frombuffer(request.case_index, "<i4"), np.frombuffer(request.pool_index, "<i4"), strict=True
            )
        ]
        self.pairs.append(len(pairs))
        lines = {label: np.array([self._line(label, *pair) for pair in pairs], "<i8") for label in LABELS}
        travel = np.array([self._travel(*pair) for pair in pairs], "<i8")
        answer = cost_pb2.QuoteOptionsResponse(
            revision=self.revision,
            travel_minutes=np.array([self._minutes(*pair) for pair in pairs], "<i4").tobytes(),
            annual_budget_cost_pence=(sum(lines.values()) + travel + self.unexplained).tobytes(),
            annual_transport_pence=travel.tobytes(),
        )
        if request.include_lines:
            for label, pence in (*lines.items(), ("Shared vehicle", travel)):
                for ledger in (cost_pb2.LEDGER_BUDGET, cost_pb2.LEDGER_MARGINAL):
                    answer.lines.add(label=label, ledger=ledger, annual_pence=pence.tobytes())
        return answer

    def _line(self, label: str, child: cost_pb2.QuoteCase, pool: cost_pb2.QuotePool) -> int:
        return self._invented(label, child.primary_need, child.top_up_band, pool)

    def _travel(self, child: cost_pb2.QuoteCase, pool: cost_pb2.QuotePool) -> int:
        return self._invented(child, pool) if child.HasField("home") else 0

    def _minutes(self, child: cost_pb2.QuoteCase, pool: cost_pb2.QuotePool) -> int:
        return self._invented(child.home, pool) % 90 if child.HasField("home") else -1

    def _invented(self, *words: object) -> int:
        return zlib.crc32(repr((self.revision, *map(str, words))).encode()) % 5_000_000


@pytest.fixture
def cost() -> Cost:
    return Cost()


def priced(
    prices: SurveyPrices, cost: Cost, cases: list[caseload_pb2.Case], pools: list[provision_pb2.PlacePool]
) -> QuotedPrices:
    return prices.price(FIRST_DAY, cases, pools, cast(Neighbours, cost))


def child(at: int, chance: random.Random) -> caseload_pb2.Case:
    return caseload_pb2.Case(
        case_id=f"case_{at:02}",
        needs=[caseload_pb2.Need(code=chance.choice(NEEDS))],
        decision_due=caseload_pb2.DecisionDue(top_up_band=chance.choice(BANDS)),
        home=common_pb2.GridReference(easting=chance.randrange(9), northing=1) if chance.random() < 0.8 else None,
    )


def pool(at: int, chance: random.Random) -> provision_pb2.PlacePool:
    setting = provision_pb2.Setting(urn=100_000 + at)
    return provision_pb2.PlacePool(pool_id=f"pool_{at}", kind=chance.choice(("mainstream", "hn_unit")), setting=setting)


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
