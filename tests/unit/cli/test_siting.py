"""`inborough siting`: offline, from files."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from inborough.placement.v1 import scenarios_pb2
from services.cli.main import run
from services.cli.siting.example import BIDS, demand_rows
from services.cli.sources import source_of
from services.planning import template_texts
from services.planning.siting.bids import NEEDS, read_bids
from services.planning.siting.demand import DemandRow, demand_from, demand_of

HEADING = "bid_ref,setting,kind,needs,year_group_low,year_group_high,places,capital,running_a_year,opens_year"
GOOD = "BASE,A school,resource_base,SEMH,3,6,8,100000,40000,2026"
DEMAND = "path,year,need,phase,area,children\n1,2026,SEMH,KS2,,5\n1,2027,SEMH,KS2,,6\n2,2026,SEMH,KS2,,1\n"


def files(tmp_path: Path, *bids: str, demand: str = DEMAND, heading: str = HEADING) -> list[str]:
    """The command's words for these bids and this demand."""
    (tmp_path / "bids.csv").write_text("\n".join((heading, *(bids or (GOOD,)))), encoding="utf-8")
    (tmp_path / "demand.csv").write_text(demand, encoding="utf-8")
    return ["siting", str(tmp_path / "bids.csv"), "--demand", str(tmp_path / "demand.csv")]


def answer(capsys: pytest.CaptureFixture[str], *command: str) -> Any:
    assert run([*command, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_bid_that_saves_more_than_it_costs_is_funded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = answer(capsys, *files(tmp_path), "--budget", "100000", "--discount", "0")
    assert made["best"]["bids"] == ["BASE"]
    assert made["best"]["children"]["BASE"] == [3.0, 3.0]
    nothing = 12 * 7_111_600 / 2
    assert made["nothing"]["expected_cost_pence"] == nothing
    assert made["best"]["expected_cost_pence"] == 10_000_000 + 2 * 4_000_000 + 12 * 152_600 / 2
    assert (made["gap"], made["paths"], made["years"]) == (0.0, 2, [2026, 2027])


def test_a_budget_too_small_funds_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, *files(tmp_path), "--budget", "99999")["best"]["bids"] == []


def test_a_bid_may_be_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = files(tmp_path, GOOD, GOOD.replace("BASE", "OTHER"))
    assert answer(capsys, *words, "--budget", "100000", "--without", "BASE")["best"]["bids"] == ["OTHER"]
    assert run([*words, "--budget", "1", "--without", "NOBODY"]) == 2
    assert "NOBODY" in capsys.readouterr().err


def test_of_bids_that_exclude_each_other_one_is_funded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = (f"{GOOD},site", f"{GOOD.replace('BASE', 'OTHER')},site")
    words = files(tmp_path, *rows, heading=f"{HEADING},exclusive_with", demand=DEMAND.replace(",5\n", ",99\n"))
    assert len(answer(capsys, *words, "--budget", "900000")["best"]["bids"]) == 1


def test_the_page_names_the_set_the_proof_and_the_regrets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*files(tmp_path), "--budget", "100000"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    for words in (
        "Fund BASE: £100,000 of £100,000.",
        "Proven: no set costs less.",
        "Regret",
        "Some amounts are estimate",
    ):
        assert words in said


def test_progress_is_told_apart_from_the_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*files(tmp_path), "--budget", "100000", "--json"]) == 0
    written = capsys.readouterr()
    assert "Choosing bids" in written.err
    json.loads(written.out)


def test_the_sets_are_written_as_excel(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "sets.xlsx"
    assert run([*files(tmp_path), "--budget", "100000", "--out", str(out)]) == 0
    assert [row[:2] for row in load_workbook(out)["sets"].values][:2] == [("set", "bids"), ("best", "BASE")]


def test_paths_may_be_drawn_or_repeated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [*files(tmp_path), "--budget", "100000"]
    assert [answer(capsys, *words, "--paths", count)["paths"] for count in ("1", "2", "5")] == [1, 2, 5]


def test_the_same_command_gives_the_same_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [*files(tmp_path), "--budget", "100000", "--paths", "7"]
    first, second = (answer(capsys, *words) for _ in range(2))
    assert first | {"solve_seconds": 0} == second | {"solve_seconds": 0}


@pytest.mark.parametrize(
    ("bid", "place"),
    [
        (GOOD.replace("SEMH", "SEMHX"), "row 2, needs 'SEMHX'"),
        (GOOD.replace(",8,", ",0,"), "row 2, places '0'"),
        (GOOD.replace("100000", "-1"), "capital is below 0"),
        (GOOD.replace("100000", "lots"), "row 2, capital 'lots'"),
        (GOOD.replace(",3,6,", ",6,3,"), "year_group_low is above year_group_high"),
        (GOOD.replace("resource_base", "hn_unit"), "an hn_unit has from 4 to 6"),
        (GOOD.replace("resource_base", "castle"), "row 2, kind 'castle'"),
        (GOOD.replace("2026", "26"), "row 2, opens_year '26'"),
        (GOOD.replace("BASE", "B A S E"), "row 2, bid_ref 'B A S E'"),
    ],
)
def test_a_wrong_bid_is_refused_naming_the_cell(
    bid: str, place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*files(tmp_path, bid), "--budget", "100000"]) == 1
    assert place in " ".join(capsys.readouterr().err.split())


