"""Keep and find shards of scenarios, and who is at them.

A shard is taken under a lease that its worker renews. Whether it is done is what its row says and nothing else: a
message about it may come twice, late or never.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, case, func, select, tuple_

from services.placement.domain.scenarios import UNDER_WAY, Cut, ShardKind, ShardState
from services.placement.storage.scenario_tables import scenario_shards as shards
from services.placement.storage.scenario_tables import scenarios
from shared.days import in_utc


class ShardKey(NamedTuple):
    """Which shard."""

    scenario_id: str
    shard: int


@dataclass(frozen=True)
class TakenShard:
    """A shard that somebody has a lease on."""

    kind: ShardKind
    first_replicate: int
    last_replicate: int
    takes: int
    failures: int


@dataclass(frozen=True)
class Counts:
    """How far a scenario has come, without its baseline. The summary is a shard too."""

    shards: int = 0
    done: int = 0
    leased: int = 0
    replicates_done: int = 0
    seconds: float = 0.0


def now() -> datetime:
    """This instant, to the microsecond: leases may be short."""
    return datetime.now(UTC)


def add_shards(connection: Connection, scenario_id: str, cuts: Sequence[Cut], *, with_summary: bool) -> None:
    """Add the shards of a new scenario: its replicates ready to be taken, its summary held back."""
    rows = [_row(scenario_id, at, ShardKind.REPLICATES, cut, ShardState.READY, now()) for at, cut in enumerate(cuts)]
    if with_summary:
        rows.append(_row(scenario_id, len(cuts), ShardKind.SUMMARY, Cut(0, -1), ShardState.HELD_BACK, None))
    connection.execute(shards.insert(), rows)


def _row(
    scenario_id: str, shard: int, kind: ShardKind, cut: Cut, state: ShardState, ready_at: datetime | None
) -> dict[str, Any]:
    return {
        "scenario_id": scenario_id,
        "shard": shard,
        "kind": kind,
        "first_replicate": cut.first_replicate,
        "last_replicate": cut.last_replicate,
        "state": state,
        "ready_at_utc": ready_at,
        "lease_owner": "",
        "takes": 0,
        "failures": 0,
        "replicates_done": 0,
        "seconds": 0.0,
    }


def _is(key: ShardKey) -> ColumnElement[bool]:
    return (shards.c.scenario_id == key.scenario_id) & (shards.c.shard == key.shard)


def _wanted() -> ColumnElement[bool]:
    """Of a scenario that is under way."""
    return shards.c.scenario_id.in_(select(scenarios.c.scenario_id).where(scenarios.c.state.in_(UNDER_WAY)))


def take(connection: Connection, key: ShardKey, owner: str, lease_seconds: float) -> TakenShard | None:
    """Take a shard that is ready, or whose lease ran out, for `owner`; None when there is nothing to take."""
    began = now()
    lapsed = (shards.c.state == ShardState.LEASED) & (shards.c.lease_until_utc < began)
    taking = (
        shards.update()
        .where(_is(key), (shards.c.state == ShardState.READY) | lapsed, _wanted())
        .values(
            state=ShardState.LEASED,
            lease_owner=owner,
            lease_until_utc=began + timedelta(seconds=lease_seconds),
            takes=shards.c.takes + 1,
            replicates_done=0,
        )
        .returning(shards.c.kind, shards.c.first_replicate, shards.c.last_replicate, shards.c.takes, shards.c.failures)
    )
    row = connection.execute(taking).first()
    return TakenShard(ShardKind(row.kind), *row[1:]) if row else None


def renew(connection: Connection, key: ShardKey, owner: str, lease_seconds: float, replicates_done: int) -> bool:
    """Say that `owner` is still at it and how far; False when it is no longer its own, or no longer wanted."""
    renewing = (
        shards.update()
        .where(_is(key), shards.c.state == ShardState.LEASED, shards.c.lease_owner == owner, _wanted())
        .values(lease_until_utc=now() + timedelta(seconds=lease_seconds), replicates_done=replicates_done)
    )
    return bool(connection.execute(renewing).rowcount)


def keep_outcome(connection: Connection, key: ShardKey, parts: Sequence[bytes], seconds: float) -> bool:
    """Keep what a shard came to; False when that is kept already, which changes nothing: it is the same."""
    done = (
        shards.update()
        .where(_is(key), shards.c.state != ShardState.DONE)
        .values(
            state=ShardState.DONE,
            outcome=pack(parts),
            replicates_done=shards.c.last_replicate - shards.c.first_replicate + 1,
            seconds=seconds,
            done_at_utc=now(),
        )
    )
    return bool(connection.execute(done).rowcount)


def put_back(connection: Connection, key: ShardKey, owner: str, *, failed: bool = False) -> bool:
    """Let others take a shard that `owner` has a lease on; False when it has none. `failed`: it raised an error."""
    back = (
        shards.update()
        .where(_is(key), shards.c.state == ShardState.LEASED, shards.c.lease_owner == owner)
        .values(**_READY, ready_at_utc=now(), failures=shards.c.failures + int(failed))
    )
    return bool(connection.execute(back).rowcount)


_READY = {"state": ShardState.READY, "announced_at_utc": None, "lease_owner": "", "replicates_done": 0}


def put_back_lapsed(connection: Connection) -> int:
    """Let others take every shard whose lease ran out: its worker died, or is cut off. How many there were."""
    lapsed = (shards.c.state == ShardState.LEASED) & (shards.c.lease_until_utc < now())
    back = shards.update().where(lapsed).values(**_READY, ready_at_utc=now())
    return connection.execute(back).rowcount


def make_ready(connection: Connection, scenario_id: str, before: ShardState, kind: ShardKind) -> int:
    """Let shards of a kind that stand as `before` be taken, and be announced anew."""
    which = (shards.c.scenario_id == scenario_id) & (shards.c.state == before) & (shards.c.kind == kind)
    return connection.execute(shards.update().where(which).values(**_READY, ready_at_utc=now())).rowcount


def forgive(connection: Connection, scenario_id: str) -> None:
    """Count takes and failures of shards that are not done anew: what made them fail may be mended."""
    theirs = (shards.c.scenario_id == scenario_id) & (shards.c.state != ShardState.DONE)
    connection.execute(shards.update().where(theirs).values(takes=0, failures=0))


def claim_announcements(connection: Connection, most: int) -> list[ShardKey]:
    """Shards that are ready and were not announced since, the longest ready first; now they count as announced."""
    waiting = (
        select(shards.c.scenario_id, shards.c.shard)
        .where(shards.c.state == ShardState.READY, shards.c.announced_at_utc.is_(None), _wanted())
        .order_by(shards.c.ready_at_utc, shards.c.scenario_id, shards.c.shard)
        .limit(most)
    )
    keys = [ShardKey(*row) for row in connection.execute(waiting.with_for_update(skip_locked=True, of=shards))]
    _mark_announced(connection, keys, now())
    return keys


def forget_announcements(connection: Connection, keys: Collection[ShardKey]) -> None:
    """The broker did not take these: they are still to be announced."""
    _mark_announced(connection, keys, None)


def _mark_announced(connection: Connection, keys: Collection[ShardKey], at: datetime | None) -> None:
    if keys:
        which = tuple_(shards.c.scenario_id, shards.c.shard).in_(list(keys))
        connection.execute(shards.update().where(which).values(announced_at_utc=at))


def list_left_lying(connection: Connection, since: datetime, most: int) -> list[ShardKey]:
    """Shards that are ready since before `since` and nobody took, the longest first."""
    query = select(shards.c.scenario_id, shards.c.shard).where(
        shards.c.state == ShardState.READY, shards.c.ready_at_utc <= since, _wanted()
    )
    rows = connection.execute(query.order_by(shards.c.ready_at_utc, shards.c.scenario_id, shards.c.shard).limit(most))
    return [ShardKey(*row) for row in rows]


def replicates_left(connection: Connection, scenario_id: str) -> bool:
    """Whether some replicates of a scenario are still to be simulated."""
    query = select(shards.c.shard).where(
        shards.c.scenario_id == scenario_id,
        shards.c.kind == ShardKind.REPLICATES,
        shards.c.state != ShardState.DONE,
    )
    return connection.execute(query.limit(1)).first() is not None


def count_shards(connection: Connection, scenario_ids: Collection[str]) -> dict[str, Counts]:
    """How far each of these scenarios has come, each for itself."""

    def how_many(state: ShardState) -> Any:
        return func.sum(case((shards.c.state == state, 1), else_=0))

    query = (
        select(
            shards.c.scenario_id,
            func.count(),
            how_many(ShardState.DONE),
            how_many(ShardState.LEASED),
            func.sum(shards.c.replicates_done),
            func.sum(shards.c.seconds),
        )
        .where(shards.c.scenario_id.in_(scenario_ids))
        .group_by(shards.c.scenario_id)
    )
    found = {
        row[0]: Counts(int(row[1]), int(row[2]), int(row[3]), int(row[4]), float(row[5]))
        for row in connection.execute(query)
    }
    return {scenario_id: found.get(scenario_id, Counts()) for scenario_id in scenario_ids}


def count_by_state(connection: Connection) -> dict[ShardState, int]:
    """How many shards of scenarios under way stand how."""
    query = select(shards.c.state, func.count()).where(_wanted()).group_by(shards.c.state)
    return {ShardState(state): how_many for state, how_many in connection.execute(query)}


def longest_wait_seconds(connection: Connection) -> float:
    """How long the shard that is ready longest has been so; 0 when none is."""
    query = select(func.min(shards.c.ready_at_utc)).where(shards.c.state == ShardState.READY, _wanted())
    since = connection.scalar(query)
    return max(0.0, (now() - in_utc(since)).total_seconds()) if since else 0.0


def list_outcomes(connection: Connection, scenario_id: str) -> list[bytes]:
    """What each replicate of a scenario came to, in order of replicates; only of shards that are done."""
    query = select(shards.c.outcome).where(
        shards.c.scenario_id == scenario_id,
        shards.c.kind == ShardKind.REPLICATES,
        shards.c.state == ShardState.DONE,
    )
    return [part for row in connection.execute(query.order_by(shards.c.shard)) for part in unpack(row.outcome)]


def pack(parts: Sequence[bytes]) -> bytes:
    """Several byte strings as one, compressed; the same parts give the same bytes."""
    return zlib.compress(b"".join(struct.pack("<I", len(part)) + part for part in parts))


def unpack(packed: bytes) -> list[bytes]:
    """The byte strings that `pack` was given."""
    raw, at, parts = zlib.decompress(packed), 0, []
    while at < len(raw):
        (length,) = struct.unpack_from("<I", raw, at)
        parts.append(raw[at + 4 : at + 4 + length])
        at += 4 + length
    return parts
