"""Fuel and contracts make transport dearer apart, from a year on, and nothing else."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from services.placement.forecast.simulation.outcome import LINES, Outcome
from services.placement.forecast.simulation.simulate import simulate
from services.placement.forecast.simulation.transport_prices import TransportPrices, transport_growth
from tests.builders.world import FIRST_YEAR, definition, steady_demand, tiny_world

TRANSPORT = LINES.index("transport")
CALS_JOURNEY = 20 * 300_00
"""Cal alone is carried, 20 km; nobody else in the tiny world lives too far to walk."""


def growth(*changes: TransportPrices, years: int = 5, usual: float = 0.0) -> list[float]:
    """The price of transport by year, 100 in the first."""
    return [round(100 * transport_growth(changes, usual, 2026, year), 6) for year in range(years)]


def outcome(*changes: dict[str, Any], usual: float = 0.0) -> Outcome:
    levers = {"inflation": {"transport": usual}, "transport_prices": list(changes)}
    return simulate(tiny_world(rates=steady_demand()), definition(levers=levers), 0)


def test_fuel_and_contract_rise_each_on_its_share_of_the_price() -> None:
    """15 of fuel at 5 % and 85 of contract at 10 %: 15.75 + 93.5, then 16.5375 + 102.85."""
    assert growth(TransportPrices(fuel=0.05, contract=0.1), years=3) == [100, 109.25, 119.3875]


def test_the_first_rise_is_in_the_prices_of_its_year_and_the_usual_one_holds_before() -> None:
    """2 % in 2027, then 10 % on 85 of each 100 from 2028: 102, 102 x 1.085."""
    change = TransportPrices(from_year=2028, fuel=0.0, contract=0.1)
    assert growth(change, years=3, usual=0.02) == [100, 102, 110.67]


def test_what_is_left_out_rises_as_transport_otherwise_does() -> None:
    """15 at 20 % and 85 at the usual 2 %."""
    assert growth(TransportPrices(fuel=0.2), years=2, usual=0.02) == [100, 104.7]


def test_each_holds_until_the_next_begins_whatever_their_order() -> None:
    """Contracts let again at 10 % in 2027, level after it; fuel is then a fifth of the price and doubles in 2029."""
    once = TransportPrices(from_year=2027, contract=0.1, fuel_share=0.0)
    level = TransportPrices(from_year=2028, contract=0.0, fuel=0.0)
    fuel = TransportPrices(from_year=2029, contract=0.0, fuel=1.0, fuel_share=0.2)
    assert growth(fuel, once, level) == [100, 110, 110, 132, 176]


@pytest.mark.parametrize("from_year", [2000, 2026, 2027])
def test_the_first_year_keeps_the_prices_on_file(from_year: int) -> None:
    assert growth(TransportPrices(from_year=from_year, contract=0.1, fuel_share=0), years=2) == [100, 110]


def test_equal_rises_come_to_what_one_rise_does() -> None:
    alike = TransportPrices(fuel=0.04, contract=0.04)
    assert growth(alike) == growth(usual=0.04)


def test_contracts_at_10_per_cent_raise_spend_on_transport_to_the_penny() -> None:
    levers = {"inflation": {"transport": 0.0}, "transport_prices": [{"contract": 0.1}]}
    found = simulate(tiny_world(), definition(levers=levers), 0)
    by_hand = [CALS_JOURNEY * parts // 100_000 for parts in (100_000, 108_500, 117_850, 128_135)]
    for ledger in (0, 1):
        assert found.spend[:, ledger, TRANSPORT].tolist() == by_hand


def test_contracts_at_10_per_cent_raise_spend_on_transport_and_nothing_else() -> None:
    """What follows from spend aside: the deficit, and what a place elsewhere would save."""
    before, after = outcome(), outcome({"contract": 0.1})
    follows = {"spend", "deficit", "price", "value"}
    for name in (each.name for each in fields(Outcome) if each.name not in follows):
        assert np.array_equal(getattr(before, name), getattr(after, name)), name
    assert (np.delete(after.spend, TRANSPORT, axis=2) == np.delete(before.spend, TRANSPORT, axis=2)).all()
    rise = after.spend[:, :, TRANSPORT] - before.spend[:, :, TRANSPORT]
    assert not rise[0].any()
    assert (rise[1:] > 0).all()
    assert (after.deficit - before.deficit).tolist() == np.cumsum(rise[:, 0]).tolist()


def test_without_the_lever_transport_rises_as_inflation_says() -> None:
    found = simulate(tiny_world(), definition(levers={"inflation": {"transport": 0.05}}), 0)
    by_hand = [round(CALS_JOURNEY * 1.05**year) for year in range(4)]
    assert found.spend[:, 0, TRANSPORT].tolist() == by_hand


def test_a_change_that_begins_after_the_years_simulated_changes_nothing() -> None:
    late = {"from_year": FIRST_YEAR + 9, "fuel": 1.0}
    assert outcome(late).to_bytes() == outcome().to_bytes()
