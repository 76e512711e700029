"""What the provision service counts beyond its RPCs. Labels are few and never personal."""

from __future__ import annotations

from collections import Counter

from prometheus_client import Gauge

from services.provision.domain.places import PlacesOnDay, PoolOnDay

places_free = Gauge(
    "inborough_places_free",
    "Places free on the first day last asked about, in pools with a fixed number; shared caps are honoured.",
    ["kind", "in_borough"],
)
places_over_number = Gauge(
    "inborough_places_over_number", "Places held beyond the number, knowingly, on the first day last asked about."
)
settings_on_file = Gauge("inborough_settings", "Settings on file.")


def show_places(places: PlacesOnDay, la_code: int) -> None:
    """Set the gauges to what was just counted; kinds that are no longer there go."""
    places_over_number.set(sum(found.over_number for found in places.pools))
    left_in_group = {group.group_id: group.free for group in places.groups}
    free: Counter[tuple[str, bool]] = Counter()
    for found in places.pools:
        if found.free is not None:
            free[found.pool.kind, found.setting.is_in(la_code)] += _usable(found, found.free, left_in_group)
    places_free.clear()
    for (kind, in_borough), count in free.items():
        places_free.labels(kind, "yes" if in_borough else "no").set(count)


def _usable(found: PoolOnDay, free: int, left_in_group: dict[str, int]) -> int:
    """A pool's free places, no more than its group has left; what is counted is taken off the group."""
    group_id = found.pool.group_id
    usable = min(free, left_in_group.get(group_id, free))
    if group_id:
        left_in_group[group_id] -= usable
    return usable
