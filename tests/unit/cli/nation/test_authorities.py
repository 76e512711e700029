"""Which authorities a national run takes, in which order, and what of the tables each reads."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from services.cli.demo.read_published import PublishedTablesMissingError
from services.cli.nation.authorities import TABLES, Authority, choose, cut_tables, list_authorities
from tests.builders.published_tables import write_table

ALL = ("All EHC plans", "All EHC plans")


def row(code: str, plans: str, period: str = "202324", topic: tuple[str, str] = ALL) -> dict[str, str]:
    level = "National" if not code else "Local authority"
    where = {"region_name": "North West", "new_la_code": f"E06000{code}" if code else "", "old_la_code": code}
    what = {"breakdown_topic": topic[0], "breakdown": topic[1], "ehcplans": plans}
    return {"time_period": period, "geographic_level": level, "la_name": f"Town {code}", **where, **what}


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    rows = [row("", "576474"), row("301", "40"), row("302", "900"), row("303", "40"), row("304", "x"), row("305", "0")]
    rows += [row("301", "30", period="202223"), row("301", "12", topic=("Sex", "Female"))]
    for name in TABLES:
        write_table(tmp_path / "ehc-plans" / f"{name}.csv", rows)
    return tmp_path


def an_authority(code: str) -> Authority:
    return Authority(code, f"E06000{code}", f"Town {code}", "North West", 1)


FIVE = [an_authority(str(code)) for code in range(301, 306)]


def test_the_largest_comes_first_and_equals_by_code(tables: Path) -> None:
    found = list_authorities(tables)
    assert [(each.code, each.plans) for each in found] == [("302", 900), ("301", 40), ("303", 40)]


def test_without_the_tables_it_says_where_they_are_published(tmp_path: Path) -> None:
    with pytest.raises(PublishedTablesMissingError, match="Explore Education Statistics"):
        list_authorities(tmp_path)


def test_those_named_by_either_code_are_taken_in_order_of_size() -> None:
    assert [each.code for each in choose(FIVE, ["E06000304", "302", "304"], None)] == ["302", "304"]


def test_a_code_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match="777: no authority"):
        choose(FIVE, ["301", "777"], None)


@pytest.mark.parametrize(
    ("some", "codes"),
    [(None, "301 302 303 304 305"), (9, "301 302 303 304 305"), (3, "301 303 305"), (2, "301 305"), (1, "303")],
)
def test_some_are_spread_over_the_sizes(some: int | None, codes: str) -> None:
    assert [each.code for each in choose(FIVE, [], some)] == codes.split()


def test_each_authority_gets_its_own_rows_and_englands(tables: Path, tmp_path: Path) -> None:
    cut_tables(tables, tmp_path / "cut", [an_authority("301"), an_authority("302")])
    for name in TABLES:
        with (tmp_path / "cut" / "301" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            assert [each["old_la_code"] for each in csv.DictReader(lines)] == ["", "301", "301", "301"]
    assert sorted(path.name for path in (tmp_path / "cut").iterdir()) == ["301", "302"]
