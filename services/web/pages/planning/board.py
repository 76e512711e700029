"""The board: every place pool by academic year, with its places filled, offered and free."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from inborough.provision.v1 import provision_pb2
from services.web.calls import CHANGE_SECONDS
from services.web.pages.planning.years import as_date, first_day, next_year
from services.web.visit import Visit

YEARS = 5
FILTERS = ("kind", "need", "where", "only")


@dataclass(frozen=True)
class Row:
    """A pool, and its places on each 1 September; None where it has none yet."""

    pool: provision_pb2.PlacePool
    years: Sequence[provision_pb2.PlacesOnDay | None]


@dataclass(frozen=True)
class Total:
    """All pools of a kind in one year. `commissioned` and `free` count those alone whose number is fixed."""

    commissioned: int
    filled: int
    offered: int
    free: int


async def show(visit: Visit) -> Response:
    """All pools by setting, with a filter."""
    first = next_year()
    years = list(range(first, first + YEARS))
    request = provision_pb2.ListPlacePoolsRequest(first_day=first_day(first))
    places = provision_pb2.ListPlacesRequest(first_day=first_day(first), last_day=first_day(years[-1]))
    answer, found = await asyncio.gather(
        visit.services.provision.ListPlacePools(request, timeout=CHANGE_SECONDS),
        visit.services.provision.ListPlaces(places, timeout=CHANGE_SECONDS),
    )
    rows = rows_of(answer.pools, found.places, years)
    wanted = {name: visit.asked(name) for name in FILTERS}
    shown = [row for row in rows if _fits(row, wanted)]
    return await visit.show(
        "planning/board.html",
        years=years,
        rows=shown,
        all_rows=rows,
        totals=totals_of(shown),
        wanted=wanted,
        kinds=sorted({row.pool.kind for row in rows}),
        unpooled=sum(each.placements for each in answer.unpooled),
    )


def rows_of(
    pools: Sequence[provision_pb2.PlacePool], places: Sequence[provision_pb2.PlacesOnDay], years: Sequence[int]
) -> list[Row]:
    """Pools by setting's name and kind, each with the last step on or before each 1 September."""
    steps: dict[str, list[provision_pb2.PlacesOnDay]] = {}
    for step in places:
        steps.setdefault(step.pool_id, []).append(step)
    rows = [Row(pool, [_on_first_day(steps.get(pool.pool_id, ()), year) for year in years]) for pool in pools]
    return sorted(rows, key=lambda row: (row.pool.setting.name, row.pool.kind, row.pool.pool_id))


def _on_first_day(steps: Sequence[provision_pb2.PlacesOnDay], year: int) -> provision_pb2.PlacesOnDay | None:
    day = as_date(first_day(year))
    before = [step for step in steps if as_date(step.day) <= day]
    return before[-1] if before else None


def totals_of(rows: Sequence[Row]) -> Mapping[str, list[Total]]:
    """Places by kind and year."""
    kinds = sorted({row.pool.kind for row in rows})
    return {kind: _by_year([row for row in rows if row.pool.kind == kind]) for kind in kinds}


def _by_year(rows: Sequence[Row]) -> list[Total]:
    columns = zip(*(row.years for row in rows), strict=True)
    return [_total([each for each in column if each is not None]) for column in columns]


def _total(places: Sequence[provision_pb2.PlacesOnDay]) -> Total:
    return Total(
        sum(each.places_commissioned for each in places),
        sum(each.places_filled for each in places),
        sum(each.places_offered for each in places),
        sum(each.places_free for each in places),
    )


def _fits(row: Row, wanted: Mapping[str, str]) -> bool:
    pool = row.pool
    free = any(each is not None and each.places_free for each in row.years)
    full = any(each is not None and each.HasField("places_free") and not each.places_free for each in row.years)
    return (
        (not wanted["kind"] or wanted["kind"] == pool.kind)
        and (not wanted["need"] or not pool.needs or wanted["need"].upper() in pool.needs)
        and (not wanted["where"] or (wanted["where"] == "in") == pool.setting.in_borough)
        and (not wanted["only"] or (free if wanted["only"] == "free" else full))
    )
