"""Prices of larger instances equal the difference between two optima of HiGHS."""

from random import Random

import pytest

from tests.builders.instances import instances
from tests.unit.placement.optimum.highs import optimum_by_rows
from tests.unit.placement.optimum.prices import SolvedAgain, prices_of


@pytest.mark.parametrize("seed", range(100, 108))
def test_sampled_prices_equal_a_forced_solve_by_highs(seed: int) -> None:
    for name, instance in instances(16, seed):
        again, prices = SolvedAgain(instance, optimum_by_rows), list(prices_of(instance))
        for asked in Random(name).sample(prices, min(4, len(prices))):
            assert asked.said == again.price(asked), f"{name}: {asked}"
