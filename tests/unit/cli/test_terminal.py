"""What reaches the terminal."""

from __future__ import annotations

import pytest
from rich.console import Console

from services.cli import terminal


def test_a_long_path_is_kept_whole(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    path = "/a/" + "long/" * 30
    terminal.complain(f"There is nothing at {path}", f"Look in {path}", 2)
    assert capsys.readouterr().err.count(path) == 2


def test_names_with_brackets_are_shown_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.show("[red]School[/red]", terminal.table(("Name",), [("[b]School",)]))
    out = capsys.readouterr().out
    assert "[red]School[/red]" in out
    assert "[b]School" in out


def test_numbers_are_never_cut_off_at_eighty_columns() -> None:
    console = Console(width=80, record=True, markup=False)
    row = ("word " * 20, "word " * 20, "£102,500", "12,345,678")
    with console.capture() as captured:
        console.print(terminal.table(("A", "B", "C", "D"), [row] * 2, right=("C", "D")))
    assert captured.get().count("12,345,678") == 2
    assert max(map(len, captured.get().splitlines())) <= 80


def test_the_same_answer_is_the_same_text(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.show_json({"b": 1, "a": "£"})
    assert capsys.readouterr().out == '{\n  "a": "£",\n  "b": 1\n}\n'
