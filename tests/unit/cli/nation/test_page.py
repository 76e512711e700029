"""How a national run is shown while it runs and afterwards."""

from __future__ import annotations

import csv
import io

import pytest
from rich.console import Console

from services.cli.nation.protected import protect
from services.cli.nation.results import Asked
from services.cli.nation.running import Outcome, Progress
from services.cli.pages.nation import failures_text, nation_csv, nation_json, nation_page, progress_line, shown_by
from tests.builders.nation import a_done, a_few, a_task, some_figures

DONE = [a_done("301", some_figures()), a_done("302", a_few(3)), a_done("303", some_figures(), "London")]
FAILED = [(a_task("304"), "no postcodes")]
OUTCOME = Outcome(Asked("run_1", 2024, "", "v1"), DONE, FAILED, 1, 61.0)


@pytest.mark.parametrize(
    ("left", "said"),
    [(None, ""), (600, "; about 10 minutes left"), (89.4, "; about 89 seconds left"), (0.2, "; about 1 second left")],
)
def test_progress_says_who_is_in_hand_and_how_long_it_takes(left: float | None, said: str) -> None:
    progress = Progress(12, 1, 153, {"worker-1": a_task("301"), "worker-2": a_task("302")}, left)
    assert progress_line(progress) == f"12 of 153 done, 1 failed; now at Town 301, Town 302{said}"


def test_progress_is_shown_when_it_changes_and_not_by_the_clock() -> None:
    shown: list[str] = []
    show = shown_by(shown.append)
    for seconds in (9.0, 8.0):
        show(Progress(0, 0, 2, {}, seconds))
    show(Progress(1, 0, 2, {}, 7.0))
    assert len(shown) == 2


def test_the_page_has_regions_the_largest_and_where_the_rest_is() -> None:
    console = Console(width=80, record=True, file=io.StringIO())
    for part in nation_page(OUTCOME, protect(DONE), "nation/authorities.csv"):
        console.print(part)
    text = console.export_text()
    assert "3 authorities planned, 1 of them by an earlier run" in text
    for words in (
        "By region",
        "London",
        "All",
        "The largest 3",
        "Town 301",
        "£200,000",
        "-6",
        "nation/authorities.csv",
    ):
        assert words in text
    assert max(map(len, text.splitlines())) <= 80


def test_a_failure_is_told_by_name_with_its_reason() -> None:
    assert failures_text(FAILED) == "1 authority failed:\n- Town 304 (304): no postcodes"


def test_the_csv_opens_in_excel_and_has_no_small_count() -> None:
    text = nation_csv(protect(DONE))
    assert text.startswith("\ufeff")
    _, second, third = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert (third["Authority"], third["Options open"], third["Saved a year, pounds"]) == ("Town 303", "6000", "200000")
    assert second["Decisions due"] == second["Placed in borough"] == second["Cost a year, pounds"] == "c"


def test_the_json_has_the_same_rows_and_why_some_failed() -> None:
    answer = nation_json(OUTCOME, protect(DONE))
    assert [row["code"] for row in answer["authorities"]] == ["301", "302", "303"]
    assert answer["authorities"][1]["decisions_due"] == "c"
    assert answer["failed"] == [{"code": "304", "name": "Town 304", "reason": "no postcodes"}]
    assert (answer["due"], answer["seed"], answer["all"]["plans"]) == ("as published", 2024, 4572)
