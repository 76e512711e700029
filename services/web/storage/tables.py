"""Tables of the pages: sessions, and drafts of forms."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, MetaData, String, Table, Text

from shared.privacy import FREE_TEXT, NOTHING_PERSONAL, PSEUDONYM, STAFF

METADATA = MetaData()

sessions = Table(
    "sessions",
    METADATA,
    Column(
        "session_hash", String(64), primary_key=True, info=NOTHING_PERSONAL
    ),  # SHA-256 of the cookie: the table opens no session
    Column("user_id", String(70), nullable=False),  # empty until somebody is signed in
    Column("name", String(100), nullable=False),
    Column("roles", String(120), nullable=False),
    Column("form_token", String(64), nullable=False, info=NOTHING_PERSONAL),
    Column(
        "state", Text, nullable=False, info=PSEUDONYM
    ),  # JSON: what sign-in is in the middle of, a notice to show once
    Column("made_at_utc", DateTime(timezone=True), nullable=False, info=NOTHING_PERSONAL),
    Column("seen_at_utc", DateTime(timezone=True), nullable=False, info=NOTHING_PERSONAL),
    Column("ended", Boolean, nullable=False, info=NOTHING_PERSONAL),
    # When the issuer last said who it is; empty: when it was made.
    Column("checked_at_utc", DateTime(timezone=True), nullable=True, info=NOTHING_PERSONAL),
    info=STAFF,
)

drafts = Table(
    "drafts",
    METADATA,
    Column("user_id", String(70), primary_key=True, info=STAFF),
    Column("path", String(200), primary_key=True, info=PSEUDONYM),
    Column("answers", Text, nullable=False, info=FREE_TEXT),  # JSON; may hold free text about a child
    Column("kept_at_utc", DateTime(timezone=True), nullable=False),
    info=NOTHING_PERSONAL,
)
