"""A plain file is read strictly, written the same each time, and answered in the keys that issue readers rely on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from services.placement.model.problem_file import problem_text, read_problem
from services.placement.model.solve_file import solve_file
from tests.builders.problems import PHASE, authority_problem, small_problem

FILE: dict[str, Any] = {
    "format": "inborough-problem/1",
    "terms": ["out_of_borough", "annual_cost_pence"],
    "pools": [{"id": "p1", "places": 1}, {"id": "p2", "places": 2}],
    "groups": [{"id": "g1", "pools": ["p1", "p2"], "places": 2}],
    "cases": ["c1", "c2", "c3"],
    "options": [
        {"case": "c1", "pool": "p1", "terms": [0, 100]},
        {"case": "c1", "pool": "p2", "terms": [1, 250]},
        {"case": "c2", "pool": "p1", "terms": [0, 300]},
        {"case": "c3", "pool": "p2", "terms": [1, 900]},
    ],
}


def _file(change: Callable[[dict[str, Any]], object]) -> str:
    """Return the file's text after one change to it."""
    file = json.loads(json.dumps(FILE))
    change(file)
    return json.dumps(file)


def _set(*path: str | int, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(file: dict[str, Any]) -> None:
        place: Any = file
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to

    return change


def test_the_answer_has_the_plan_its_totals_and_its_prices() -> None:
    assert solve_file(json.dumps(FILE)) == {
        "status": "optimal",
        "assignment": {"c1": "p2", "c2": "p1"},
        "unplaced": ["c3"],
        "totals": {"out_of_borough": 1, "annual_cost_pence": 550},
        "shadow_prices": {
            "p1": {"unplaced": 0, "out_of_borough": 1, "annual_cost_pence": 150},
            "p2": {"unplaced": 0, "out_of_borough": 0, "annual_cost_pence": 0},
        },
    }


def test_the_knock_on_of_a_case_names_each_of_its_options() -> None:
    answer = solve_file(json.dumps(FILE), knock_on_case="c1")
    assert answer["knock_on"] == {
        "p1": {"unplaced": 0, "out_of_borough": 0, "annual_cost_pence": 450},
        "p2": {"unplaced": 0, "out_of_borough": 0, "annual_cost_pence": 0},
    }
    assert answer["knock_on_others"] == {
        "p1": {"unplaced": 1, "out_of_borough": 0, "annual_cost_pence": -300},
        "p2": {"unplaced": 1, "out_of_borough": -1, "annual_cost_pence": -900},
    }


def test_an_unknown_case_is_refused() -> None:
    with pytest.raises(ValueError, match="case 'c9' is not in the problem"):
        solve_file(json.dumps(FILE), knock_on_case="c9")


def test_a_path_is_read_as_a_file(tmp_path: Path) -> None:
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(FILE))
    assert solve_file(path) == solve_file(json.dumps(FILE))


def test_groups_may_be_left_out() -> None:
    assert solve_file(_file(lambda file: file.pop("groups")))["unplaced"] == []


def test_writing_and_reading_give_the_same_text() -> None:
    rng = np.random.default_rng(13)
    problems = [small_problem(rng).problem for _ in range(60)]
    for problem in (*problems, authority_problem(PHASE)):
        assert problem_text(read_problem(problem_text(problem))) == problem_text(problem)


def test_a_written_problem_is_plain_json_of_the_format() -> None:
    assert json.loads(problem_text(read_problem(json.dumps(FILE)))) == FILE


