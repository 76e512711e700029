"""A card's identity and its content hash."""

from __future__ import annotations

from datetime import date

import pytest

from services.cost.domain.rates import build_card, content_hash
from tests.builders.cost import card, card_rows, rate, rates_of

DAY = date(2024, 4, 1)


def test_the_order_of_rows_does_not_matter_to_the_hash() -> None:
    rates = rates_of(card_rows())
    assert content_hash("test", DAY, rates) == content_hash("test", DAY, reversed(rates))


@pytest.mark.parametrize("changed", [{"amount": "5001"}, {"source": "elsewhere"}, {"basis": "actual"}])
def test_every_word_of_a_rate_matters_to_the_hash(changed: dict[str, str]) -> None:
    rows = card_rows(rate("top_up", 5000, band="A"))
    rows[-1].update(changed)
    assert content_hash("test", DAY, rates_of(rows)) != content_hash(
        "test", DAY, rates_of(card_rows(rate("top_up", 5000, band="A")))
    )


def test_name_and_first_day_matter_to_the_hash() -> None:
    rates = rates_of(card_rows())
    hashes = {content_hash(name, day, rates) for name in ("a", "b") for day in (DAY, date(2024, 4, 2))}
    assert len(hashes) == 4


def test_a_card_is_named_by_name_and_version() -> None:
    assert build_card("halton-2024", 3, DAY, card().rates).heading.rate_card_id == "card_halton-2024_3"
