"""Every malformed file is refused with file, row, column and reason."""

from __future__ import annotations

import pytest

from services.provision.imports.gias import read_settings
from services.provision.imports.pools import read_pools
from shared.imports.report import RowProblem
from tests.builders.provision import a_setting
from tests.unit.provision.malformed import MALFORMED_GIAS, MALFORMED_POOLS, Malformed

SETTINGS = {urn: a_setting(urn) for urn in (100001, 100002)}


@pytest.mark.parametrize("malformed", MALFORMED_GIAS, ids=str)
def test_a_malformed_gias_file_is_refused_with_its_place_and_reason(malformed: Malformed) -> None:
    _assert_told(malformed, [*read_settings(malformed.file).problems])


@pytest.mark.parametrize("malformed", MALFORMED_POOLS, ids=str)
def test_a_malformed_pools_file_is_refused_with_its_place_and_reason(malformed: Malformed) -> None:
    _assert_told(malformed, [*read_pools(malformed.file, SETTINGS, []).problems])


def _assert_told(malformed: Malformed, problems: list[RowProblem]) -> None:
    told = [(found.file, found.row, found.column) for found in problems if malformed.reason in found.reason]
    assert (malformed.file.name, malformed.row, malformed.column) in told, problems
    assert all(found.reason for found in problems)
