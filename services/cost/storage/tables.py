"""Tables of the cost service: rate cards, kept version by version, and their rates in the file's order."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Integer, MetaData, String, Table, UniqueConstraint

from shared.database import revisions_table
from shared.event_log import tables as event_log

METADATA = MetaData()
event_log.add_to(METADATA)
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
)
