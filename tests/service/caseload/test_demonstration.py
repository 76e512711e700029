"""The demonstration authority's files enter by the same importers as a council's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inborough.common.v1 import common_pb2
from services.cli.demo import write_demonstration
from services.cli.demo.summary import DemonstrationSummary
from shared import logs
from tests.service.caseload.conftest import Caseload


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> DemonstrationSummary:
    """The files of the invented Halton."""
    return write_demonstration(tmp_path_factory.mktemp("demonstration"))


def _files(folder: Path, pattern: str) -> list[common_pb2.ImportFile]:
    return [common_pb2.ImportFile(name=path.name, content=path.read_bytes()) for path in sorted(folder.glob(pattern))]


def test_every_case_decision_and_preference_of_the_demonstration_is_kept(
    caseload: Caseload, demonstration: DemonstrationSummary, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure("caseload")
    sen2 = caseload.import_sen2(_files(demonstration.folder / "sen2", "*.csv"))
    (due,), (preferences,) = _files(demonstration.folder, "due.csv"), _files(demonstration.folder, "preferences.csv")
    in_hand = demonstration.decisions_due["new_plan"]
    expected = demonstration.active_plans + demonstration.closed_plans + in_hand
    assert (sen2.accepted, sen2.created, list(sen2.problems), list(sen2.warnings)) == (True, expected, [], [])
    assert caseload.import_due(due).created == sum(demonstration.decisions_due.values())
    assert caseload.import_preferences(preferences).created == demonstration.preferences
    assert len(caseload.due_on(2024, 9, 2).cases) == sum(demonstration.decisions_due.values())
    assert sum(urn in (999901, 999902) for urn in caseload.placements().urns) == demonstration.unknown_urn_children
    _logged_counts_only(capsys.readouterr().out, demonstration.folder)


def _logged_counts_only(text: str, folder: Path) -> None:
    """Log lines are of names that are allowed, and hold no UPN of the return."""
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    assert {line["event"] for line in lines} >= {"sen2_imported", "decisions_due_imported", "preferences_imported"}
    assert not any("withheld" in line for line in lines)
    upns = {row.partition(",")[0] for row in (folder / "due.csv").read_text().splitlines()[1:]}
    assert not any(upn in text for upn in upns)
