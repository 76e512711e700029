"""Which cost lines are not about travel: placement knows them by the labels that cost gives them."""

from __future__ import annotations

from services.cost.domain.pricing import FEE, PLACE_FUNDING, TOP_UP, UNIT_SHARE
from services.placement.operations.transport_quotes import OF_THE_PLACE


def test_every_line_of_a_place_is_known_by_the_label_that_cost_gives_it() -> None:
    assert {PLACE_FUNDING, TOP_UP, FEE, UNIT_SHARE} == OF_THE_PLACE
