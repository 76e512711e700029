"""Files of the demonstration: the same rows, the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.cli.demo.tables import write_table


def test_what_a_row_leaves_out_is_blank(tmp_path: Path) -> None:
    path = tmp_path / "stays.csv"
    assert write_table(path, ["ref", "places"], [{"places": 7, "ref": "r1"}, {"ref": 'a "b", c'}]) == 2
    assert path.read_bytes() == b'ref,places\r\nr1,7\r\n"a ""b"", c",\r\n'


def test_a_value_without_a_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"a row of stays\.csv has a column that is not in its heading"):
        write_table(tmp_path / "stays.csv", ["ref"], [{"ref": "r1", "places": 7}])
