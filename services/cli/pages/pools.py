"""Place pools: a table and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table

from inborough.common.v1 import common_pb2
from inborough.provision.v1 import provision_pb2
from services import words
from services.cli import terminal
from services.cli.typed import typed

NEEDS_WIDTH = 10
"""Two needs a line: that leaves room for ids of pools that come from GIAS in one piece, so that they can be copied."""


def pool_table(pools: Sequence[provision_pb2.PlacePool]) -> Table:
    """One row a pool, by setting, with its places on the first day and the id that a scenario names it by."""
    columns = ("Setting, kind and id", "For", "Places", "Held", "Offered", "Free")
    ordered = sorted(pools, key=lambda pool: (pool.setting.name, pool.year_group_low, pool.pool_id))
    made = terminal.table(columns, [_row(pool) for pool in ordered], right=columns[2:])
    made.columns[1].max_width = NEEDS_WIDTH
    return made


def _row(pool: provision_pb2.PlacePool) -> tuple[str, ...]:
    facts = [words.kind(pool.kind), "" if pool.setting.in_borough else "out of borough"]
    facts.append(f"opens {words.short_day(pool.opens_on)}" if pool.HasField("opens_on") else "")
    facts.append("" if pool.confirmed else "not confirmed")
    facts.append(f"{pool.places_over_number} beyond its number, knowingly" if pool.places_over_number else "")
    return (
        f"{pool.setting.name}\n{', '.join(filter(None, facts))}\n{pool.pool_id}",
        f"{' '.join(pool.needs) or 'any'}\n{words.year_span(pool.year_group_low, pool.year_group_high)}",
        str(pool.places_commissioned) if pool.HasField("places_commissioned") else "any",
        str(pool.places_filled),
        str(pool.places_offered) if pool.places_offered else "",
        str(pool.places_free) if pool.HasField("places_free") else "any",
    )


def pool_json(pool: provision_pb2.PlacePool) -> dict[str, Any]:
    """A pool; null where there is no fixed number. Who holds a place or is offered one is left out."""
    return {
        "pool_id": pool.pool_id,
        "setting_name": pool.setting.name,
        "urn": pool.setting.urn,
        "in_borough": pool.setting.in_borough,
        "kind": pool.kind,
        "needs": list(pool.needs),
        "year_group_low": pool.year_group_low,
        "year_group_high": pool.year_group_high,
        "admits_sex": pool.admits_sex,
        "places_commissioned": pool.places_commissioned if pool.HasField("places_commissioned") else None,
        "places_filled": pool.places_filled,
        "places_leaving": pool.places_leaving,
        "places_offered": pool.places_offered,
        "places_over_number": pool.places_over_number,
        "places_free": pool.places_free if pool.HasField("places_free") else None,
        "confirmed": pool.confirmed,
        "opens_on": words.iso(pool.opens_on) if pool.HasField("opens_on") else None,
        "group_id": pool.group_id,
        "basis": pool.basis,
    }


def pools_page(answer: provision_pb2.ListPlacePoolsResponse, day: common_pb2.Date) -> Iterator[RenderableType]:
    """All pools on a first day, and what they do not cover."""
    if not answer.pools:
        yield "There are no place pools yet."
        yield f"Bring them with `{typed('import gias')}`, then `{typed('import pools')}`."
        return
    yield terminal.heading(f"Places on {words.day(day)}")
    yield pool_table(answer.pools)
    free = sum(pool.places_free for pool in answer.pools)
    offered = sum(pool.places_offered for pool in answer.pools)
    held = f"; {words.counted(offered, 'place')} offered and not yet named" if offered else ""
    pools = words.counted(len(answer.pools), "place pool")
    yield f"\n{pools}, {words.counted(free, 'place')} free where numbers are fixed{held}."
    outside = sum(each.placements for each in answer.unpooled)
    if outside:
        yield f"{words.counted(outside, 'child is', 'children are')} placed where no pool is on file."
    yield "A place held by a child whose own decision is due counts as held here, though a plan may move the child."
    yield f"Next: {typed('plan')}"


def pools_json(answer: provision_pb2.ListPlacePoolsResponse, day: common_pb2.Date) -> dict[str, Any]:
    """All pools and shared caps on a first day."""
    return {
        "first_day": words.iso(day),
        "authority": answer.authority,
        "pools": [pool_json(pool) for pool in answer.pools],
        "groups": [
            {
                "group_id": group.group_id,
                "places_commissioned": group.places_commissioned,
                "places_filled": group.places_filled,
                "places_offered": group.places_offered,
                "places_free": group.places_free,
                "pool_ids": list(group.pool_ids),
            }
            for group in answer.groups
        ],
    }
