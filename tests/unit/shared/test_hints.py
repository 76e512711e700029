"""Where hints go, and that they neither raise nor wait."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from shared.events import hints
from shared.settings import ServiceSettings


def test_the_embedded_broker_keeps_its_files_under_the_var_folder(tmp_path: Path) -> None:
    config = hints.nameko_config(ServiceSettings(INBOROUGH_VAR=tmp_path))
    assert config["AMQP_URI"] == "filesystem://"
    assert (tmp_path / "broker" / "messages").is_dir()


def test_a_broker_is_named_by_its_url() -> None:
    config = hints.nameko_config(ServiceSettings(INBOROUGH_BROKER_URL="amqp://somewhere/"))
    assert config["AMQP_URI"] == "amqp://somewhere/"


def test_of_hints_that_wait_the_newest_is_published(monkeypatch: pytest.MonkeyPatch) -> None:
    published: list[int] = []
    under_way, go_on = threading.Event(), threading.Event()

    def publish(service: str, settings: ServiceSettings, hint: hints.Hint) -> None:
        published.append(hint.sequence)
        under_way.set()
        go_on.wait(10)

    monkeypatch.setattr(hints, "publish", publish)
    telling = hints.Hints("caseload", ServiceSettings())
    telling.events_recorded(1)
    under_way.wait(10)
    for sequence in (2, 4, 3):
        telling.events_recorded(sequence)
    go_on.set()
    telling.close(10)
    assert published == [1, 4]


def test_a_broker_that_is_away_is_told_of_once_and_the_next_hint_is_tried(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tried: list[int] = []

    def publish(service: str, settings: ServiceSettings, hint: hints.Hint) -> None:
        tried.append(hint.sequence)
        if hint.sequence < 3:
            raise ConnectionRefusedError("amqp://guest:secret@broker/")

    monkeypatch.setattr(hints, "publish", publish)
    telling = hints.Hints("caseload", ServiceSettings())
    for sequence in (1, 2, 3):
        telling.events_recorded(sequence)
        while len(tried) < sequence:
            threading.Event().wait(0.01)
    telling.close(10)
    assert tried == [1, 2, 3]
    written = capsys.readouterr().out
    assert (written.count("hint_not_published"), written.count("hints_published_again")) == (1, 1)
    assert "secret" not in written
