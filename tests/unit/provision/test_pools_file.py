"""The product's own place pools file."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from services.provision.domain.pools import PlacePool, PlacesFrom
from services.provision.imports.pool_row import PoolRow
from services.provision.imports.pools import PoolsRead, read_pools
from shared.imports.report import ImportOptions, SourceFile, may_write
from tests.builders.provision import POOL_COLUMNS, a_pool, a_setting, pool_row, pools_file, xlsx_bytes

SETTINGS = {100001: a_setting(100001), 100002: a_setting(100002, type_code=1, type_name="Community school")}


def _read(*rows: dict[str, str], stored: tuple[PlacePool, ...] = ()) -> PoolsRead:
    return read_pools(pools_file(*rows), SETTINGS, stored)


def test_every_column_is_read() -> None:
    row = pool_row(
        needs="SEMH;asd",
        sex="Boys",
        group_ref="ASHLEY",
        group_places="112",
        wheelchair_accessible="no",
        confirmed="No",
        basis="published",
    )
    assert _read(row).pools == [
        PlacePool(
            pool_id="pool_A",
            urn=100001,
            kind="state_special",
            needs=("SEMH", "ASD"),
            year_group_low=7,
            year_group_high=11,
            numbers=(PlacesFrom(date(2022, 9, 1), 10, confirmed=False, basis="published", group_places=112),),
            admits_sex="boys",
            wheelchair_accessible=False,
            group_id="group_ASHLEY",
        )
    ]


def test_rows_of_one_reference_are_its_numbers_by_date() -> None:
    found = _read(pool_row(first_day="2024-09-01", places_commissioned="16"), pool_row(first_day="01/09/2023"))
    assert [(number.first_day.year, number.places) for number in found.pools[0].numbers] == [(2023, 10), (2024, 16)]


def test_the_columns_are_those_of_the_template() -> None:
    assert sorted((*PoolRow.required_columns(), *PoolRow.optional_columns())) == sorted(POOL_COLUMNS)
    assert all(field.description for field in PoolRow.model_fields.values())


def test_a_workbook_reads_like_the_csv() -> None:
    row: dict[str, object] = {**pool_row(), "urn": 100001, "places_commissioned": 10.0, "year_group_low": 7}
    row["first_day"] = datetime(2022, 9, 1)  # noqa: DTZ001 - as Excel has it
    found = read_pools(SourceFile("pools.xlsx", xlsx_bytes([row], POOL_COLUMNS)), SETTINGS, [])
    assert found.pools == _read(pool_row()).pools


@pytest.mark.parametrize("kind", ["mainstream", "further_education"])
def test_places_may_be_blank_where_there_is_no_fixed_number(kind: str) -> None:
    found = _read(pool_row(kind=kind, places_commissioned=""))
    assert (found.problems, found.pools[0].numbers[0].places) == ([], None)


def test_a_kind_unusual_for_its_setting_is_kept_with_a_warning() -> None:
    found = _read(pool_row(urn="100002"))
    assert len(found.pools) == 1
    assert [(warning.row, warning.column) for warning in found.warnings] == [(2, "kind")]
    assert "Community school" in found.warnings[0].reason


def test_a_pool_at_a_closed_setting_is_kept_with_a_warning() -> None:
    found = read_pools(pools_file(), {100001: a_setting(status="Closed")}, [])
    assert [(warning.row, warning.column) for warning in found.warnings] == [(2, "urn")]


def test_a_refused_row_refuses_its_pool_and_no_other() -> None:
    found = _read(pool_row(), pool_row(first_day="soon"), pool_row(pool_ref="B"))
    assert [pool.pool_id for pool in found.pools] == ["pool_B"]
    assert sorted((problem.row, problem.column) for problem in found.problems) == [(2, "pool_ref"), (3, "first_day")]


def test_a_formula_refuses_its_pool_and_no_other() -> None:
    broken = pool_row(first_day="2024-09-01", places_commissioned="=4+4")
    found = _read(pool_row(), broken, pool_row(pool_ref="B"))
    assert [pool.pool_id for pool in found.pools] == ["pool_B"]
    assert sorted((problem.row, problem.column) for problem in found.problems) == [
        (2, "pool_ref"),
        (3, "places_commissioned"),
    ]
    assert may_write(found.problems, ImportOptions(good_rows_only=True))


def test_a_row_cut_short_refuses_its_pool_and_no_other() -> None:
    content = pools_file(pool_row(), pool_row(pool_ref="B")).content + b"A,100001\r\n"
    found = read_pools(SourceFile("pools.csv", content), SETTINGS, [])
    assert [pool.pool_id for pool in found.pools] == ["pool_B"]
    assert sorted(problem.row for problem in found.problems) == [2, 4]


@pytest.mark.parametrize("row", [b"=A2,100001\r\n", b",100001\r\n", b'"A,100001",7\r\n', b'A,"x\r\nB,100001"\r\n'])
def test_a_row_whose_pool_cannot_be_told_refuses_the_file_even_for_good_rows_only(row: bytes) -> None:
    found = read_pools(SourceFile("pools.csv", pools_file().content + row), SETTINGS, [])
    assert sorted((problem.row, problem.column) for problem in found.problems) == [(0, "pool_ref"), (3, "")]
    assert not may_write(found.problems, ImportOptions(good_rows_only=True))


def test_a_groups_total_may_change_by_date() -> None:
    rows = [
        pool_row(group_ref="G", group_places="20"),
        pool_row(group_ref="G", group_places="30", first_day="2024-09-01"),
    ]
    assert not _read(*rows).problems


def _stored(pool_id: str) -> PlacePool:
    return a_pool(pool_id, group_id="group_G", numbers=(PlacesFrom(date(2022, 9, 1), 10, group_places=21),))


def test_a_group_may_not_contradict_a_pool_on_file_that_the_file_leaves_alone() -> None:
    found = _read(pool_row(group_ref="G", group_places="20"), stored=(_stored("pool_B"),))
    assert [(problem.row, problem.column) for problem in found.problems] == [(2, "group_places")]
    assert "pool_B" in found.problems[0].reason


def test_a_groups_total_may_be_changed_by_a_file_that_has_all_its_pools() -> None:
    assert not _read(pool_row(group_ref="G", group_places="20"), stored=(_stored("pool_A"),)).problems


def test_a_file_of_headings_alone_is_refused() -> None:
    heading, _, _ = pools_file().content.partition(b"\r\n")
    found = read_pools(SourceFile("pools.csv", heading), SETTINGS, [])
    assert (found.pools, [problem.row for problem in found.problems], found.rows_read) == ([], [0], 0)
