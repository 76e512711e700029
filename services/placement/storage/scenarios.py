"""Keep and find scenarios and the worlds they are simulated in. A scenario only moves from a state that is named."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, tuple_

from services.placement.domain.scenarios import UNDER_WAY, State
from services.placement.storage.scenario_tables import scenario_worlds, scenarios
from shared.database import insert_or_ignore
from shared.days import in_utc, now_utc


@dataclass(frozen=True)
class StoredScenario:
    """A scenario or a baseline as kept, without its figures."""

    scenario_id: str
    name: str
    version: int
    is_baseline: bool
    baseline_id: str
    based_on: str
    definition: str
    world_hash: str
    code_version: str
    policy: str
    first_year: int
    years: int
    replicates: int
    seed: int
    created_by: str
    created_at_utc: datetime
    state: State = State.WAITING
    changes: int = 1
    started_at_utc: datetime | None = None
    ended_at_utc: datetime | None = None
    failed_because: str = ""


_NAMES = [field.name for field in fields(StoredScenario)]
_COLUMNS = [scenarios.c[name] for name in _NAMES]


def keep_world(connection: Connection, world_hash: str, content: bytes, as_of: date) -> None:
    """Keep the bytes of a world under their hash, once."""
    known = select(scenario_worlds.c.world_hash).where(scenario_worlds.c.world_hash == world_hash)
    if connection.execute(known).first() is None:
        row = {"world_hash": world_hash, "content": content, "as_of": as_of, "gathered_at_utc": now_utc()}
        connection.execute(insert_or_ignore(connection, scenario_worlds), row)


def find_world(connection: Connection, world_hash: str) -> bytes | None:
    """The bytes of a world, or None."""
    query = select(scenario_worlds.c.content).where(scenario_worlds.c.world_hash == world_hash)
    return connection.execute(query).scalar_one_or_none()


def list_days_of_worlds(connection: Connection, hashes: Collection[str]) -> dict[str, date]:
    """The day that each of these worlds is of, by hash."""
    query = select(scenario_worlds.c.world_hash, scenario_worlds.c.as_of)
    rows = connection.execute(query.where(scenario_worlds.c.world_hash.in_(hashes)))
    return {row.world_hash: row.as_of for row in rows}


def next_version(connection: Connection, name: str) -> int:
    """The version that the next scenario of that name gets."""
    last = select(func.max(scenarios.c.version)).where(scenarios.c.name == name, ~scenarios.c.is_baseline)
    return int(connection.execute(last).scalar() or 0) + 1


def keep_scenario(connection: Connection, scenario: StoredScenario) -> bool:
    """Keep a new scenario; False when that id, or that version of its name, is kept already."""
    return bool(connection.execute(insert_or_ignore(connection, scenarios), vars(scenario)).rowcount)


def find_scenario(connection: Connection, scenario_id: str) -> StoredScenario | None:
    """A scenario or baseline, or None."""
    row = connection.execute(select(*_COLUMNS).where(scenarios.c.scenario_id == scenario_id)).first()
    return _stored(row) if row else None


def list_scenarios(connection: Connection, name: str, most: int, after: str) -> list[StoredScenario] | None:
    """At most `most`, newest first and without baselines, after `after` ("" for the newest); None: that is unknown."""
    query = select(*_COLUMNS).where(~scenarios.c.is_baseline)
    if name:
        query = query.where(scenarios.c.name == name)
    place = tuple_(scenarios.c.created_at_utc, scenarios.c.scenario_id)
    if after:
        mark = select(scenarios.c.created_at_utc).where(scenarios.c.scenario_id == after)
        last = connection.execute(mark).scalar()
        if last is None:
            return None
        query = query.where(place < (last, after))
    newest_first = (scenarios.c.created_at_utc.desc(), scenarios.c.scenario_id.desc())
    return [_stored(row) for row in connection.execute(query.order_by(*newest_first).limit(most))]


def lock_family(connection: Connection, baseline_id: str) -> None:
    """Let nobody else end a shard of this baseline or of its scenarios, or begin or cancel one, until the commit.

    So whoever ends the last of them sees that it is the last.
    """
    row = scenarios.c.scenario_id == baseline_id
    connection.execute(scenarios.update().where(row).values(changes=scenarios.c.changes + 1))


def move(connection: Connection, scenario_id: str, before: Collection[State], after: State, **values: Any) -> bool:
    """Take a scenario from one of the states `before` to `after`; False when it is elsewhere."""
    its_row = scenarios.update().where(scenarios.c.scenario_id == scenario_id, scenarios.c.state.in_(before))
    moved = its_row.values(state=after, changes=scenarios.c.changes + 1, **values)
    return bool(connection.execute(moved).rowcount)


def list_under_way(connection: Connection, baseline_id: str) -> list[StoredScenario]:
    """The scenarios of a baseline that are not at an end, without itself."""
    query = select(*_COLUMNS).where(
        scenarios.c.baseline_id == baseline_id, ~scenarios.c.is_baseline, scenarios.c.state.in_(UNDER_WAY)
    )
    return [_stored(row) for row in connection.execute(query.order_by(scenarios.c.scenario_id))]


def keep_figures(connection: Connection, scenario_id: str, content: bytes) -> None:
    """Keep the serialised figures of a scenario."""
    its_row = scenarios.update().where(scenarios.c.scenario_id == scenario_id)
    connection.execute(its_row.values(figures=zlib.compress(content)))


def find_figures(connection: Connection, scenario_id: str) -> bytes | None:
    """The serialised figures of a scenario, or None until it is finished."""
    query = select(scenarios.c.figures).where(scenarios.c.scenario_id == scenario_id)
    found = connection.execute(query).scalar()
    return None if found is None else zlib.decompress(found)


def find_states(connection: Connection, scenario_ids: Sequence[str]) -> dict[str, State]:
    """How these scenarios stand."""
    query = select(scenarios.c.scenario_id, scenarios.c.state).where(scenarios.c.scenario_id.in_(scenario_ids))
    return {row.scenario_id: State(row.state) for row in connection.execute(query)}


def _stored(row: Row[Any]) -> StoredScenario:
    values = {name: getattr(row, name) for name in _NAMES}
    values["state"] = State(row.state)
    for name in ("created_at_utc", "started_at_utc", "ended_at_utc"):
        values[name] = in_utc(values[name]) if values[name] else None
    return StoredScenario(**values)
