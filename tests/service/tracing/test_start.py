"""What a process says that cannot start: one line of JSON that names what is wrong, and no value."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

NOBODY = "postgresql+psycopg://canary:canarys_secret@127.0.0.1:1/none"


@pytest.mark.parametrize(
    ("told", "setting", "reason"),
    [
        ({"INBOROUGH_COST_THREADS": "canary"}, "threads", "Input should be a valid integer"),
        ({"INBOROUGH_COST_DATABASE_URL": NOBODY}, None, "The database does not answer"),
    ],
    ids=["a setting is wrong", "the database is away"],
)
def test_a_process_that_cannot_start_says_why_in_one_line(
    tmp_path: Path, told: dict[str, str], setting: str | None, reason: str
) -> None:
    environment = {**os.environ, "INBOROUGH_VAR": str(tmp_path), "INBOROUGH_COST_METRICS_PORT": "0", **told}
    found = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "services.cost.main"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (found.returncode, found.stderr) == (1, "")
    line = json.loads(found.stdout)
    assert (line["event"], line["service"], line.get("setting")) == ("process_failed", "cost", setting)
    assert line["reason"].startswith(reason)
    assert "canary" not in found.stdout
