"""Tables, migrations, gauges, and what is never stored."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from prometheus_client import REGISTRY
from sqlalchemy import inspect

from services.caseload.main import MIGRATIONS
from services.caseload.storage.tables import METADATA
from shared.database import migrate, open_database, reading
from tests.builders import caseload as build
from tests.builders.caseload import Child
from tests.service.caseload.conftest import Caseload


def test_migrations_and_tables_agree(database_url: str) -> None:
    engine = open_database(database_url)
    migrate(engine, MIGRATIONS)
    migrate(engine, MIGRATIONS)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
        assert set(inspect(connection).get_table_names()) == {*METADATA.tables, "alembic_version"}
    engine.dispose()


def test_no_name_number_postcode_or_birth_day_is_stored(caseload: Caseload, database_url: str) -> None:
    child = Child(uniquelearnernumber="9000000012", surname="Canaryname", forename="Canaryfirst", nativeid="canary-77")
    caseload.import_sen2(build.blade(child))
    caseload.import_due(build.due({}))
    caseload.import_preferences(build.preferences({}))
    engine = open_database(database_url)
    with reading(engine) as connection:
        stored = [str(row) for table in METADATA.sorted_tables for row in connection.execute(table.select())]
    engine.dispose()
    text = "\n".join(stored).casefold()
    assert len(stored) > 5
    for canary in ("canary", child.upn, "9000000012", "WA8", "6BS", "2013-03", "2013, 3, 17"):
        assert canary.casefold() not in text


def test_gauges_count_cases_and_decisions_after_each_import(shared_caseload: Caseload) -> None:
    shared_caseload.import_sen2(build.blade(*build.children(3)))
    shared_caseload.import_due(build.due({}, {"upn": build.upn(2)}))
    assert REGISTRY.get_sample_value("inborough_cases", {"stage": "open_plan"}) == 3
    assert REGISTRY.get_sample_value("inborough_cases", {"stage": "ceased"}) == 0
    assert REGISTRY.get_sample_value("inborough_decisions_due", {"first_day": "2024-09-02"}) == 2
