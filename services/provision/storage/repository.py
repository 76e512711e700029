"""Named queries on settings and place pools. Each takes an open connection; who calls holds the transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, or_, select, text, true

from services.provision.domain.pools import PlacePool, PlacesFrom
from services.provision.domain.settings import GridReference, Setting
from services.provision.storage.tables import pool_numbers, pools, revisions, settings
from shared.database import change_revision, current_revision


def get_revision(connection: Connection) -> str:
    """The token that changes with every change of a setting or pool; "" before the first."""
    return current_revision(connection, revisions)


def record_change(connection: Connection) -> None:
    """Give the facts a new revision."""
    change_revision(connection, revisions)


def hold_off_other_imports(connection: Connection) -> None:
    """Let one import at a time compare and write. SQLite does so by itself: a writing transaction begins IMMEDIATE."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE settings IN SHARE ROW EXCLUSIVE MODE"))


def find_setting(connection: Connection, urn: int) -> Setting | None:
    """One setting, or None."""
    row = connection.execute(select(settings).where(settings.c.urn == urn)).first()
    return _setting(row) if row else None


def list_settings(connection: Connection, after_urn: int = 0, most: int | None = None) -> list[Setting]:
    """Settings with a URN above `after_urn`, ordered by URN; at most `most`."""
    query = select(settings).where(settings.c.urn > after_urn).order_by(settings.c.urn).limit(most)
    return [_setting(row) for row in connection.execute(query)]


def list_settings_with_pools(connection: Connection) -> dict[int, Setting]:
    """The settings that have place pools, by URN."""
    query = select(settings).where(settings.c.urn.in_(select(pools.c.urn)))
    return {row.urn: _setting(row) for row in connection.execute(query)}


def count_settings(connection: Connection) -> int:
    """How many settings there are."""
    return connection.scalar(select(func.count()).select_from(settings)) or 0


def record_settings(connection: Connection, created: Sequence[Setting], updated: Sequence[Setting]) -> None:
    """Insert the created settings and overwrite the updated ones."""
    if created:
        connection.execute(settings.insert(), [_setting_cells(setting) for setting in created])
    if updated:
        values: dict[str, Any] = {c.name: bindparam(c.name) for c in settings.c if c.name != "urn"}
        statement = settings.update().where(settings.c.urn == bindparam("its_urn")).values(values)
        cells = [_setting_cells(setting) for setting in updated]
        connection.execute(statement, [{**row, "its_urn": row.pop("urn")} for row in cells])


def list_pools(connection: Connection) -> list[PlacePool]:
    """Every pool with its numbers by date, ordered by pool id."""
    return _list_pools(connection, true())


def list_pools_counted_with(connection: Connection, pool_id: str) -> list[PlacePool]:
    """A pool, those of its group, and all others of their settings, ordered by pool id; none for an unknown pool."""
    its_group = select(pools.c.group_id).where(pools.c.pool_id == pool_id, pools.c.group_id != "").scalar_subquery()
    urns = select(pools.c.urn).where(or_(pools.c.pool_id == pool_id, pools.c.group_id == its_group))
    return _list_pools(connection, pools.c.urn.in_(urns))


def _list_pools(connection: Connection, where: ColumnElement[bool]) -> list[PlacePool]:
    numbers: dict[str, list[PlacesFrom]] = defaultdict(list)
    of_these = select(pool_numbers).where(pool_numbers.c.pool_id.in_(select(pools.c.pool_id).where(where)))
    for row in connection.execute(of_these.order_by(pool_numbers.c.first_day)):
        numbers[row.pool_id].append(PlacesFrom(row.first_day, row.places, row.confirmed, row.basis, row.group_places))
    rows = connection.execute(select(pools).where(where)).all()
    return sorted((_pool(row, numbers[row.pool_id]) for row in rows), key=lambda pool: pool.pool_id)


