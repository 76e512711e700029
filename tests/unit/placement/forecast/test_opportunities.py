"""The six opportunities."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.placement.forecast.money.opportunities import SEED, OpportunityTable, read_opportunities

TABLE = read_opportunities()


def changed(tmp_path: Path, old: str, new: str) -> OpportunityTable:
    path = tmp_path / "table.toml"
    text = SEED.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return read_opportunities(path)


def test_there_are_six() -> None:
    assert len(TABLE.opportunities) == 6


def test_the_total_is_the_sum_of_its_lines() -> None:
    assert TABLE.saving_a_year_pence == sum(one.saving_a_year_pence for one in TABLE.opportunities)


def test_a_state_special_place_rather_than_inmss_saves_37000_a_child() -> None:
    assert TABLE.opportunities[5].saving_a_child_pence == 3_700_000


def test_a_line_saves_its_share_of_the_cohort_times_a_child(tmp_path: Path) -> None:
    one = changed(tmp_path, "share_percent = 10", "share_percent = 12.5").opportunities[5]
    assert one.children == 15.25
    assert one.saving_a_year_pence == 15.25 * 3_700_000


def test_what_is_not_published_is_labelled() -> None:
    bases = {cost.name: cost.basis for one in TABLE.opportunities for cost in (one.before, one.after)}
    assert {name for name, basis in bases.items() if basis == "published"} == {
        "maintained or academy special",
        "independent or non-maintained special",
    }


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (
            "share_percent = 10",
            "share_percent = 101",
            "opportunities.5..share_percent: 101 is not a number from 0 to 100",
        ),
        ("share_percent = 10", "share_percent = 95", "sum to more than 100"),
        ('to = "none"', 'to = "nowhere"', "opportunities.0..to: 'nowhere' is not one of unit_costs"),
        ("children = 270", "children = 2.5", "whole number"),
        ('basis = "published"', 'basis = "guess"', "unit_costs.state_special.basis"),
        ("place = 63000", "place = -1", "unit_costs.inmss.place"),
        ("children = 270\n", "", "opportunities.0.: needs"),
        ("[unit_costs.none]", "[unit_costs.none", "not TOML"),
    ],
)
def test_a_malformed_table_is_refused_naming_the_place(tmp_path: Path, old: str, new: str, rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        changed(tmp_path, old, new)
