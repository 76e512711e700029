"""What a problem file says is what is solved, and the answer has the shape that auditors were promised."""

import json
from pathlib import Path

import numpy as np

from services.placement.model.problem import PlacementProblem
from services.placement.model.problem_file import problem_text, read_problem
from services.placement.model.solve_file import solve_file
from tests.builders.instances import EXTREME, USUAL, instances
from tests.unit.placement.optimum.searched import best_plan

NESTED = {
    "format": "inborough-problem/1",
    "terms": ["out_of_borough", "annual_cost_pence", "travel_minutes"],
    "pools": [
        {"id": "base_ks1", "places": 2},
        {"id": "base_ks2", "places": 1},
        {"id": "unit", "places": 2},
        {"id": "annexe", "places": 1},
        {"id": "far", "places": 5},
    ],
    "groups": [
        {"id": "school", "pools": ["base_ks1", "base_ks2"], "places": 2},
        {"id": "town", "pools": ["base_ks1", "base_ks2", "unit"], "places": 3},
    ],
    "cases": ["ann", "ben", "cat", "dan", "eve", "fay"],
    "options": [
        {"case": "ann", "pool": "base_ks1", "terms": [0, 2_500_000, 10]},
        {"case": "ann", "pool": "far", "terms": [1, 6_300_000, 60]},
        {"case": "ben", "pool": "base_ks1", "terms": [0, 2_500_000, 20]},
        {"case": "ben", "pool": "annexe", "terms": [0, 3_500_000, 45]},
        {"case": "ben", "pool": "far", "terms": [1, 6_300_000, 50]},
        {"case": "cat", "pool": "base_ks2", "terms": [0, 2_400_000, 15]},
        {"case": "cat", "pool": "unit", "terms": [0, 2_600_000, 12]},
        {"case": "cat", "pool": "far", "terms": [1, 6_400_000, 55]},
        {"case": "dan", "pool": "unit", "terms": [0, 2_600_000, 30]},
        {"case": "dan", "pool": "annexe", "terms": [0, 3_000_000, 25]},
        {"case": "dan", "pool": "far", "terms": [1, 6_000_000, 40]},
        {"case": "eve", "pool": "unit", "terms": [0, 2_700_000, 5]},
    ],
}
"""Three places in town, two of them at the school: eve must have one, and ann, ben and cat want the two at the school.

Cat saves most by staying in town (6.4m against 2.4m), then ann and ben alike; ann's journey is the shorter by more. Dan
saves more than ben by having the annexe. Fay has nowhere to go.
"""

NOTHING = {"unplaced": 0, "out_of_borough": 0, "annual_cost_pence": 0, "travel_minutes": 0}


def changes(out_of_borough: int, annual_cost_pence: int, travel_minutes: int) -> dict[str, int]:
    return {
        "unplaced": 0,
        "out_of_borough": out_of_borough,
        "annual_cost_pence": annual_cost_pence,
        "travel_minutes": travel_minutes,
    }


def test_nested_groups_are_planned_as_worked_out_by_hand() -> None:
    assert solve_file(json.dumps(NESTED)) == {
        "status": "optimal",
        "assignment": {"ann": "base_ks1", "ben": "far", "cat": "base_ks2", "dan": "annexe", "eve": "unit"},
        "unplaced": ["fay"],
        "totals": {"out_of_borough": 1, "annual_cost_pence": 16_900_000, "travel_minutes": 105},
        "shadow_prices": {
            "annexe": changes(1, 2_800_000, 5),  # ben has it, and is no longer far away
            "base_ks1": NOTHING,  # it has a place free: the school and the town are what is full
            "base_ks2": NOTHING,
            "far": NOTHING,
            "unit": NOTHING,
        },
    }