def replace_pools(connection: Connection, replacing: Sequence[PlacePool], existing: Collection[str]) -> None:
    """Write pools whole, with all their numbers; `existing` are the ids of those on file.

    Those on file are changed in place and in order of id, so that an offer of one of them waits for the import or the
    import for the offer, and the offer then counts with the new numbers.
    """
    ordered = sorted(replacing, key=lambda pool: pool.pool_id)
    old = [pool for pool in ordered if pool.pool_id in existing]
    new = [pool for pool in ordered if pool.pool_id not in existing]
    if old:
        values: dict[str, Any] = {c.name: bindparam(c.name) for c in pools.c if c.name != "pool_id"}
        changing = pools.update().where(pools.c.pool_id == bindparam("its_pool_id")).values(values)
        cells = [_pool_cells(pool) for pool in old]
        connection.execute(changing, [{**row, "its_pool_id": row.pop("pool_id")} for row in cells])
        forgetting = pool_numbers.delete().where(pool_numbers.c.pool_id == bindparam("its_pool_id"))
        connection.execute(forgetting, [{"its_pool_id": pool.pool_id} for pool in old])
    if new:
        connection.execute(pools.insert(), [_pool_cells(pool) for pool in new])
    if ordered:
        connection.execute(pool_numbers.insert(), list(_number_cells(ordered)))


def _setting(row: Row[Any]) -> Setting:
    at = row.easting is not None and row.northing is not None
    return Setting(
        urn=row.urn,
        name=row.name,
        type_code=row.type_code,
        type_name=row.type_name,
        la_code=row.la_code,
        la_name=row.la_name,
        location=GridReference(row.easting, row.northing) if at else None,
        low_age=row.low_age,
        high_age=row.high_age,
        admits_sex=row.admits_sex,
        status=row.status,
        section_41_approved=row.section_41_approved,
        needs=_words(row.needs),
        school_capacity=row.school_capacity,
        number_on_roll=row.number_on_roll,
    )


def _setting_cells(setting: Setting) -> dict[str, Any]:
    return {
        "urn": setting.urn,
        "name": setting.name,
        "type_code": setting.type_code,
        "type_name": setting.type_name,
        "la_code": setting.la_code,
        "la_name": setting.la_name,
        "easting": setting.location.easting if setting.location else None,
        "northing": setting.location.northing if setting.location else None,
        "low_age": setting.low_age,
        "high_age": setting.high_age,
        "admits_sex": setting.admits_sex,
        "status": setting.status,
        "section_41_approved": setting.section_41_approved,
        "needs": ";".join(setting.needs),
        "school_capacity": setting.school_capacity,
        "number_on_roll": setting.number_on_roll,
    }


def _pool(row: Row[Any], numbers: Sequence[PlacesFrom]) -> PlacePool:
    return PlacePool(
        pool_id=row.pool_id,
        urn=row.urn,
        kind=row.kind,
        needs=_words(row.needs),
        year_group_low=row.year_group_low,
        year_group_high=row.year_group_high,
        numbers=tuple(numbers),
        admits_sex=row.admits_sex,
        wheelchair_accessible=row.wheelchair_accessible,
        group_id=row.group_id,
    )


def _pool_cells(pool: PlacePool) -> dict[str, Any]:
    return {
        "pool_id": pool.pool_id,
        "urn": pool.urn,
        "kind": pool.kind,
        "needs": ";".join(pool.needs),
        "year_group_low": pool.year_group_low,
        "year_group_high": pool.year_group_high,
        "admits_sex": pool.admits_sex,
        "wheelchair_accessible": pool.wheelchair_accessible,
        "group_id": pool.group_id,
    }


def _number_cells(replacing: Sequence[PlacePool]) -> Iterable[Mapping[str, Any]]:
    for pool in replacing:
        for number in pool.numbers:
            yield {
                "pool_id": pool.pool_id,
                "first_day": number.first_day,
                "places": number.places,
                "confirmed": number.confirmed,
                "basis": number.basis,
                "group_places": number.group_places,
            }


def _words(text_: str) -> tuple[str, ...]:
    return tuple(word for word in text_.split(";") if word)
