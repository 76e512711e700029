"""Names for what a plan speaks of by id: place pools and settings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from inborough.provision.v1 import provision_pb2
from services import words


@dataclass(frozen=True)
class PlanNames:
    """Pool id to name, and URN to setting's name; an id that is not there is shown as it is.

    `offered` counts the places that offers hold on the first day.
    """

    pools: dict[str, str] = field(default_factory=dict)
    settings: dict[int, str] = field(default_factory=dict)
    offered: int = 0

    def pool(self, pool_id: str) -> str:
        """ "Astmoor Primary School, resource base"."""
        return self.pools.get(pool_id, pool_id)

    def setting(self, urn: int) -> str:
        """ "Astmoor Primary School", or "URN 111217"."""
        return self.settings.get(urn, f"URN {urn}")


def build_names(pools: Iterable[provision_pb2.PlacePool]) -> PlanNames:
    """Setting and kind; needs and years too where two pools would look the same."""
    found = list(pools)
    short = {pool.pool_id: f"{pool.setting.name}, {words.kind(pool.kind)}" for pool in found}
    alike = Counter(short.values())
    return PlanNames(
        {pool.pool_id: _named(pool, short[pool.pool_id], alike[short[pool.pool_id]] > 1) for pool in found},
        {pool.setting.urn: pool.setting.name for pool in found},
        sum(pool.places_offered for pool in found),
    )


def _named(pool: provision_pb2.PlacePool, short: str, has_twin: bool) -> str:
    if not has_twin:
        return short
    years = words.years(pool.year_group_low, pool.year_group_high)
    return f"{short}, {' '.join(pool.needs) or 'any need'}, {years}"
