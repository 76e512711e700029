"""What libraries warn of, and what ends a thread or a process, are lines of our log without what they say."""

from __future__ import annotations

import json
import logging
import sys
import threading
from typing import Any

import pytest

from shared import logs, metrics, others_logs
from shared.identity.set_up import SetUpWrong

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is taken over is given back."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    logs.configure("echo")


def only(written: Captured) -> dict[str, Any]:
    found = written.readouterr()
    assert found.err == ""
    assert "Canary" not in found.out
    line: dict[str, Any] = json.loads(found.out)
    return line


@pytest.mark.parametrize("name", ["uvicorn.error", "grpc._server", "alembic", "sqlalchemy.pool", "kombu", "nameko"])
def test_a_librarys_error_is_told_without_its_text(name: str, capsys: Captured) -> None:
    try:
        raise KeyError("Canary Child")
    except KeyError:
        logging.getLogger(name).exception("Failed for Canary Child")
    line = only(capsys)
    assert (line["event"], line["level"], line["error_type"]) == ("library_warned", "error", "KeyError")
    assert line["location"].startswith(f"{name}:")


def test_what_ends_a_thread_is_told(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging, "captureWarnings", lambda _: None)
    others_logs.take_over_threads()

    def fail() -> None:
        raise KeyError("Canary Child")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    line = only(capsys)
    assert (line["event"], line["error_type"]) == ("thread_failed", "KeyError")
    assert line["location"][-1].startswith("fail:")


def ended_by(error: Exception) -> None:
    sys.excepthook(type(error), error, error.__traceback__)


def test_what_ends_a_process_is_told_with_what_to_do_where_that_is_known(capsys: Captured) -> None:
    ended_by(KeyError("Canary Child"))
    assert "reason" not in only(capsys)
    ended_by(SetUpWrong("Give the collector an https address."))
    assert only(capsys)["reason"] == "Give the collector an https address."
    ended_by(OSError(98, "Address already in use", "Canary"))
    assert only(capsys)["reason"] == "Address already in use"


def test_a_scraper_that_hangs_up_is_told_of_in_one_line(capsys: Captured) -> None:
    server = metrics.serve_metrics("127.0.0.1", 0)
    try:
        raise ConnectionResetError("Canary")
    except ConnectionResetError:
        server.handle_error(None, ("127.0.0.1", 1))  # type: ignore[arg-type]
    line = only(capsys)
    server.shutdown()
    server.server_close()
    assert (line["event"], line["error_type"]) == ("metrics_not_served", "ConnectionResetError")