def test_the_knock_on_of_each_option_of_a_case_is_as_worked_out_by_hand() -> None:
    answer = solve_file(json.dumps(NESTED), "ben")
    assert answer["knock_on"] == {
        "annexe": changes(0, 200_000, 10),  # dan goes far away instead, which saves 0.2m less
        "base_ks1": changes(0, 0, 20),  # ann goes far away instead: as dear, and longer journeys
        "far": NOTHING,
    }
    assert answer["knock_on_others"] == {
        "annexe": changes(1, 3_000_000, 15),
        "base_ks1": changes(1, 3_800_000, 50),
        "far": NOTHING,
    }


def test_keys_come_in_the_order_promised_and_terms_in_their_importance() -> None:
    answer = solve_file(json.dumps(NESTED), "ben")
    assert list(answer) == [
        *("status", "assignment", "unplaced", "totals", "shadow_prices", "knock_on", "knock_on_others"),
    ]
    assert list(answer["totals"]) == NESTED["terms"]
    assert list(answer["shadow_prices"]["annexe"]) == list(NOTHING)
    assert list(answer["shadow_prices"]) == sorted(answer["shadow_prices"])


def test_a_file_and_its_text_give_the_same_answer_in_plain_json_values(tmp_path: Path) -> None:
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(NESTED), encoding="utf-8")
    answer = solve_file(path)
    assert answer == solve_file(json.dumps(NESTED))
    assert json.loads(json.dumps(answer)) == answer


def test_groups_may_be_left_out() -> None:
    ungrouped = {key: value for key, value in NESTED.items() if key != "groups"}
    assert solve_file(json.dumps(ungrouped)) == solve_file(json.dumps(ungrouped | {"groups": []}))
    assert solve_file(json.dumps(ungrouped))["assignment"]["ben"] == "base_ks1"


def test_a_problem_with_nothing_in_it_has_an_answer() -> None:
    empty = {"format": "inborough-problem/1", "terms": [], "pools": [], "groups": [], "cases": [], "options": []}
    assert solve_file(json.dumps(empty)) == {
        "status": "optimal",
        "assignment": {},
        "unplaced": [],
        "totals": {},
        "shadow_prices": {},
    }


def test_a_file_is_planned_as_searched() -> None:
    for name, instance in instances(60, 70):
        best = best_plan(instance)
        assert best is not None
        pools = zip(instance.case_ids, best.pools, strict=True)
        placed = {case: instance.pool_ids[pool] for case, pool in pools if pool >= 0}
        answer = solve_file(instance.text())
        assert answer["assignment"] == placed, name
        assert (len(answer["unplaced"]), *answer["totals"].values()) == best.totals, name


def test_writing_then_reading_gives_the_same_problem_and_the_same_bytes() -> None:
    for name, instance in instances(100, 71, USUAL, EXTREME):
        written = instance.problem()
        text = problem_text(written)
        assert_same(read_problem(text), written, name)
        assert problem_text(read_problem(text.encode())) == text, name
        assert solve_file(text) == solve_file(instance.text()), name


def assert_same(read: PlacementProblem, written: PlacementProblem, name: str) -> None:
    for column in ("pool_ids", "case_ids", "terms"):
        assert getattr(read, column) == getattr(written, column), name
    assert read.groups.ids == written.groups.ids, name
    for column in ("pool_places", "option_case", "option_pool", "option_terms"):
        assert np.array_equal(getattr(read, column), getattr(written, column)), f"{name}: {column}"
    for column in ("places", "parent", "pool_parent"):
        assert np.array_equal(getattr(read.groups, column), getattr(written.groups, column)), f"{name}: {column}"


def test_ids_in_any_script_and_with_quotes_survive() -> None:
    odd = ["école «é»", 'a "quoted" one', "back\\slash", "new\nline", "日本", "👧"]
    pools = [{"id": f"{one} pool", "places": 1} for one in odd]
    options = [{"case": one, "pool": f"{one} pool", "terms": []} for one in odd]
    file = {"format": "inborough-problem/1", "terms": [], "pools": pools, "cases": odd, "options": options}
    problem = read_problem(json.dumps(file, ensure_ascii=False).encode())
    assert read_problem(problem_text(problem)).case_ids == tuple(odd)
    assert solve_file(problem_text(problem))["assignment"] == {one: f"{one} pool" for one in odd}
