"""A better provider may find a footpath shorter than the road: the statute asks the first, the fare the second."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from services.cost import wire
from services.cost.domain.pricing import Pricing
from services.cost.quotes.quote import Assumptions, quote_pairs
from services.cost.transport.fares import build_fares
from services.cost.transport.travel import Journeys, Points
from tests.builders.cost import card, child, request


class FootpathAndRoad:
    """4 km on foot and 9 km by road, whatever is asked."""

    method = "invented"

    def find_journeys(
        self, homes: Points, settings: Points, home_at: NDArray[np.int32], setting_at: NDArray[np.int32]
    ) -> Journeys:
        walk, route, minutes = (np.full(home_at.size, value, np.int32) for value in (4_000, 9_000, 20))
        return Journeys(walk, route, minutes)


def test_eligibility_asks_the_walk_and_the_fare_asks_the_road() -> None:
    used = card()
    cases = [child(metres_away=0), child(metres_away=0, wheelchair=True)]
    found = quote_pairs(
        Pricing(used),
        build_fares(used),
        Assumptions(FootpathAndRoad(), post_16_travel_paid=True),
        wire.columns_from_wire(request(cases)),
        include_lines=True,
    )
    codes = [found.travel.eligibilities[at].code for at in found.travel.index]
    assert codes == ["within_distance", "special_needs"]
    (transport, _) = (line for line in found.lines if line.label == "Transport")
    assert transport.annual_pence.tolist() == [0, 190 * 2_000]
    assert found.journeys.route_metres.tolist() == [9_000, 9_000]
