"""What is kept of a council once it is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.cli.nation.council import clear


@pytest.mark.parametrize(
    ("keep", "stays"),
    [
        ("", []),
        ("plans", ["placement.db", "placement.db-shm", "placement.db-wal"]),
        ("all", ["caseload.db", "files", "placement.db", "placement.db-shm", "placement.db-wal"]),
    ],
)
def test_a_kept_plan_keeps_the_log_that_its_database_may_still_need(
    tmp_path: Path, keep: str, stays: list[str]
) -> None:
    folder = tmp_path / "876"
    (folder / "files").mkdir(parents=True)
    for name in ("caseload.db", "placement.db", "placement.db-shm", "placement.db-wal"):
        (folder / name).touch()
    clear(folder, keep)
    assert sorted(path.name for path in folder.glob("*")) == stays
