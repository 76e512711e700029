"""Free text on the command line."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer

from services.cli.commands.texts import MOST_CHARACTERS, read_text


def test_a_text_is_as_given_and_none_is_empty() -> None:
    assert read_text(" Near home. ", "--reason") == "Near home."
    assert read_text("", "--reason") == read_text(None, "--reason") == ""


def test_a_text_can_be_in_a_file_as_word_processors_save_it(tmp_path: Path) -> None:
    (tmp_path / "why.txt").write_bytes("\ufeffNear home – and safe.\r\n".encode())
    assert read_text(f"@{tmp_path / 'why.txt'}", "--reason") == "Near home – and safe."


def test_a_text_can_come_on_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"Near home.\n")))
    assert read_text("@-", "--reason") == "Near home."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\x00secret", "not text in UTF-8"),
        (b" \n", "no text in it"),
        (b"secret" * MOST_CHARACTERS, "20,000 are kept at most"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_its_text_is_not_echoed(
    tmp_path: Path, content: bytes, said: str
) -> None:
    (tmp_path / "why.txt").write_bytes(content)
    with pytest.raises(typer.BadParameter) as refused:
        read_text(f"@{tmp_path / 'why.txt'}", "--reason")
    assert said in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(typer.BadParameter, match=r"cannot read /nowhere/why\.txt: No such file"):
        read_text("@/nowhere/why.txt", "--reason")
