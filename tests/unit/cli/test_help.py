"""Help that teaches."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from services.cli.main import command as whole_command
from services.cli.main import run

GROUPS = ("panel", "decisions", "consult", "appeal", "journal", "events", "import", "scenario")


def every_command(command: Any = None, typed: tuple[str, ...] = ()) -> Iterator[list[str]]:
    """Each command as a person types it, found by walking the whole command; `offers` lists and has commands too."""
    command = command or whole_command()
    if typed and typed not in {(group,) for group in GROUPS}:
        yield list(typed)
    for name, under in getattr(command, "commands", {}).items():
        yield from every_command(under, (*typed, name))


def test_every_command_is_found() -> None:
    found = {" ".join(command) for command in every_command()}
    assert {"recommend", "decide", "decisions show", "panel close", "offers", "offers extend", "import due"} <= found


@pytest.mark.parametrize("command", list(every_command()), ids=" ".join)
def test_every_command_has_an_example_and_says_what_to_try_next(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*command, "--help"]) == 0
    said = capsys.readouterr().out
    assert f"inborough {' '.join(command)}" in said.split("Example:")[1]
    assert "Next: inborough" in said


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_says_what_it_is_for_with_an_example(group: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([group, "--help"]) == 0
    assert f"inborough {group}" in capsys.readouterr().out.split("Example:")[1]


def test_an_unknown_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["recomend"]) == 2
    assert "recommend" in capsys.readouterr().err


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from services.cli.main import run; run(['--help']); "
        "print(sorted({'grpc', 'pydantic', 'numpy', 'ortools', 'sqlalchemy', 'openpyxl'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip().endswith("[]")


def test_a_fault_of_ours_is_no_traceback(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("services.cli.system.health.check_services", lambda: 1 / 0)
    assert run(["health"]) == 70
    said = capsys.readouterr().err
    assert "ZeroDivisionError" in said
    assert "Traceback" not in said


def test_a_wrong_environment_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INBOROUGH_AUTHORITY", "Halton")
    assert run(["health"]) == 2
    assert "INBOROUGH_AUTHORITY" in capsys.readouterr().err


def test_a_reader_that_has_had_enough_hears_no_complaint() -> None:
    command = [sys.executable, "-m", "services.cli.main", "template", "pools"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.close()
        assert running.stderr.read() == b""
