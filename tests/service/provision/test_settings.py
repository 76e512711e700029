"""GetSetting and ListSettings."""

from __future__ import annotations

import pytest

from inborough.provision.v1 import provision_pb2
from shared.errors import InvalidInput, NotFound
from tests.builders.provision import gias_file, gias_row
from tests.service.provision.conftest import Running


def test_a_setting_comes_with_what_its_type_and_authority_mean(running: Running) -> None:
    elsewhere = gias_row(**{"URN": "100002", "LA (code)": "877", "TypeOfEstablishment (code)": "10"})
    running.import_settings(gias_file(gias_row(), elsewhere))
    near, far = (
        running.stub.GetSetting(provision_pb2.GetSettingRequest(urn=urn), timeout=5).setting for urn in (100001, 100002)
    )
    assert (near.in_borough, near.s38_3) == (True, True)
    assert (far.in_borough, far.s38_3) == (False, False)
    assert (near.location.easting, near.location.northing) == (350000, 385000)
    assert (near.low_age, near.high_age, near.admits_sex, list(near.needs)) == (11, 16, "mixed", ["SEMH"])


def test_what_gias_does_not_say_is_absent(running: Running) -> None:
    blank = dict.fromkeys(["StatutoryLowAge", "StatutoryHighAge", "SchoolCapacity", "NumberOfPupils", "Easting"], "")
    running.import_settings(gias_file(gias_row(**blank)))
    setting = running.stub.GetSetting(provision_pb2.GetSettingRequest(urn=100001), timeout=5).setting
    for name in ("low_age", "high_age", "school_capacity", "number_on_roll", "location"):
        assert not setting.HasField(name)


def test_an_unknown_urn_is_not_found(running: Running) -> None:
    with pytest.raises(NotFound, match="100009"):
        running.stub.GetSetting(provision_pb2.GetSettingRequest(urn=100009), timeout=5)


def test_settings_come_page_by_page_in_order(running: Running) -> None:
    running.import_settings(gias_file(*(gias_row(URN=str(100_005 - at)) for at in range(5))))
    urns, token, pages = [], "", 0
    while pages == 0 or token:
        page = running.stub.ListSettings(provision_pb2.ListSettingsRequest(page_size=2, page_token=token), timeout=5)
        urns += [setting.urn for setting in page.settings]
        token, pages = page.next_page_token, pages + 1
        assert page.total == 5
    assert (urns, pages) == ([100001, 100002, 100003, 100004, 100005], 3)


def test_a_page_that_cannot_be_is_refused(running: Running) -> None:
    for refused, field in [
        (provision_pb2.ListSettingsRequest(page_size=501), "page_size"),
        (provision_pb2.ListSettingsRequest(page_size=-1), "page_size"),
        (provision_pb2.ListSettingsRequest(page_token="100001"), "page_token"),
        (provision_pb2.ListSettingsRequest(page_token="after-1' OR"), "page_token"),
    ]:
        with pytest.raises(InvalidInput, match=field):
            running.stub.ListSettings(refused, timeout=5)
