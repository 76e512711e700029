"""`inborough import`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from inborough.caseload.v1 import caseload_pb2
from inborough.common.v1 import common_pb2
from inborough.cost.v1 import cost_pb2, transport_pb2
from inborough.provision.v1 import provision_pb2
from tests.builders.cli import a_refused_row, a_report
from tests.service.cli.conftest import Ran, StandIns

Inborough = Callable[..., Ran]

METHODS = {
    "gias": ("ImportSettings", provision_pb2.ImportSettingsResponse),
    "pools": ("ImportPlacePools", provision_pb2.ImportPlacePoolsResponse),
    "rates": ("ImportRateCard", cost_pb2.ImportRateCardResponse),
    "preferences": ("ImportPreferences", caseload_pb2.ImportPreferencesResponse),
    "due": ("ImportDecisionsDue", caseload_pb2.ImportDecisionsDueResponse),
    "travel-matrix": ("ImportTravelMatrix", transport_pb2.ImportTravelMatrixResponse),
    "travel-needs": ("ImportTravelNeeds", caseload_pb2.ImportTravelNeedsResponse),
}


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "pools.csv"
    path.write_bytes(b"pool_ref\r\nA\r\n")
    return str(path)


@pytest.mark.parametrize("what", METHODS)
def test_each_file_goes_to_the_service_that_keeps_it(
    what: str, file: str, services: StandIns, inborough: Inborough
) -> None:
    method, response = METHODS[what]
    services.answer(method, response(report=a_report()))
    ran = inborough("import", what, file)
    assert ran.status == 0
    assert "2 new, 0 changed, 0 unchanged." in ran.out
    asked = services.asked[method]
    assert (asked.file.name, asked.file.content) == ("pools.csv", b"pool_ref\r\nA\r\n")
    assert (asked.mode, asked.preview) == (common_pb2.IMPORT_MODE_ALL_OR_NOTHING, False)


def test_a_preview_and_good_rows_only_are_asked_for(file: str, services: StandIns, inborough: Inborough) -> None:
    services.answer("ImportPlacePools", provision_pb2.ImportPlacePoolsResponse(report=a_report(preview=True)))
    ran = inborough("import", "pools", file, "--preview", "--good-rows-only")
    asked = services.asked["ImportPlacePools"]
    assert (asked.mode, asked.preview) == (common_pb2.IMPORT_MODE_GOOD_ROWS_ONLY, True)
    assert "Preview: nothing was written." in ran.out


def test_refused_rows_are_a_table_and_an_answer_of_no(file: str, services: StandIns, inborough: Inborough) -> None:
    report = a_report(accepted=False, created=0, problems=[a_refused_row()])
    services.answer("ImportPlacePools", provision_pb2.ImportPlacePoolsResponse(report=report))
    ran = inborough("import", "pools", file)
    assert ran.status == 1
    said = " ".join(ran.out.split())
    for words in ("pools.csv", "first_day", "31/02/2024", "Refused rows: 1", "--good-rows-only"):
        assert words in said


def test_more_refused_rows_than_travel_are_counted(file: str, services: StandIns, inborough: Inborough) -> None:
    rows = [a_refused_row(row=row) for row in range(2, 1002)]
    report = a_report(accepted=False, created=0, problems=rows, problems_total=4321)
    services.answer("ImportPlacePools", provision_pb2.ImportPlacePoolsResponse(report=report))
    assert "Refused rows: 4,321 (the first 1,000 are listed)" in inborough("import", "pools", file).out
    given = json.loads(inborough("import", "pools", file, "--json").out)
    assert (given["problems_total"], len(given["problems"]), given["warnings_total"]) == (4321, 1000, 0)


def test_a_file_without_rows_is_not_said_to_be_there_already(
    file: str, services: StandIns, inborough: Inborough
) -> None:
    report = a_report(rows_read=0, created=0)
    services.answer("ImportPlacePools", provision_pb2.ImportPlacePoolsResponse(report=report))
    out = inborough("import", "pools", file).out
    assert "The file has no rows." in out
    assert "there already" not in out


def test_an_empty_file_is_refused_by_its_reader_like_any_other(
    tmp_path: Path, services: StandIns, inborough: Inborough
) -> None:
    (tmp_path / "empty.csv").touch()
    report = a_report(accepted=False, rows_read=0, created=0, problems=[a_refused_row(row=0, reason="it is empty")])
    services.answer("ImportPlacePools", provision_pb2.ImportPlacePoolsResponse(report=report))
    ran = inborough("import", "pools", str(tmp_path / "empty.csv"), "--json")
    assert (ran.status, json.loads(ran.out)["problems"][0]["row"]) == (1, 0)


def test_a_file_refused_whole_is_not_said_to_have_good_rows(
    file: str, services: StandIns, inborough: Inborough
) -> None:
    report = a_report(accepted=False, problems=[a_refused_row(row=0, value="", reason="the column is missing")])
    services.answer("ImportPlacePools", provision_pb2.ImportPlacePoolsResponse(report=report))
    out = inborough("import", "pools", file).out
    assert "all" in out
    assert "Correct the file and import it again." in out


def test_refused_rows_as_json_name_file_row_column_value_and_reason(
    file: str, services: StandIns, inborough: Inborough
) -> None:
    report = a_report(problems=[a_refused_row()], warnings=[a_refused_row(row=9)])
    services.answer("ImportPlacePools", provision_pb2.ImportPlacePoolsResponse(report=report))
    ran = inborough("import", "pools", file, "--json")
    given = json.loads(ran.out)
    assert ran.status == 1
    assert given["problems"][0].keys() == {"file", "row", "column", "value", "reason"}
    assert given["warnings"][0]["row"] == 9


def test_a_blade_folder_is_sent_whole_in_order_of_name(
    tmp_path: Path, services: StandIns, inborough: Inborough
) -> None:
    for module in ("senneed", "person"):
        (tmp_path / f"Blade-Export_01-02-2024_{module}.csv").write_text("a\n1\n")
    (tmp_path / "notes.txt").write_text("not part of it")
    services.answer("ImportSen2", caseload_pb2.ImportSen2Response(report=a_report()))
    assert inborough("import", "sen2", str(tmp_path)).status == 0
    names = [file.name for file in services.asked["ImportSen2"].files]
    assert names == ["Blade-Export_01-02-2024_person.csv", "Blade-Export_01-02-2024_senneed.csv"]


def test_one_sen2_xml_file_is_sent_alone(tmp_path: Path, services: StandIns, inborough: Inborough) -> None:
    path = tmp_path / "sen2.xml"
    path.write_text("<Message/>")
    services.answer("ImportSen2", caseload_pb2.ImportSen2Response(report=a_report()))
    assert inborough("import", "sen2", str(path)).status == 0
    assert [file.name for file in services.asked["ImportSen2"].files] == ["sen2.xml"]


def test_a_folder_without_csv_files_says_what_is_expected(
    tmp_path: Path, services: StandIns, inborough: Inborough
) -> None:
    ran = inborough("import", "sen2", str(tmp_path))
    assert ran.status == 2
    assert "Blade export" in ran.err


def test_a_path_that_is_not_there_or_is_a_folder_is_a_usage_error(
    tmp_path: Path, services: StandIns, inborough: Inborough
) -> None:
    assert inborough("import", "pools", str(tmp_path / "none.csv")).status == 2
    assert inborough("import", "pools", str(tmp_path)).status == 2


def test_the_service_that_is_down_is_named(file: str, no_services: None, inborough: Inborough) -> None:
    ran = inborough("import", "rates", file)
    assert ran.status == 3
    assert "The cost service does not answer." in ran.err
