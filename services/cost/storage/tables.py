"""Tables of the cost service: rate cards and fleets, version by version, what travel takes, and run plans."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from shared.database import revisions_table
from shared.event_log import tables as event_log
from shared.keeping import tables as keeping
from shared.privacy import COUNTS, NOTHING_PERSONAL, PERSONAL, SPECIAL_CATEGORY

METADATA = MetaData()
event_log.add_to(METADATA)
keeping.add_to(METADATA)
revisions = revisions_table(METADATA)

rate_cards = Table(
    "rate_cards",
    METADATA,
    Column("rate_card_id", String(64), primary_key=True),
    Column("name", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("import_order", Integer, nullable=False, unique=True),
    UniqueConstraint("name", "version"),
    info=NOTHING_PERSONAL,
)

rates = Table(
    "rates",
    METADATA,
    Column("rate_card_id", String(64), ForeignKey("rate_cards.rate_card_id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("item", String(24), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("need", String(4), nullable=False),
    Column("band", String(1), nullable=False),
    Column("urn", Integer, nullable=False),
    Column("minimum_metres", Integer, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("unit", String(16), nullable=False),
    Column("basis", String(16), nullable=False),
    Column("source", String(200), nullable=False),
    info=NOTHING_PERSONAL,
)


def _places() -> list[Column[int]]:
    """From where to where, on the National Grid in whole metres; no postcode is kept."""
    names = ("from_easting", "from_northing", "to_easting", "to_northing")
    return [Column(name, Integer, primary_key=True, autoincrement=False) for name in names]


travel_matrix = Table(
    "travel_matrix",
    METADATA,
    *_places(),
    Column("walking_metres", Integer, nullable=True),
    Column("driving_metres", Integer, nullable=False),
    Column("driving_minutes", Integer, nullable=False),
    Column("as_of_day", Date, nullable=False),
    info=PERSONAL,
)

travel_matrix_revisions = Table(
    "travel_matrix_revisions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("revision", String(40), nullable=False),
    info=NOTHING_PERSONAL,
)
"""Changes with the matrix alone, so that it is read again only then."""

routed_pairs = Table(
    "routed_pairs",
    METADATA,
    Column("provider", String(16), primary_key=True),
    Column("mode", String(8), primary_key=True),
    *_places(),
    Column("metres", Integer, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("fetched_day", Date, nullable=False),
    info=PERSONAL,
)

travel_methods = Table(
    "travel_methods",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("method", String(200), nullable=False),
    info=NOTHING_PERSONAL,
)
"""One row: how journeys were found when the service last started, since other settings make other prices."""

fleets = Table(
    "fleets",
    METADATA,
    Column("fleet_id", String(64), primary_key=True),
    Column("name", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("import_order", Integer, nullable=False, unique=True),
    UniqueConstraint("name", "version"),
    info=NOTHING_PERSONAL,
)

vehicle_types = Table(
    "vehicle_types",
    METADATA,
    Column("fleet_id", String(64), ForeignKey("fleets.fleet_id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("name", String(40), nullable=False),
    Column("seats", Integer, nullable=False),
    Column("wheelchair_places", Integer, nullable=False),
    Column("pence_per_day", BigInteger, nullable=False),
    Column("pence_per_km", BigInteger, nullable=False),
    Column("basis", String(16), nullable=False),
    Column("source", String(200), nullable=False),
    info=NOTHING_PERSONAL,
)

bell_times = Table(
    "bell_times",
    METADATA,
    Column("urn", Integer, primary_key=True, autoincrement=False),
    Column("bell_minutes", Integer, nullable=False),
    info=NOTHING_PERSONAL,
)

run_plans = Table(
    "run_plans",
    METADATA,
    Column("run_plan_id", String(40), primary_key=True),
    Column("kept_order", Integer, nullable=False, unique=True),
    Column("first_day", Date, nullable=False),
    Column("planned_at_utc", DateTime(timezone=True), nullable=False),
    Column(
        "summary",
        LargeBinary,
        nullable=False,
        comment="RunPlan without runs, settings and children not carried",
        info=COUNTS,
    ),
    Column("content", LargeBinary, nullable=False, comment="RunPlan, compressed", info=SPECIAL_CATEGORY),
    Column(
        "asked",
        LargeBinary,
        nullable=False,
        comment="PlanRunsRequest with who is carried, compressed",
        info=SPECIAL_CATEGORY,
    ),
    Column("bell_times", LargeBinary, nullable=False, comment="GetFleetResponse with the bell times used, compressed"),
    info=NOTHING_PERSONAL,
)
