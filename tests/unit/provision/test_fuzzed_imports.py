"""Whatever bytes come in, the readers answer with problems and never fail."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.provision.imports.gias import read_settings
from services.provision.imports.pools import read_pools
from shared.imports.report import SourceFile
from tests.builders.provision import (
    GIAS_COLUMNS,
    POOL_COLUMNS,
    a_setting,
    gias_file,
    gias_row,
    pool_row,
    pools_file,
    xlsx_bytes,
)

SETTINGS = {100001: a_setting()}
GOOD_GIAS = gias_file(gias_row(), gias_row(URN="100002")).content
GOOD_POOLS = pools_file(pool_row(), pool_row(first_day="2023-09-01"), pool_row(pool_ref="B")).content
GOOD_WORKBOOK = xlsx_bytes([pool_row(), pool_row(pool_ref="B")], POOL_COLUMNS)


@st.composite
def _spoiled(draw: st.DrawFn, good: bytes) -> bytes:
    """A good file with a few stretches replaced by other bytes."""
    content = good
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        content = content[:start] + draw(st.binary(max_size=6)) + content[start + draw(st.integers(0, 6)) :]
    return content


CELLS = st.text(max_size=20) | st.sampled_from(
    ["-1", "0", "١٢", "²", "1e3", "=A1", "nan", "9" * 400, "2024-13-01", "\x0b"]
)


def _read_both(content: bytes) -> None:
    file = SourceFile("file.csv", content)
    for found in (read_settings(file), read_pools(file, SETTINGS, [])):
        assert all(problem.reason and problem.file == "file.csv" for problem in found.problems)
        assert all(len(problem.value.encode()) < 400 for problem in found.problems)


@given(st.binary(max_size=400))
def test_arbitrary_bytes_give_problems_only(content: bytes) -> None:
    _read_both(content)


@given(_spoiled(GOOD_GIAS) | _spoiled(GOOD_POOLS) | _spoiled(GOOD_WORKBOOK))
def test_spoiled_files_give_problems_only(content: bytes) -> None:
    _read_both(content)


@given(st.dictionaries(st.sampled_from(POOL_COLUMNS), CELLS))
def test_arbitrary_cells_in_a_pools_file_give_problems_or_a_sound_pool(cells: dict[str, str]) -> None:
    found = read_pools(pools_file(pool_row(**cells)), SETTINGS, [])
    for pool in found.pools:
        assert pool.year_group_low <= pool.year_group_high
        assert pool.numbers
    assert found.problems or found.pools or not found.rows_read


@given(st.dictionaries(st.sampled_from(GIAS_COLUMNS), CELLS))
def test_arbitrary_cells_in_a_gias_file_give_problems_or_a_sound_setting(cells: dict[str, str]) -> None:
    found = read_settings(gias_file(gias_row(**cells), encoding="utf-8"))
    assert found.problems or found.settings
    assert all(setting.name.isprintable() for setting in found.settings)
