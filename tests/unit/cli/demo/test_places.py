"""Children are where they may be, and no place is taken twice."""

from collections import Counter
from datetime import date

from tests.unit.cli.demo.written import Placed, Row, Written

CENSUS = date(2024, 1, 18)
SEPTEMBER = date(2024, 9, 2)


def count_pools(
    written: Written, children: list[Placed], day: date, years_on: int = 0
) -> tuple[Counter[str], list[Row]]:
    rows = written.places_on(day)
    pools = list(rows.values())
    counts: Counter[str] = Counter()
    for child in children:
        pool = written.pool_of(child, pools, years_on)
        if pool:
            counts[pool["pool_ref"]] += 1
            counts[pool["group_ref"]] += 1
    return counts, pools


def over_full(counts: Counter[str], pools: list[Row]) -> list[str]:
    alone = [f"{p['pool_ref']}: {counts[p['pool_ref']]} in {p['places_commissioned']}" for p in pools
             if p["places_commissioned"] and counts[p["pool_ref"]] > int(p["places_commissioned"])]  # fmt: skip
    together = [f"{p['group_ref']}: {counts[p['group_ref']]} in {p['group_places']}" for p in pools
                if p["group_places"] and counts[p["group_ref"]] > int(p["group_places"])]  # fmt: skip
    return alone + together


def staying(written: Written) -> list[Placed]:
    leaving = {row["upn"] for row in written.table("due") if row["reason"] == "phase_transfer"}
    return [child for child in written.open_plans if child.upn not in leaving]


def test_every_child_at_a_known_setting_is_in_a_pool(written: Written) -> None:
    pools = list(written.places_on(CENSUS).values())
    lost = [
        child for child in written.open_plans if child.urn in written.settings and not written.pool_of(child, pools)
    ]
    assert lost == []


def test_no_pool_holds_more_than_its_places_in_january(written: Written) -> None:
    assert over_full(*count_pools(written, written.open_plans, CENSUS)) == []


def test_no_pool_holds_more_than_its_places_in_september_when_those_who_grow_out_have_left(written: Written) -> None:
    assert over_full(*count_pools(written, staying(written), SEPTEMBER, years_on=1)) == []


def test_everyone_who_stays_has_a_pool_that_admits_them_in_september(written: Written) -> None:
    pools = list(written.places_on(SEPTEMBER).values())
    lost = [
        child
        for child in staying(written)
        if child.urn in written.settings and not written.pool_of(child, pools, years_on=1)
    ]
    assert lost == []


def test_fewer_special_places_for_secondary_semh_are_free_than_children_advised_to_have_one(written: Written) -> None:
    counts, pools = count_pools(written, staying(written), SEPTEMBER, years_on=1)
    free = sum(
        int(pool["places_commissioned"]) - counts[pool["pool_ref"]]
        for pool in pools
        if pool["needs"] == "SEMH"
        and pool["kind"] in ("state_special", "hn_unit")
        and int(pool["year_group_high"]) > 7
        and written.settings[pool["urn"]]["LA (name)"] == "Halton"
    )
    advised = [
        row
        for row in written.table("due")
        if {"state_special", "hn_unit"} & set(row["advised_kinds"].split(";"))
        and written.primary_needs[row["upn"]] == "SEMH"
        and 7 <= written.year_groups[row["upn"]] + 1 <= 11
    ]
    assert 0 < free < len(advised)


def test_a_few_children_are_at_settings_that_gias_does_not_know(written: Written) -> None:
    unknown = {child.urn for child in written.open_plans if child.urn and child.urn not in written.settings}
    assert 1 <= len(unknown) <= 2


def test_the_capital_programme_opens_on_its_days(written: Written) -> None:
    before, after = written.places_on(date(2024, 8, 31)), written.places_on(SEPTEMBER)
    assert "VICTORIA-SEMH-KS2" not in before
    assert after["VICTORIA-SEMH-KS2"]["places_commissioned"] == "8"
    assert {"ST-BASILS-EYFS-KS1", "PETER-PAUL-ASD"}.isdisjoint(after)


def test_two_illustrative_units_of_four_to_six_places_open_in_september(written: Written) -> None:
    units = [row for row in written.table("pools") if row["kind"] == "hn_unit"]
    assert len(units) == 2
    assert all(4 <= int(row["places_commissioned"]) <= 6 and row["basis"] == "invented" for row in units)
