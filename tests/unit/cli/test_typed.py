"""Commands are printed as the person typed them."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.cli.typed import typed


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    command = tmp_path / "bin" / "inborough"
    command.parent.mkdir()
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    return command


def test_a_command_that_is_not_on_the_path_is_printed_with_its_own(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(installed.parent.parent)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("sys.argv", ["bin/inborough", "up"])
    assert typed("cases --due") == "bin/inborough cases --due"


def test_a_command_on_the_path_is_printed_by_name(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(installed.parent))
    monkeypatch.setattr("sys.argv", [str(installed), "up"])
    assert typed("plan") == "inborough plan"


def test_a_program_of_another_name_does_not_stand_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["/usr/bin/pytest"])
    assert typed("plan") == "inborough plan"
