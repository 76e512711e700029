"""What a result says of a scenario: amounts that were assumed, and numbers with their bands."""

from __future__ import annotations

import pytest

from inborough.placement.v1 import scenarios_pb2
from services.planning.results import assumed_money
from services.words.scenarios import banded, number


@pytest.mark.parametrize(
    ("money", "said"),
    [
        ("", ("income of the first year", "nothing is spent")),
        ("[money]\nincome_pence = 1\n", ("nothing is spent",)),
        ("[money]\nother_spend_pence = 0\n", ("income of the first year",)),
    ],
)
def test_amounts_that_a_definition_leaves_out_are_said_to_be_assumed(money: str, said: tuple[str, ...]) -> None:
    sentence = assumed_money(f'name = "Late"\n{money}')
    assert all(part in sentence for part in said)
    assert sentence.count(";") == len(said) - 1


def test_nothing_is_said_where_nothing_was_assumed() -> None:
    assert assumed_money("[money]\nincome_pence = 1\nother_spend_pence = 0\n") == ""


def test_a_band_in_which_nothing_differs_is_one_number() -> None:
    alike = scenarios_pb2.ScenarioBand(mean=3_241_134_000, p10=3_241_134_000, p50=3_241_134_000, p90=3_241_134_000)
    assert banded(alike, "pence") == "£32.4m"
    assert banded(scenarios_pb2.ScenarioBand(mean=4.2, p90=16), "children") == "4.2 (0 to 16)"


@pytest.mark.parametrize(
    ("pence", "said"), [(99_949_999, "£999k"), (99_960_000, "£1.0m"), (-99_960_000, "-£1.0m"), (444_800, "£4,448")]
)
def test_pounds_turn_to_millions_where_thousands_would_round_to_one(pence: float, said: str) -> None:
    assert number(pence, "pence") == said
