"""The proof of the journal from its page: at once when it is quick, else how far it has come, and it can be stopped."""

from __future__ import annotations

import time

import pytest

from services.journal import operations
from services.web.pages import verification
from tests.builders.pages import Somebody
from tests.builders.running import wait_until


@pytest.fixture
def auditor(visitor: Somebody) -> Somebody:
    return visitor.sign_in("auditor")


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A journal so long that proving it ends only when nobody waits any more; what became of it."""
    ended: list[str] = []

    def prove(engine: object, sealer: object, anchors: object, still_wanted: object) -> list[object]:
        assert callable(still_wanted)
        while still_wanted():
            time.sleep(0.01)
        ended.append("nobody waits")
        raise operations.NobodyWaits

    monkeypatch.setattr(operations, "verify_journal", prove)
    monkeypatch.setattr(verification, "WAIT_SECONDS", 0.05)
    return ended


def test_a_quick_proof_is_shown_at_once(auditor: Somebody) -> None:
    auditor.open("/journal/verify")
    assert auditor.heading == "The journal is whole"
    assert 'data-live="on"' not in auditor.text


def test_a_long_proof_says_how_far_it_has_come(auditor: Somebody, endless: list[str]) -> None:
    auditor.open("/journal/verify")
    assert "Recomputing every chain of hashes" in auditor.text
    assert 'data-live="on"' in auditor.text
    auditor.follow("See how far it has come now")
    assert "seconds so far" in auditor.text
    auditor.send("/stop")


def test_stopping_a_proof_reaches_the_journal(auditor: Somebody, endless: list[str]) -> None:
    auditor.open("/journal/verify")
    looked_at = auditor.path
    auditor.send("/stop")
    assert "Whether the journal is whole was not found out." in auditor.text
    wait_until(lambda: endless == ["nobody waits"], "the journal stops", 5)
    assert "Stopped" in auditor.open(looked_at).text


def test_another_proof_of_the_same_person_ends_the_one_before(auditor: Somebody, endless: list[str]) -> None:
    auditor.open("/journal/verify").open("/journal/verify")
    wait_until(lambda: len(endless) == 1, "the first one stops", 5)
    auditor.send("/stop")
