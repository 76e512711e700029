"""What a quote knows of nearer settings: only what the caller says of its pairs, and only of the same child's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from inborough.common.v1 import common_pb2
from inborough.cost.v1 import cost_pb2 as pb
from services.cost import wire
from services.cost.quotes.columns import Pairs
from services.cost.quotes.journeys import find_nearness
from services.cost.transport.eligibility import Nearness
from shared.errors import InvalidInput
from tests.builders.cost import HOME, child, pool, request
from tests.spec.cost.quoted import quote

OPEN, ASKED, BOTH = 1, 2, 3


def far(metres: int) -> pb.QuotePool:
    location = common_pb2.GridReference(easting=HOME.easting + metres, northing=HOME.northing)
    return pool(pool_id=f"pool_{metres}", location=location)


def asked(flags: Sequence[int], pairs: Sequence[tuple[int, int]] | None = None) -> pb.QuoteOptionsRequest:
    children = [child(metres_away=0), child(metres_away=0, case_id="case_2")]
    found = request(children, [far(4_000), far(8_000)], pairs or [(0, 0), (0, 1)])
    found.pair_flags = bytes(flags)
    return found


def codes(flags: Sequence[int], pairs: Sequence[tuple[int, int]] | None = None) -> list[str]:
    found = quote(asked(flags, pairs))
    return [found.travel.eligibilities[at].code for at in found.travel.index]


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ((OPEN, BOTH), ["beyond_distance", "parental_choice"]),
        ((OPEN, ASKED), ["beyond_distance", "parental_choice"]),
        ((0, BOTH), ["beyond_distance", "beyond_distance"]),
        ((ASKED, BOTH), ["beyond_distance", "beyond_distance"]),
        ((BOTH, OPEN), ["beyond_distance", "beyond_distance"]),
        ((OPEN, OPEN), ["beyond_distance", "beyond_distance"]),
        ((), ["beyond_distance", "beyond_distance"]),
    ],
)
def test_travel_may_be_left_to_the_family_only_where_it_asked_and_a_nearer_setting_would_take_the_child(
    flags: Sequence[int], expected: list[str]
) -> None:
    assert codes(flags) == expected


def test_another_childs_nearer_setting_says_nothing() -> None:
    assert codes((OPEN, BOTH), [(1, 0), (0, 1)]) == ["beyond_distance", "beyond_distance"]


def test_who_pays_does_not_change_what_a_quote_comes_to() -> None:
    with_flags, without = quote(asked((OPEN, BOTH))), quote(asked(()))
    assert with_flags.annual_budget_pence.tolist() == without.annual_budget_pence.tolist()
    assert with_flags.annual_marginal_pence.tolist() == without.annual_marginal_pence.tolist()


def test_a_setting_as_far_as_another_is_not_nearer() -> None:
    pairs = Pairs(np.array([0, 0, 0, 0], np.int32), np.array([0, 1, 2, 3], np.int32))
    walking, flags = np.array([900, 900, 901, -1], np.int32), np.array([OPEN, BOTH, BOTH, BOTH], np.uint8)
    said = [Nearness(at) for at in find_nearness(pairs, flags, walking, 1)]
    assert said[:3] == [Nearness.NEAREST, Nearness.NEAREST, Nearness.FAMILY_GOES_FURTHER]


def test_flags_are_one_a_pair_or_none() -> None:
    with pytest.raises(InvalidInput, match=r"^pair_flags: has 1 entries; send one a pair, or none"):
        wire.columns_from_wire(asked((OPEN,)))
