"""Imports over the wire: written whole or not at all, and the same file twice changes nothing."""

from __future__ import annotations

import pytest

from inborough.common.v1 import common_pb2
from inborough.provision.v1 import provision_pb2
from shared.errors import InvalidInput
from tests.builders.provision import gias_file, gias_row, pool_row, pools_file
from tests.service.provision.conftest import Running
from tests.unit.provision.malformed import MALFORMED_GIAS, MALFORMED_POOLS

TWO_SETTINGS = gias_file(gias_row(), gias_row(URN="100002"))


def _counts(report: common_pb2.ImportReport) -> tuple[int, int, int, int]:
    return report.rows_read, report.created, report.updated, report.unchanged


def test_settings_are_created_then_unchanged_then_updated(running: Running) -> None:
    assert _counts(running.import_settings(TWO_SETTINGS)) == (2, 2, 0, 0)
    revision = running.list_pools().revision
    assert _counts(running.import_settings(TWO_SETTINGS)) == (2, 0, 0, 2)
    assert running.list_pools().revision == revision
    renamed = gias_file(gias_row(EstablishmentName="New Name"), gias_row(URN="100002"))
    assert _counts(running.import_settings(renamed)) == (2, 0, 1, 1)
    assert running.list_pools().revision != revision
    assert running.stub.GetSetting(provision_pb2.GetSettingRequest(urn=100001), timeout=5).setting.name == "New Name"


def test_pools_are_created_then_unchanged_then_updated_whole(running: Running) -> None:
    running.import_settings(TWO_SETTINGS)
    rows = [pool_row(), pool_row(first_day="2023-09-01", places_commissioned="12"), pool_row(pool_ref="B")]
    assert _counts(running.import_pools(pools_file(*rows))) == (3, 2, 0, 0)
    revision = running.list_pools().revision
    assert _counts(running.import_pools(pools_file(*reversed(rows)))) == (3, 0, 0, 2)
    assert running.list_pools().revision == revision
    assert _counts(running.import_pools(pools_file(rows[0]))) == (1, 0, 1, 0)
    assert [pool.places_commissioned for pool in running.list_pools().pools] == [10, 10]


def test_pools_that_a_file_does_not_name_are_left_alone(running: Running) -> None:
    running.import_settings(TWO_SETTINGS)
    running.import_pools(pools_file(pool_row()))
    running.import_pools(pools_file(pool_row(pool_ref="B")))
    assert [pool.pool_id for pool in running.list_pools().pools] == ["pool_A", "pool_B"]


def test_settings_that_have_pools_can_be_imported_again(running: Running) -> None:
    running.import_settings(TWO_SETTINGS)
    running.import_pools(pools_file())
    assert running.import_settings(gias_file(gias_row(NumberOfPupils="99"))).updated == 1
    assert running.list_pools().pools[0].setting.number_on_roll == 99


def test_a_preview_reports_the_same_and_writes_nothing(running: Running) -> None:
    revision = running.list_pools().revision
    report = running.import_settings(TWO_SETTINGS, preview=True)
    assert (report.preview, report.accepted, report.created) == (True, True, 2)
    running.import_settings(TWO_SETTINGS)
    assert running.import_pools(pools_file(), preview=True).created == 1
    assert not running.list_pools().pools
    assert running.list_pools().revision != revision


def test_one_bad_row_refuses_all(running: Running) -> None:
    report = running.import_settings(gias_file(gias_row(), gias_row(URN="x")))
    assert (report.accepted, _counts(report)) == (False, (2, 0, 0, 0))
    assert _total(running) == 0


def test_good_rows_are_written_when_asked_for(running: Running) -> None:
    assert running.import_settings(gias_file(gias_row(), gias_row(URN="x")), good_rows_only=True).created == 1
    rows = [pool_row(), pool_row(first_day="soon"), pool_row(pool_ref="B")]
    report = running.import_pools(pools_file(*rows), good_rows_only=True)
    assert (report.accepted, report.created, len(report.problems)) == (True, 1, 2)
    assert [pool.pool_id for pool in running.list_pools().pools] == ["pool_B"]


@pytest.mark.parametrize("good_rows_only", [False, True])
def test_no_malformed_file_writes_anything(running: Running, good_rows_only: bool) -> None:
    for malformed in MALFORMED_GIAS:
        report = running.import_settings(malformed.file, good_rows_only=good_rows_only)
        assert report.problems, malformed.what
        assert not report.created, malformed.what
        assert _total(running) == 0, malformed.what
    running.import_settings(TWO_SETTINGS)
    revision = running.list_pools().revision
    for malformed in MALFORMED_POOLS:
        report = running.import_pools(malformed.file)
        assert report.problems, malformed.what
        assert (report.accepted, report.created) == (False, 0), malformed.what
        assert running.list_pools().revision == revision, malformed.what


def test_the_problems_of_a_pools_file_name_unknown_settings(running: Running) -> None:
    [problem] = running.import_pools(pools_file()).problems
    assert (problem.file, problem.row, problem.column, problem.value) == ("pools.csv", 2, "urn", "100001")
    assert "import the GIAS file" in problem.reason


def test_a_request_without_a_file_or_mode_is_refused(running: Running) -> None:
    with pytest.raises(InvalidInput, match="file"):
        running.stub.ImportSettings(
            provision_pb2.ImportSettingsRequest(mode=common_pb2.IMPORT_MODE_ALL_OR_NOTHING), timeout=5
        )
    file = common_pb2.ImportFile(name="pools.csv", content=b"x")
    with pytest.raises(InvalidInput, match="mode"):
        running.stub.ImportPlacePools(provision_pb2.ImportPlacePoolsRequest(file=file), timeout=5)


def _total(running: Running) -> int:
    return running.stub.ListSettings(provision_pb2.ListSettingsRequest(), timeout=5).total
