"""Reading rate cards, and which one is in force."""

from __future__ import annotations

from datetime import date

import pytest

from shared.errors import NotFound, WrongState
from tests.builders.cost import card_rows, request, to_csv
from tests.service.cost.conftest import Cost


def import_named(cost: Cost, name: str, first_day: str, amount: int = 5000) -> None:
    rows = [{**row, "card": name, "first_day": first_day} for row in card_rows()]
    rows[2]["amount"] = str(amount)
    assert cost.import_card(to_csv(rows)).report.accepted


def in_force(cost: Cost, day: date) -> str:
    return cost.quote(request(first_day=day)).rate_card_id


def test_a_card_comes_back_with_its_rates_in_the_files_order(shared_cost: Cost) -> None:
    card = shared_cost.get("card_test_1")
    assert (card.name, card.version, len(card.content_hash)) == ("test", 1, 64)
    assert (card.first_day.year, card.first_day.month, card.first_day.day) == (2024, 4, 1)
    assert [rate.item for rate in card.rates] == [row["item"] for row in card_rows()]
    days = card.rates[-1]
    assert (days.item, days.amount, days.unit, days.basis) == ("transport_days", 190, "days", "rate_card")


def test_a_card_that_is_not_there_is_not_found(shared_cost: Cost) -> None:
    with pytest.raises(NotFound, match="rate card card_test_9"):
        shared_cost.get("card_test_9")


def test_cards_are_listed_by_first_day_then_version(cost: Cost) -> None:
    import_named(cost, "late", "2025-04-01")
    import_named(cost, "early", "2024-04-01")
    import_named(cost, "early", "2024-04-01", amount=6000)
    assert cost.list_ids() == ["card_early_1", "card_early_2", "card_late_1"]


def test_the_card_with_the_latest_first_day_not_after_the_day_is_in_force(cost: Cost) -> None:
    import_named(cost, "next", "2025-04-01")
    import_named(cost, "this", "2024-04-01")
    assert in_force(cost, date(2024, 4, 1)) == "card_this_1"
    assert in_force(cost, date(2025, 3, 31)) == "card_this_1"
    assert in_force(cost, date(2025, 4, 1)) == "card_next_1"


def test_of_cards_with_the_same_first_day_the_last_imported_is_in_force(cost: Cost) -> None:
    import_named(cost, "b", "2024-04-01")
    import_named(cost, "a", "2024-04-01")
    assert in_force(cost, date(2024, 9, 1)) == "card_a_1"
    import_named(cost, "b", "2024-04-01", amount=6000)
    assert in_force(cost, date(2024, 9, 1)) == "card_b_2"


def test_before_the_first_card_nothing_can_be_quoted_and_the_error_says_what_to_do(cost: Cost) -> None:
    with pytest.raises(WrongState, match=r"No rate card is in force on 2 September 2024.*inborough import rates"):
        cost.quote()
    import_named(cost, "next", "2025-04-01")
    with pytest.raises(WrongState, match="No rate card is in force on 31 March 2025"):
        in_force(cost, date(2025, 3, 31))
