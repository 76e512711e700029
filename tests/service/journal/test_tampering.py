"""Every way of tampering is found out and called by its name; the long form is `python -m tests.faults.tamper`."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from services.journal.operations import verify_chains
from shared.database import reading
from tests.builders.databases import DATABASES
from tests.builders.journal import SEALER
from tests.faults import tamper
from tests.faults.tampering import WAYS

JOURNALS = 2 * len(WAYS)


@pytest.fixture
def filled(engine: Engine) -> Engine:
    tamper.fill(engine, seed=7)
    return engine


def test_every_tampered_journal_is_found_out_and_called_by_its_name(filled: Engine) -> None:
    tallies = list(tamper.run(filled, JOURNALS, seed=7))
    assert sum(tally.journals for tally in tallies) == JOURNALS
    assert [tally.way.__name__ for tally in tallies if tally.detected != tally.journals] == []
    assert {
        tally.way.__name__: set(tally.called) - WAYS[tally.way]
        for tally in tallies
        if set(tally.called) - WAYS[tally.way]
    } == {}


def test_an_untouched_journal_verifies_before_and_after(filled: Engine) -> None:
    list(tamper.run(filled, len(WAYS), seed=8))
    with reading(filled) as connection:
        assert [chain.first_break for chain in verify_chains(connection, SEALER, []) if chain.first_break] == []


def test_the_long_form_fails_when_one_passes_for_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    arguments = ["--journals", str(len(WAYS)), "--database", DATABASES[0]]
    assert tamper.main(arguments) == 0
    monkeypatch.setattr("tests.faults.tamper.NEED_AN_ANCHOR", ())  # then nothing can tell an older copy
    assert tamper.main(arguments) == 1
    assert "| sqlite | older_copy | 1 | 0 |" in capsys.readouterr().out
