"""`inborough demo`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from inborough.caseload.v1 import caseload_pb2
from inborough.cost.v1 import cost_pb2, transport_pb2
from inborough.provision.v1 import provision_pb2
from tests.builders.cli import a_refused_row, a_report
from tests.service.cli.conftest import Ran, StandIns

Inborough = Callable[..., Ran]

IN_ORDER = [
    ("ImportSettings", provision_pb2.ImportSettingsResponse),
    ("ImportPlacePools", provision_pb2.ImportPlacePoolsResponse),
    ("ImportRateCard", cost_pb2.ImportRateCardResponse),
    ("ImportFleet", transport_pb2.ImportFleetResponse),
    ("ImportBellTimes", transport_pb2.ImportBellTimesResponse),
    ("ImportSen2", caseload_pb2.ImportSen2Response),
    ("ImportPreferences", caseload_pb2.ImportPreferencesResponse),
    ("ImportDecisionsDue", caseload_pb2.ImportDecisionsDueResponse),
    ("ImportTravelNeeds", caseload_pb2.ImportTravelNeedsResponse),
]


def test_the_files_are_written_in_the_real_formats(inborough: Inborough, tmp_path: Path) -> None:
    ran = inborough("demo", "--out", str(tmp_path / "halton"), "--due", "20")
    assert ran.status == 0
    assert "20 decisions due" in " ".join(ran.out.split())
    names = {path.name for path in (tmp_path / "halton").iterdir()}
    own_files = {"pools.csv", "rates.csv", "preferences.csv", "due.csv"}
    own_files |= {"travel-needs.csv", "fleet.csv", "bell-times.csv"}
    assert names == {"README.txt", "gias.csv", "sen2", *own_files}


def test_a_folder_of_other_files_is_left_alone_unless_told(inborough: Inborough, tmp_path: Path) -> None:
    (tmp_path / "pools.csv").write_text("mine")
    assert inborough("demo", "--out", str(tmp_path), "--due", "5").status == 2
    assert [path.name for path in tmp_path.iterdir()] == ["pools.csv"]
    assert (tmp_path / "pools.csv").read_text() == "mine"
    assert inborough("demo", "--out", str(tmp_path), "--due", "5", "--force").status == 0
    assert inborough("demo", "--out", str(tmp_path), "--due", "5").status == 0


def test_fewer_decisions_due_than_asked_for_is_said(inborough: Inborough, tmp_path: Path) -> None:
    ran = inborough("demo", "--out", str(tmp_path / "few"), "--scale", "50", "--due", "1000")
    assert ran.status == 0
    assert "Asked for 1,000 decisions due;" in " ".join(ran.out.split())


def test_load_imports_them_in_the_order_they_need_one_another(
    services: StandIns, inborough: Inborough, tmp_path: Path
) -> None:
    for method, response in IN_ORDER:
        services.answer(method, response(report=a_report()))
    ran = inborough("demo", "--out", str(tmp_path), "--due", "5", "--load")
    assert ran.status == 0
    assert list(services.asked) == [method for method, _ in IN_ORDER]


def test_load_leaves_out_a_file_without_rows(services: StandIns, inborough: Inborough, tmp_path: Path) -> None:
    for method, response in IN_ORDER:
        services.answer(method, response(report=a_report()))
    assert inborough("demo", "--out", str(tmp_path), "--scale", "20", "--due", "0", "--load").status == 0
    assert (tmp_path / "due.csv").read_text().count("\n") == 1
    assert "ImportDecisionsDue" not in services.asked


def test_load_stops_at_the_first_file_that_is_refused(services: StandIns, inborough: Inborough, tmp_path: Path) -> None:
    services.answer("ImportSettings", provision_pb2.ImportSettingsResponse(report=a_report()))
    refused = a_report(accepted=False, problems=[a_refused_row()])
    services.answer("ImportPlacePools", provision_pb2.ImportPlacePoolsResponse(report=refused))
    ran = inborough("demo", "--out", str(tmp_path), "--due", "5", "--load")
    assert ran.status == 1
    assert "pools.csv was not imported: 1 row refused" in " ".join(ran.err.split())
    assert list(services.asked) == ["ImportSettings", "ImportPlacePools"]


def test_an_authority_without_published_tables_says_where_to_get_them(
    inborough: Inborough, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("INBOROUGH_DATA", raising=False)
    ran = inborough("demo", "--out", str(tmp_path), "--authority", "E08000012")
    assert ran.status == 2
    assert "published tables" in ran.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--authority", "all", "--load"], "are for one authority"),
        (["--authority", "ALL", "--scale", "10"], "are for one authority"),
        (["--some", "3"], "Add --authority all"),
        (["--json"], "Add --authority all"),
        (["--due", "all"], "write a whole number"),
        (["--due", "-1"], "write a whole number"),
    ],
)
def test_options_of_one_authority_and_of_the_nation_are_kept_apart(
    inborough: Inborough, tmp_path: Path, options: list[str], said: str
) -> None:
    ran = inborough("demo", "--out", str(tmp_path), *options)
    assert ran.status == 2
    assert said in " ".join(ran.err.replace("\u2502", " ").split())


def test_the_nation_needs_the_published_tables_and_codes_that_are_in_them(
    inborough: Inborough, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("INBOROUGH_DATA", raising=False)
    ran = inborough("demo", "--authority", "all", "--out", str(tmp_path / "nation"))
    assert ran.status == 2
    assert "Explore Education Statistics" in ran.err
    monkeypatch.setenv("INBOROUGH_DATA", str(tmp_path))
    assert "was not found" in inborough("demo", "--authority", "all", "--out", str(tmp_path / "nation")).err
