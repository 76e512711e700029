"""The authority's day: England's own, or the one that a demonstration lives on."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from shared import clock


def test_a_demonstration_lives_on_the_day_it_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_TODAY", "2024-02-01")
    assert clock.today() == date(2024, 2, 1)


@pytest.mark.parametrize("told", ["tomorrow", "01/02/2024", "2024-02-30"])
def test_what_is_not_a_day_is_refused_with_what_to_write(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    monkeypatch.setenv("INBOROUGH_TODAY", told)
    with pytest.raises(ValueError, match="write 2024-02-01"):
        clock.today()


def test_everybody_else_lives_on_englands_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour before midnight in UTC it is tomorrow already in an English summer."""

    class Summer(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime(2024, 6, 30, 23, 30, tzinfo=UTC).astimezone(clock.ENGLAND)

    monkeypatch.setattr(clock, "datetime", Summer)
    assert clock.today() == date(2024, 7, 1)
