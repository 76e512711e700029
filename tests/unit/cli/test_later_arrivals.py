"""What taking a place is expected to do to children who come later, in words."""

from __future__ import annotations

import pytest

from inborough.placement.v1 import placement_pb2
from services.words.options import effect_later


@pytest.mark.parametrize(
    ("unsettled", "away", "pence", "said"),
    [
        (0, 0, 0, "none"),
        (49, -49, 0, "none"),
        (
            250,
            -1_000,
            -410_000,
            "0.2 children more without a place, or in one that needs judgement; 1.0 children fewer in INMSS, out of "
            "borough or not where asked; £4,100 a year less",
        ),
        (0, 300, 123_400, "0.3 children more in INMSS, out of borough or not where asked; £1,234 a year more"),
    ],
)
def test_each_part_is_told_and_a_twentieth_of_a_child_is_not(unsettled: int, away: int, pence: int, said: str) -> None:
    pool = placement_pb2.LaterArrivals.Pool(
        unsettled_thousandths=unsettled, away_thousandths=away, annual_cost_pence=pence
    )
    assert effect_later(pool) == said
