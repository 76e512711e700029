"""Offers, placements, imports and time in any order against a plain model.

Short here; `python -m tests.faults.any_order` does it at length. INBOROUGH_TEST_MACHINE_RUNS and …_STEPS lengthen it
too, with `--timeout 0`.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from services.provision.main import MIGRATIONS
from shared.database import migrate, open_database
from tests.service.provision.conftest import TODAY
from tests.service.provision.offers_machine import OffersMachine

RUNS = int(os.environ.get("INBOROUGH_TEST_MACHINE_RUNS", "8"))
STEPS = int(os.environ.get("INBOROUGH_TEST_MACHINE_STEPS", "25"))


def test_every_answer_and_count_is_what_a_plain_model_says(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_TODAY", TODAY.isoformat())
    engine = open_database(database_url)
    migrate(engine, MIGRATIONS)
    try:
        run_state_machine_as_test(
            lambda: OffersMachine(engine),  # type: ignore[arg-type]  # any maker of a machine will do
            settings=settings(max_examples=RUNS, stateful_step_count=STEPS, database=None),
        )
    finally:
        engine.dispose()