def test_the_order_of_rows_changes_not_one_byte_of_the_answer() -> None:
    rng = np.random.default_rng(14)
    for _ in range(25):
        file = json.loads(problem_text(small_problem(rng).problem))
        turned = {key: value[::-1] if isinstance(value, list) else value for key, value in file.items()}
        turned["terms"] = file["terms"]
        assert json.dumps(solve_file(json.dumps(turned))) == json.dumps(solve_file(json.dumps(file)))


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (_set("format", to="inborough-problem/2"), 'format: must be "inborough-problem/1"'),
        (_set("speed", to=1), "the file: unknown key 'speed'; the keys are format, terms"),
        (lambda file: file.pop("cases"), "the file: key 'cases' is missing"),
        (_set("terms", to="cost"), "terms: must be a list"),
        (_set("terms", 0, to=7), r"terms\[0\]: must be text"),
        (_set("terms", 1, to="out_of_borough"), r"terms\[1\]: 'out_of_borough' appears twice"),
        (_set("terms", 1, to="unplaced"), r'terms\[1\]: "unplaced" always leads'),
        (_set("pools", to={}), "pools: must be a list"),
        (_set("pools", 1, to="p2"), r"pools\[1\]: must be an object"),
        (_set("pools", 1, "id", to=""), r"pools\[1\].id: must be text of at least one character"),
        (_set("pools", 1, "id", to="p1"), r"pools\[1\]: 'p1' appears twice"),
        (_set("pools", 0, "places", to=-1), r"pools\[0\].places: -1 must be from 0 to 1000000000"),
        (_set("pools", 0, "places", to=True), r"pools\[0\].places: must be a whole number, not True"),
        (_set("pools", 0, "places", to=1.0), r"pools\[0\].places: must be a whole number, not 1.0"),
        (_set("pools", 0, "kind", to="RP"), r"pools\[0\]: unknown key 'kind'; the keys are id, places"),
        (lambda file: file["pools"][0].pop("places"), r"pools\[0\]: key 'places' is missing"),
        (_set("groups", 0, "pools", 0, to="p9"), r"groups\[0\].pools\[0\]: 'p9' is not the id of a pool"),
        (_set("groups", 0, "pools", 1, to="p1"), r"groups\[0\].pools\[1\]: a pool may appear only once"),
        (_set("groups", 0, "places", to=None), r"groups\[0\].places: must be a whole number, not None"),
        (_set("groups", to=FILE["groups"] * 2), r"groups\[1\]: 'g1' appears twice"),
        (_set("cases", 2, to="c1"), r"cases\[2\]: 'c1' appears twice"),
        (_set("cases", 2, to="\ud800"), r"cases\[2\]: .* holds half a character"),
        (_set("options", 2, "case", to="c9"), r"options\[2\].case: 'c9' is not the id of a case"),
        (_set("options", 2, "case", to=["c1"]), r"options\[2\].case: \['c1'\] is not the id of a case"),
        (_set("options", 2, "pool", to="p9"), r"options\[2\].pool: 'p9' is not the id of a pool"),
        (_set("options", 2, "pool", to=None), r"options\[2\].pool: None is not the id of a pool"),
        (_set("options", 3, "terms", to=[1]), r"options\[3\].terms: has 1 numbers; one is needed for each of the 2"),
        (_set("options", 3, "terms", to=5), r"options\[3\].terms: must be a list"),
        (_set("options", 3, "terms", 1, to=9.5), r"options\[3\].terms\[1\]: must be a whole number, not 9.5"),
        (_set("options", 3, "terms", 1, to=False), r"options\[3\].terms\[1\]: must be a whole number, not False"),
        (_set("options", 3, "terms", 1, to="9"), r"options\[3\].terms\[1\]: must be a whole number, not '9'"),
        (_set("options", 3, "terms", 1, to=10**12), r"options\[3\].terms\[1\]: 1000000000000 must be from"),
        (_set("options", 3, "terms", 1, to=10**40), r"options\[3\].terms\[1\]: 10{40} must be from"),
        (_set("options", 3, "terms", 1, to=float("nan")), r"options\[3\].terms\[1\]: must be a whole number, not nan"),
        (_set("options", 1, "pool", to="p1"), r"options\[1\]: case 'c1' already has an option in pool 'p1'"),
    ],
)
def test_a_malformed_file_is_refused_naming_the_place(change: Callable[[dict[str, Any]], object], refusal: str) -> None:
    with pytest.raises(ValueError, match=refusal):
        read_problem(_file(change))


def test_crossing_groups_are_refused() -> None:
    file = _file(
        lambda file: (
            file["pools"].append({"id": "p3", "places": 1}),
            file["groups"].append({"id": "g2", "pools": ["p2", "p3"], "places": 1}),
        )
    )
    with pytest.raises(ValueError, match=r"groups\[1\].pools: group 'g2' crosses group 'g1'"):
        read_problem(file)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "line 1, column 1: not JSON"),
        ('{"format": ', "line 1, column 12: not JSON"),
        ("[]", "the file: must be an object"),
        (b'{"format": "\xff"}', "byte 12: not text in UTF-8"),
        ("[" * 100_000, "the file: nested too deeply"),
        (json.dumps(FILE).replace("900", "9" * 5_000), "a number has thousands of digits"),
        (
            json.dumps(FILE).replace('"places": 1}', '"places": 1, "places": 2}'),
            r"pools\[0\]: key 'places' appears twice",
        ),
        (json.dumps(FILE).replace('"cases"', '"terms": [], "cases"'), "the file: key 'terms' appears twice"),
    ],
)
def test_text_that_is_no_such_file_is_refused(text: str | bytes, refusal: str) -> None:
    with pytest.raises(ValueError, match=refusal):
        read_problem(text)
