"""Tables of scenarios: what was asked, the worlds they are simulated in, and the shards that workers take."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from shared.privacy import COUNTS, FREE_TEXT, NOTHING_PERSONAL, SPECIAL_CATEGORY, STAFF

METADATA = MetaData()

scenario_worlds = Table(
    "scenario_worlds",
    METADATA,
    Column("world_hash", String(64), primary_key=True),
    Column(
        "content",
        LargeBinary,
        nullable=False,
        comment="World as its own bytes; no case ids, no homes",
        info=SPECIAL_CATEGORY,
    ),
    Column("as_of", Date, nullable=False),
    Column("gathered_at_utc", DateTime(timezone=True), nullable=False),
    info=NOTHING_PERSONAL,
)

scenarios = Table(
    "scenarios",
    METADATA,
    Column("scenario_id", String(40), primary_key=True),
    Column("name", String(80), nullable=False, info=FREE_TEXT),
    Column("version", Integer, nullable=False),
    Column("is_baseline", Boolean, nullable=False),
    Column("baseline_id", String(40), nullable=False, index=True, comment="a baseline's is its own"),
    Column("based_on", String(40), nullable=False),
    Column(
        "definition",
        Text,
        nullable=False,
        comment="TOML as given; a baseline's is that of its first scenario",
        info=FREE_TEXT,
    ),
    Column("world_hash", String(64), ForeignKey("scenario_worlds.world_hash"), nullable=False),
    Column("code_version", String(16), nullable=False, comment="of the simulation: all of a scenario is by one"),
    Column("policy", String(80), nullable=False),
    Column("first_year", Integer, nullable=False),
    Column("years", Integer, nullable=False),
    Column("replicates", Integer, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("state", String(12), nullable=False, index=True),
    Column("changes", Integer, nullable=False),
    Column("created_by", String(70), nullable=False, info=STAFF),
    Column("created_at_utc", DateTime(timezone=True), nullable=False),
    Column("started_at_utc", DateTime(timezone=True)),
    Column("ended_at_utc", DateTime(timezone=True)),
    Column("failed_because", Text, nullable=False),
    Column("figures", LargeBinary, comment="GetScenarioResultResponse with figures alone, compressed", info=COUNTS),
    info=NOTHING_PERSONAL,
)

_named = text("NOT is_baseline")
Index(
    "scenarios_version_once",
    scenarios.c.name,
    scenarios.c.version,
    unique=True,
    sqlite_where=_named,
    postgresql_where=_named,
)
Index("ix_scenarios_created", scenarios.c.created_at_utc, scenarios.c.scenario_id)

scenario_shards = Table(
    "scenario_shards",
    METADATA,
    Column("scenario_id", String(40), ForeignKey("scenarios.scenario_id"), primary_key=True),
    Column("shard", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(10), nullable=False, comment="replicates, or summary: the last of a scenario"),
    Column("first_replicate", Integer, nullable=False),
    Column("last_replicate", Integer, nullable=False),
    Column("state", String(10), nullable=False, comment="held back, ready, leased or done"),
    Column("ready_at_utc", DateTime(timezone=True)),
    Column("announced_at_utc", DateTime(timezone=True), comment="when put on the queue; null: not since it was ready"),
    Column("lease_owner", String(40), nullable=False),
    Column("lease_until_utc", DateTime(timezone=True)),
    Column("takes", Integer, nullable=False, comment="how often a worker took it"),
    Column("failures", Integer, nullable=False, comment="how often it raised an error"),
    Column("replicates_done", Integer, nullable=False),
    Column("seconds", Double, nullable=False, comment="that its worker took"),
    Column("outcome", LargeBinary, comment="one part a replicate, compressed", info=COUNTS),
    Column("done_at_utc", DateTime(timezone=True)),
    info=NOTHING_PERSONAL,
)

Index("ix_scenario_shards_state", scenario_shards.c.state, scenario_shards.c.ready_at_utc)


def add_to(metadata: MetaData) -> None:
    """Make these tables known to the service's own metadata."""
    for table in METADATA.sorted_tables:
        table.to_metadata(metadata)
