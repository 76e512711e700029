"""How the machine of offers starts: its pools, and a caseload that answers with where the model's children are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from services.provision.domain.occupancy import Placement, end_where_named
from services.provision.domain.pools import PlacePool, PlacesFrom
from services.provision.gather import Placements
from tests.builders.offers_model import Child, Model, Pool
from tests.builders.provision import LONG_AGO, a_placement, a_pool

TODAY = date(2024, 2, 1)
DAYS = [date(2024, 6, 3) + timedelta(days=91 * at) for at in range(5)]
CASES = [f"case_{at}" for at in range(5)]
PARTS = {"pool_LOW": "resource_base", "pool_HIGH": "sen_unit"}
URNS = {"pool_A": 100001, "pool_LOW": 100002, "pool_HIGH": 100002, "pool_COLLEGE": 100003, "pool_PLANNED": 100004}
POOLS = ["pool_A", *URNS, "pool_LOW"]
"""To draw from: those that fill up oftener."""
WHOLE_RANGE: dict[str, Any] = {"year_group_low": -1, "year_group_high": 20}


def pools() -> list[PlacePool]:
    """A pool of one place; pools of one and two that share two; one without a number; one that is not certain."""
    group: dict[str, Any] = {"urn": 100002, "group_id": "group_G", **WHOLE_RANGE}
    one, two = (PlacesFrom(LONG_AGO, places, group_places=2) for places in (1, 2))
    return [
        a_pool("pool_A", 1, **WHOLE_RANGE),
        a_pool("pool_LOW", kind="resource_base", numbers=(one,), **group),
        a_pool("pool_HIGH", kind="sen_unit", numbers=(two,), **group),
        a_pool("pool_COLLEGE", None, urn=100003, kind="further_education", **WHOLE_RANGE),
        a_pool("pool_PLANNED", urn=100004, numbers=(PlacesFrom(LONG_AGO, 2, confirmed=False),), **WHOLE_RANGE),
    ]


def start() -> Model:
    """The model of these pools, with nobody in them."""
    made = {
        pool.pool_id: Pool(pool.urn, {LONG_AGO: pool.numbers[0].places}, pool.numbers[0].confirmed, pool.group_id)
        for pool in pools()
    }
    return Model(made, {"group_G": 2}, TODAY)


@dataclass
class ModelCaseload:
    """Answers provision with where the model's children are."""

    model: Model
    revision: int = 0

    def current_placements(self) -> Placements:
        rows = [row for case, child in self.model.children.items() for row in self._rows(case, child)]
        return Placements(f"rev_{self.revision}", end_where_named(rows))

    def _rows(self, case: str, child: Child) -> list[Placement]:
        rows = [_placement(case, pool, pool_id=pool, first_day=first) for first, pool in child.named]
        return [*rows, _placement(case, child.pool, last_day=child.until)] if child.pool else rows


def _placement(case: str, pool: str, **facts: Any) -> Placement:
    return a_placement(case, urn=URNS[pool], part=PARTS.get(pool, "whole_setting"), **facts)
