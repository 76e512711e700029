"""The drill: back up while people work, lose everything, restore, and go on with nothing lost and nothing doubled."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, select, text

from services.caseload.storage.tables import METADATA
from services.cli.backup.checksums import table_copies
from services.journal.domain.chain import Sealer
from services.journal.operations import verify_chains
from services.journal.settings import DEMONSTRATION_KEY
from services.journal.storage.tables import entries
from shared.database import reading
from shared.event_log.tables import cursors, events
from tests.builders.deciding import ASKS_BIRCH, FREE, Panel
from tests.builders.identity import TESTER
from tests.builders.whole import DATABASES, SERVICES, Whole
from tests.service.recovery.conftest import Inborough


@contextmanager
def working(panel: Panel, whole: Whole) -> Iterator[list[BaseException]]:
    """Somebody looks at cases and the events processes read, until the end; what went wrong is in the list."""
    ended, wrong = threading.Event(), list[BaseException]()

    def go_on(step: object) -> None:
        try:
            while not ended.wait(0.05):
                step()  # type: ignore[operator]
        except BaseException as error:
            wrong.append(error)

    threads = [
        threading.Thread(target=go_on, args=(step,)) for step in (lambda: panel.case(FREE), lambda: whole.read_logs())
    ]
    for thread in threads:
        thread.start()
    try:
        yield wrong
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def wipe(engine: Engine) -> None:
    """Lose everything in a database."""
    if engine.dialect.name == "sqlite":
        engine.dispose()
        for path in Path(str(engine.url.database)).parent.glob("test.db*"):
            path.unlink()
        return
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))


def journaled(whole: Whole, source: str) -> Counter[int]:
    """How many entries the journal has of each event of a source."""
    with whole.engine("journal") as engine, reading(engine) as connection:
        return Counter(connection.scalars(select(entries.c.sequence).where(entries.c.source == source)))


def logged(whole: Whole, source: str) -> Counter[int]:
    """How many entries each event of a source's log makes."""
    with whole.engine(source) as engine, reading(engine) as connection:
        rows = connection.execute(select(events.c.sequence, events.c.case_ids))
        return Counter({row.sequence: max(1, len(set(row.case_ids.split()))) for row in rows})


def test_nothing_is_lost_or_doubled_when_everything_is_lost_and_restored(
    whole: Whole, inborough: Inborough, tmp_path: Path
) -> None:
    out = tmp_path / "backups"
    with whole.sitting() as panel:
        decision = panel.record(FREE)
        whole.read_logs()
        with working(panel, whole) as wrong:
            made = json.loads(inborough("backup", "--out", str(out), "--json").out)
        assert wrong == []
        after = panel.record(ASKS_BIRCH)
    whole.stop()
    assert inborough("backup", "verify", made["folder"]).status == 0
    for name in DATABASES:
        with whole.engine(name) as engine:
            wipe(engine)

    assert inborough("restore", made["folder"]).status == 0
    for copy in made["databases"]:
        with whole.engine(copy["service"]) as engine, reading(engine) as connection:
            assert [table.model_dump() for table in table_copies(connection)] == copy["tables"]
    _need_readers_behind(whole)

    whole.start()
    while whole.read_logs():
        pass
    for source in SERVICES:
        assert journaled(whole, source) == logged(whole, source), source
    with whole.engine("journal") as engine, reading(engine) as connection:
        _need_imports_audited(connection)
        chains = verify_chains(connection, Sealer(DEMONSTRATION_KEY.encode()), [])
    assert [chain.first_break for chain in chains if chain.first_break] == []
    with whole.sitting() as panel:
        assert panel.read(decision.decision_id).decision.decision_id == decision.decision_id
        assert panel.record(ASKS_BIRCH).decision_id != after.decision_id


def _need_imports_audited(connection: Connection) -> None:
    """Who brought which file in, and when, is in the journal: the file's own id is made from its content."""
    found = {row.name: row for row in connection.execute(select(entries)) if row.name.endswith("_imported")}
    files = {"settings", "place_pools", "rate_card", "sen2", "preferences", "decisions_due"}
    assert {name.removesuffix("_imported") for name in found} == files
    for row in found.values():
        assert (row.actor, row.occurred_at_utc[:3]) == (TESTER, "202")
        assert json.loads(row.facts)["import_id"].startswith("imp_")
    assert json.loads(found["rate_card_imported"].facts)["rate_card_id"]


def _need_readers_behind(whole: Whole) -> None:
    """No cursor is beyond the log that it reads."""
    ends = {}
    for name in SERVICES:
        with whole.engine(name) as engine, reading(engine) as connection:
            ends[name] = connection.scalar(text("SELECT coalesce(max(sequence), 0) FROM events"))
    for reader in ("journal", "placement"):
        with whole.engine(reader) as engine, reading(engine) as connection:
            for row in connection.execute(select(cursors)):
                assert row.sequence <= ends[row.source]


def test_both_kinds_of_database_give_the_same_checksums(whole: Whole, tmp_path: Path) -> None:
    """Rows of this database, written to a SQLite file, are hashed to the same."""
    with whole.engine("caseload") as engine, reading(engine) as connection:
        theirs = table_copies(connection)
        rows = {
            table.name: [dict(row._mapping) for row in connection.execute(select(table))]
            for table in METADATA.sorted_tables
        }
    other = create_engine(f"sqlite:///{tmp_path / 'other.db'}")
    METADATA.create_all(other)
    with other.begin() as connection:
        for table in METADATA.sorted_tables:
            if rows[table.name]:
                connection.execute(table.insert(), rows[table.name])
    with other.connect() as connection:
        ours = table_copies(connection)
    other.dispose()
    assert ours == [table for table in theirs if table.name != "alembic_version"]
    assert sum(table.rows for table in ours) > 10