def test_a_bid_twice_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*files(tmp_path, GOOD, GOOD), "--budget", "100000"]) == 1
    assert "row 3, bid_ref 'BASE': is in row 2 already" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("1,2026,SEMHX,KS2,,5", "row 2, need 'SEMHX'"),
        ("1,2026,SEMH,KS9,,5", "row 2, phase 'KS9'"),
        ("1,2026,SEMH,KS2,,-5", "row 2, children '-5'"),
        ("1,2026,SEMH,KS2,,5\n1,2026,SEMH,KS2,,6", "row 3, path '1': the same cell and year are in row 2"),
        ("1,2026,SEMH,KS2,,5\n1,2090,SEMH,KS2,,6", "more than 30 years"),
    ],
)
def test_wrong_demand_is_refused_naming_the_cell(
    row: str, place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = files(tmp_path, demand=f"path,year,need,phase,area,children\n{row}\n")
    assert run([*words, "--budget", "100000"]) == 1
    assert place in " ".join(capsys.readouterr().err.split())


def test_a_bid_for_part_of_a_phase_takes_that_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = files(tmp_path, GOOD.replace(",3,6,", ",3,4,"), demand=DEMAND.replace(",5\n", ",8\n"))
    assert answer(capsys, *words, "--budget", "100000", "--paths", "1")["best"]["children"]["BASE"][0] in (0.0, 4.0)


def test_the_worked_example_has_the_ten_schools_with_invented_money() -> None:
    bids = read_bids(source_of(BIDS))
    assert len([bid for bid in bids if bid.kind != "hn_unit"]) == 10
    assert {bid.basis for bid in bids} == {"invented"}
    assert sum(bid.capital for bid in bids) > 330_000_000
    places = {bid.bid_ref: bid.places for bid in bids}
    assert (places["ASHLEY"], places["ASTMOOR"], places["OAKFIELD"], places["WOODSIDE"]) == (24, 16, 20, 7)


def test_the_examples_demand_depends_on_the_seed_alone() -> None:
    assert list(demand_rows(2, 5)) == list(demand_rows(3, 5))[: len(list(demand_rows(2, 5)))]
    assert list(demand_rows(2, 5)) != list(demand_rows(2, 6))


def test_the_worked_example_is_solved_within_the_seeds_budget(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "example"
    assert run(["siting-example", str(folder), "--paths", "3"]) == 0
    capsys.readouterr()
    words = ["siting", str(folder / "bids.csv"), "--demand", str(folder / "demand.csv"), "--budget", "3300000"]
    made = answer(capsys, *words, "--runners-up", "1")
    assert made["best"]["capital_pence"] <= 330_000_000
    assert made["gap"] < 1e-6
    assert made["saving_pence"] > 0
    assert run(["siting-example", str(folder)]) == 2


def test_the_template_says_what_reads_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["template", "bids", "--out", str(tmp_path / "bids.xlsx")]) == 0
    assert "siting" in " ".join(capsys.readouterr().out.split())
    heading = next(csv.reader(template_texts.text("bids").splitlines()))
    assert {"capital", "chance_of_slipping", "exclusive_with"} <= set(heading)


def test_a_cell_without_a_row_has_no_children() -> None:
    rows = [
        DemandRow.from_cells({"path": path, "year": year, "need": need, "phase": "KS2", "children": "2"})
        for path, year, need in (("a", "2026", NEEDS[0]), ("b", "2028", NEEDS[1]))
    ]
    demand = demand_of(rows)
    assert demand.children.shape == (2, 3, 2)
    assert (demand.children.sum(), demand.years) == (4, (2026, 2027, 2028))


def test_a_scenarios_replicates_are_paths() -> None:
    answer = scenarios_pb2.GetScenarioDemandResponse(
        scenario=scenarios_pb2.Scenario(first_year=2026, years=2),
        cells=[
            scenarios_pb2.DemandCell(need="SEMH", phase="KS2", area="Runcorn"),
            scenarios_pb2.DemandCell(phase="KS1"),
        ],
        replicates=2,
        children=[1, 2, 3, 4, 5, 6, 7, 8],
    )
    demand = demand_from(answer)
    assert demand.cells == (("SEMH", "KS2", "Runcorn"), ("none", "KS1", ""))
    assert demand.children.tolist() == [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]
    assert (demand.paths, demand.years) == (("1", "2"), (2026, 2027))


def test_demand_comes_from_one_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = files(tmp_path)
    assert run([*words, "--budget", "1", "--scenario", "scen_0000000000000001"]) == 2
    assert run([*words[:2], "--budget", "1"]) == 2
    assert "--scenario" in capsys.readouterr().err
