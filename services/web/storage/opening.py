"""The pages' store as settings say how long things last."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine

from services.web.settings import Settings
from services.web.storage.repository import Store


def store_of(settings: Settings, engine: Engine) -> Store:
    """The store. Demo users prove nothing, so nobody can be asked again who they are."""
    return Store(
        engine,
        idle=timedelta(minutes=settings.session_minutes),
        longest=timedelta(hours=settings.session_hours),
        kept=timedelta(days=settings.draft_days),
        recheck=None if settings.demo_sign_in else timedelta(minutes=settings.recheck_minutes),
    )
