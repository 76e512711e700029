"""No count of 1 to 4 children is shown, nor what would tell it, in any of the three tables."""

from __future__ import annotations

from services.cli.nation.protected import DUE, FEWER_AWAY, IN, UNPLACED, protect
from tests.builders.nation import a_done, a_few, some_figures


def test_large_counts_are_shown_and_add_up() -> None:
    table = protect([a_done("301", some_figures()), a_done("302", some_figures(), "London")])
    assert [row.name for row in table.regions] == ["London", "North West"]
    assert table.everywhere.values[DUE] == 600
    assert table.everywhere.values[FEWER_AWAY] == 12
    assert table.everywhere.values["annual_saving_pence"] == 40_000_000
    assert table.everywhere.plans == 3048


def test_an_authority_of_few_decisions_shows_neither_counts_nor_money_nor_options() -> None:
    table = protect([a_done("301", some_figures()), a_done("302", a_few(3)), a_done("303", some_figures())])
    small = table.authorities[1].values
    hidden = (DUE, IN, "options_judged", "options_open", "annual_cost_pence", "annual_saving_pence")
    assert {small[name] for name in hidden} == {"c"}
    assert small[UNPLACED] == 0


def test_what_would_tell_a_small_count_by_its_region_is_left_out_too() -> None:
    table = protect([a_done("301", some_figures()), a_done("302", a_few(3))])
    shown = [row.values[DUE] for row in (*table.authorities, *table.regions, table.everywhere)]
    assert shown.count("c") >= 2
    assert shown[1] == "c"
    assert "c" in (shown[0], shown[2])


def test_a_few_children_without_a_place_are_not_told_by_the_other_parts() -> None:
    table = protect([a_done("301", some_figures(unplaced=2, in_borough=283))])
    row = table.authorities[0].values
    assert row[UNPLACED] == "c"
    assert "c" in (row[DUE], row[IN], row["out_of_borough"])


def test_seconds_are_summed_and_memory_is_of_the_largest() -> None:
    table = protect([a_done("301", some_figures()), a_done("302", some_figures(peak_megabytes=900.0))])
    assert table.everywhere.values["plan_seconds"] == 1.5
    assert table.everywhere.values["peak_megabytes"] == 900.0


def test_what_the_machine_does_not_tell_is_not_known() -> None:
    unknown = some_figures(peak_megabytes=None, import_processor_seconds=None)
    table = protect([a_done("301", unknown)])
    assert table.everywhere.values["peak_megabytes"] is table.everywhere.values["import_processor_seconds"] is None
