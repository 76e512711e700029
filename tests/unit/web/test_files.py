"""Files that wait to be confirmed are their sender's alone, and go."""

from __future__ import annotations

import time

import pytest

from services.web import files
from services.web.files import HeldFiles
from shared.imports.report import SourceFile

FILE = SourceFile("pools.csv", b"invented")


def test_files_are_found_by_who_sent_them_alone() -> None:
    held = HeldFiles()
    key = held.hold("user_a", [FILE], {"how": "all"})
    found = held.find("user_a", key)
    assert found is not None
    assert list(found.files) == [FILE]
    assert held.find("user_b", key) is None
    held.drop(key)
    assert held.find("user_a", key) is None


def test_files_are_not_kept_longer_than_said(monkeypatch: pytest.MonkeyPatch) -> None:
    held = HeldFiles()
    key = held.hold("user_a", [FILE], {})
    later = time.monotonic() + 60 * files.MINUTES + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert held.find("user_a", key) is None


def test_the_oldest_go_first_when_there_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "OF_THE_LARGEST", 0)
    held = HeldFiles()
    first, second = (held.hold("user_a", [FILE], {}) for _ in range(2))
    assert held.find("user_a", first) is None
    assert held.find("user_a", second) is not None
