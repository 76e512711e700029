"""At the size of a phase transfer and of a whole authority the optimum is still that of HiGHS."""

from random import Random

import pytest

from services.placement.model.solve import solve
from tests.builders.instances import authority_instance
from tests.unit.placement.optimum.highs import TookTooLongError, optimum_by_faces
from tests.unit.placement.optimum.prices import SolvedAgain, prices_of

SECONDS = 40


@pytest.mark.parametrize(
    ("cases", "pools", "options_each"), [(300, 100, 23), (2_000, 170, 25)], ids=["phase", "authority"]
)
def test_totals_equal_those_of_highs(cases: int, pools: int, options_each: int) -> None:
    instance = authority_instance(1, cases, pools, options_each)
    solution = solve(instance.problem())
    try:
        expected = optimum_by_faces(instance, SECONDS)
    except TookTooLongError:
        pytest.skip(f"HiGHS needs more than {SECONDS} seconds on this machine")
    assert tuple(solution.totals.tolist()) == expected
    assert 0 < expected[0] < cases


def test_prices_of_a_phase_transfer_equal_a_solve_by_highs() -> None:
    instance = authority_instance(2, 300, 100, 23)
    again = SolvedAgain(instance, lambda changed, _: optimum_by_faces(changed, SECONDS))
    prices = [one for one in prices_of(instance) if one.question in ("one more place", "one place fewer")]
    telling = [one for one in prices if one.said is not None and any(one.said)]
    for asked in Random(2).sample(telling, 12):
        assert asked.said == again.price(asked), asked
