"""The same arguments give the same bytes; other sizes and authorities work."""

import os
from pathlib import Path

import pytest

from services.cli.demo import PublishedTablesMissingError, write_demonstration
from services.cli.demo.facts import FACTS
from tests.unit.cli.demo.test_places import CENSUS, count_pools, over_full
from tests.unit.cli.demo.written import Written, count_by


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_same_seed_gives_the_same_bytes(written: Written, tmp_path: Path) -> None:
    write_demonstration(tmp_path)
    assert bytes_of(tmp_path) == bytes_of(written.folder)


def test_another_seed_gives_other_people_in_the_same_numbers(written: Written, tmp_path: Path) -> None:
    write_demonstration(tmp_path, seed=7)
    other = Written(tmp_path)
    assert bytes_of(tmp_path)["due.csv"] != bytes_of(written.folder)["due.csv"]
    assert count_by(other.open_plans, "age", "kind") == count_by(written.open_plans, "age", "kind")
    assert over_full(*count_pools(other, other.open_plans, CENSUS)) == []


@pytest.mark.parametrize("scale", [1, 150, 3_000])
def test_a_scale_gives_that_many_plans_and_settings_for_them(scale: int, tmp_path: Path) -> None:
    summary = write_demonstration(tmp_path, scale=scale)
    written = Written(tmp_path)
    assert summary.active_plans == len(written.open_plans) == scale
    assert summary.settings_invented
    assert over_full(*count_pools(written, written.open_plans, CENSUS)) == []


def test_a_larger_scale_keeps_the_published_proportions(written: Written, tmp_path: Path) -> None:
    write_demonstration(tmp_path, scale=3_048)
    ours, twice = count_by(written.open_plans, "kind"), count_by(Written(tmp_path).open_plans, "kind")
    assert all(abs(twice[kind] - 2 * ours[kind]) <= 0.01 * 2 * ours[kind] + 1 for kind in ours)


@pytest.mark.parametrize("due", [0, 40, 500])
def test_as_many_decisions_are_due_as_asked_for(due: int, tmp_path: Path) -> None:
    assert write_demonstration(tmp_path, due=due).total_due == due


@pytest.mark.parametrize("scale", [0, 20_001])
def test_a_scale_out_of_range_is_refused_with_the_range(scale: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="between 1 and 20,000"):
        write_demonstration(tmp_path, scale=scale)


def test_another_authority_without_tables_is_told_where_they_are_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("INBOROUGH_DATA", raising=False)
    with pytest.raises(PublishedTablesMissingError, match="Explore Education Statistics"):
        write_demonstration(tmp_path, authority="E10000016")


def test_an_authority_that_is_not_in_the_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PublishedTablesMissingError, match="not an authority"):
        write_demonstration(tmp_path, authority="E99999999", published=FACTS / "halton-published")


@pytest.mark.parametrize(
    ("authority", "name", "plans"),
    [("877", "Warrington", None), ("E06000017", "Rutland", None), ("874", "Peterborough", 2625)],
)
def test_any_authority_of_the_published_tables_can_be_shown(
    authority: str, name: str, plans: int | None, tmp_path: Path
) -> None:
    folder = os.environ.get("INBOROUGH_DATA")
    if not folder:
        pytest.skip("INBOROUGH_DATA does not name the folder of the Department's tables")
    summary = write_demonstration(tmp_path, authority=authority, published=Path(folder))
    written = Written(tmp_path)
    assert summary.authority_name == name
    assert plans in (None, summary.active_plans)
    assert over_full(*count_pools(written, written.open_plans, CENSUS)) == []
    assert {row["LA (name)"] for row in written.settings.values()} == {name}
