"""Failpoints: each kills once when armed, does nothing otherwise, and is not there at all in production's code."""

from __future__ import annotations

import ast
import dis
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

import pytest

ROOT = Path(__file__).parents[3]
PASS_THRICE = """
from shared.failpoints import failpoint
for number in range(3):
    failpoint("a.place")
    print(number, flush=True)
"""
CALL = "failpoint("


def run(folder: Path | None) -> tuple[int, str]:
    """How a process ended that passes the place three times, and what it passed."""
    environment = dict(os.environ) | ({"INBOROUGH_FAILPOINTS": str(folder)} if folder else {})
    done = subprocess.run(
        [sys.executable, "-c", PASS_THRICE], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout


def test_without_a_folder_nothing_happens() -> None:
    assert run(None) == (0, "0\n1\n2\n")


def test_a_place_that_is_not_armed_is_passed(tmp_path: Path) -> None:
    assert run(tmp_path) == (0, "0\n1\n2\n")


def test_an_armed_place_kills_and_only_once(tmp_path: Path) -> None:
    (tmp_path / "a.place").touch()
    assert run(tmp_path) == (-signal.SIGKILL, "")
    assert not (tmp_path / "a.place").exists()
    assert run(tmp_path) == (0, "0\n1\n2\n")


def test_a_number_says_how_often_it_is_passed_first(tmp_path: Path) -> None:
    (tmp_path / "a.place").write_text("2")
    assert run(tmp_path) == (-signal.SIGKILL, "0\n1\n")


def test_a_file_that_is_no_number_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.place").write_text("soon")
    assert run(tmp_path) == (0, "0\n1\n2\n")


def with_failpoints() -> list[Path]:
    """Every source file of ours that has a failpoint."""
    sources = [path for room in ("shared", "services") for path in (ROOT / room).rglob("*.py")]
    return [path for path in sources if CALL in path.read_text() and path.name != "failpoints.py"]


def names_used(code: CodeType) -> Iterator[str]:
    """Names that the code loads, however deep."""
    for step in dis.get_instructions(code):
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield str(step.argval)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from names_used(constant)


def test_there_are_failpoints_to_look_at() -> None:
    assert len(with_failpoints()) >= 2


@pytest.mark.parametrize("path", with_failpoints(), ids=lambda path: str(path.relative_to(ROOT)))
def test_production_settings_compile_every_failpoint_away(path: Path) -> None:
    source = path.read_text()
    assert "failpoint" in set(names_used(compile(source, str(path), "exec", optimize=0)))
    assert "failpoint" not in set(names_used(compile(source, str(path), "exec", optimize=1)))


def test_every_failpoint_has_a_name_of_its_own_place() -> None:
    """One name in two places would say nothing of where a process died."""
    named = [
        str(node.args[0].value)
        for path in with_failpoints()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "failpoint"
        if isinstance(node.args[0], ast.Constant)
    ]
    assert sorted(named) == sorted(set(named))


def test_the_production_image_runs_optimised() -> None:
    lines = (ROOT / "deploy" / "docker" / "Dockerfile").read_text().splitlines()
    assert any(line.startswith("ENV ") and "PYTHONOPTIMIZE=1" in line.split() for line in lines)
