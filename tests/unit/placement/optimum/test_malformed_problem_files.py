"""Every malformed problem file is refused, naming the place in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.placement.model.problem_file import read_problem
from services.placement.model.solve_file import solve_file

File = dict[str, Any]
Change = Callable[[File], object]


def well_formed() -> File:
    """Two pools in two nested groups, two cases, three options of two terms."""
    return {
        "format": "inborough-problem/1",
        "terms": ["annual_cost_pence", "travel_minutes"],
        "pools": [{"id": "p1", "places": 3}, {"id": "p2", "places": 1}, {"id": "p3", "places": 2}],
        "groups": [{"id": "g1", "pools": ["p1", "p2"], "places": 4}, {"id": "g2", "pools": ["p1"], "places": 1}],
        "cases": ["c1", "c2"],
        "options": [
            {"case": "c1", "pool": "p1", "terms": [2_500_000, 35]},
            {"case": "c1", "pool": "p2", "terms": [2_600_000, 10]},
            {"case": "c2", "pool": "p1", "terms": [2_500_000, 20]},
        ],
    }


def put(*path: str | int, value: object) -> Change:
    """Put a value in a place."""

    def change(file: File) -> object:
        within: Any = file
        for step in path[:-1]:
            within = within[step]
        within[path[-1]] = value
        return file

    return change


def add(*path: str | int, value: object) -> Change:
    """Add an item to a list."""

    def change(file: File) -> object:
        within: Any = file
        for step in path:
            within = within[step]
        within.append(value)
        return file

    return change


def drop(*path: str | int) -> Change:
    """Take a key away."""

    def change(file: File) -> object:
        within: Any = file
        for step in path[:-1]:
            within = within[step]
        del within[path[-1]]
        return file

    return change


MALFORMED: list[tuple[str, Change, str]] = [
    ("a list for a file", lambda file: [file], "the file: must be an object"),
    ("a number for a file", lambda _: 3, "the file: must be an object"),
    ("nothing for a file", lambda _: None, "the file: must be an object"),
    ("no format", drop("format"), "the file: key 'format' is missing"),
    ("no terms", drop("terms"), "the file: key 'terms' is missing"),
    ("no pools", drop("pools"), "the file: key 'pools' is missing"),
    ("no cases", drop("cases"), "the file: key 'cases' is missing"),
    ("no options", drop("options"), "the file: key 'options' is missing"),
    ("an unknown key", put("weights", value=[]), "the file: unknown key 'weights'"),
    ("a key in capitals", put("Cases", value=[]), "the file: unknown key 'Cases'"),
    ("a later format", put("format", value="inborough-problem/2"), "format: must be"),
    ("a number for a format", put("format", value=1), "format: must be"),
    ("terms as text", put("terms", value="annual_cost_pence"), "terms: must be a list"),
    ("a term that is a number", put("terms", 1, value=7), "terms[1]: must be text"),
    ("an empty term", put("terms", 1, value=""), "terms[1]: must be text"),
    ("a term twice", put("terms", 1, value="annual_cost_pence"), "terms[1]: 'annual_cost_pence' appears twice"),
    ("a term named unplaced", put("terms", 0, value="unplaced"), 'terms[0]: "unplaced" always leads'),
    ("pools as an object", put("pools", value={}), "pools: must be a list"),
    ("a pool as text", put("pools", 1, value="p2"), "pools[1]: must be an object"),
    ("a pool without an id", drop("pools", 2, "id"), "pools[2]: key 'id' is missing"),
    ("a pool without places", drop("pools", 0, "places"), "pools[0]: key 'places' is missing"),
    ("a pool with a key too many", put("pools", 1, "name", value="x"), "pools[1]: unknown key 'name'"),
    ("a pool's id as a number", put("pools", 1, "id", value=2), "pools[1].id: must be text"),
    ("a pool's id as nothing", put("pools", 1, "id", value=None), "pools[1].id: must be text"),
    ("half a character", put("pools", 1, "id", value="\ud83d"), "pools[1].id: '\\ud83d' holds half a character"),
    ("a pool twice", put("pools", 2, "id", value="p1"), "pools[2]: 'p1' appears twice"),
    ("places below none", put("pools", 1, "places", value=-1), "pools[1].places: -1 must be from 0"),
    ("too many places", put("pools", 1, "places", value=10**9 + 1), "pools[1].places: 1000000001 must be from 0"),
    ("half a place", put("pools", 1, "places", value=1.5), "pools[1].places: must be a whole number"),
    ("a whole number as a fraction", put("pools", 1, "places", value=1.0), "pools[1].places: must be a whole number"),
    ("places as text", put("pools", 1, "places", value="3"), "pools[1].places: must be a whole number"),
    ("places as true", put("pools", 1, "places", value=True), "pools[1].places: must be a whole number"),
    ("places not a number", put("pools", 1, "places", value=float("nan")), "pools[1].places: must be a whole number"),
    ("places without end", put("pools", 1, "places", value=float("inf")), "pools[1].places: must be a whole number"),
    ("groups as nothing", put("groups", value=None), "groups: must be a list"),
    ("a group without pools", drop("groups", 0, "pools"), "groups[0]: key 'pools' is missing"),
    ("a group's pools as text", put("groups", 0, "pools", value="p1"), "groups[0].pools: must be a list"),
    ("a group of an unknown pool", add("groups", 0, "pools", value="p9"), "groups[0].pools[2]: 'p9' is not the id"),
    ("a group of a number", put("groups", 0, "pools", 0, value=1), "groups[0].pools[0]: must be text"),
    ("a pool twice in a group", add("groups", 0, "pools", value="p1"), "groups[0].pools[2]: a pool may appear only"),
    ("a group twice", put("groups", 1, "id", value="g1"), "groups[1]: 'g1' appears twice"),
    ("a group's places below none", put("groups", 1, "places", value=-4), "groups[1].places: -4 must be from 0"),
    ("groups that cross", add("groups", 1, "pools", value="p3"), "crosses group"),
    ("cases as an object", put("cases", value={"c1": 1}), "cases: must be a list"),
    ("a case that is a list", put("cases", 1, value=["c2"]), "cases[1]: must be text"),
    ("a case twice", add("cases", value="c1"), "cases[2]: 'c1' appears twice"),
    ("options as text", put("options", value="none"), "options: must be a list"),
    ("an option as a list", put("options", 1, value=["c1", "p1"]), "options[1]: must be an object"),
    ("an option without a case", drop("options", 1, "case"), "options[1]: key 'case' is missing"),
    ("an option with a note", put("options", 2, "note", value="x"), "options[2]: unknown key 'note'"),
    ("an option of nobody", put("options", 2, "case", value="c9"), "options[2].case: 'c9' is not the id of a case"),
    ("an option nowhere", put("options", 2, "pool", value="p9"), "options[2].pool: 'p9' is not the id of a pool"),
    ("an option of a list", put("options", 2, "pool", value=["p1"]), "options[2].pool: ['p1'] is not the id"),
    ("an option of an index", put("options", 2, "case", value=0), "options[2].case: 0 is not the id of a case"),
    ("an option twice", put("options", 1, "pool", value="p1"), "options[1]: case 'c1' already has an option"),
    ("a term too few", put("options", 2, "terms", value=[1]), "options[2].terms: has 1 numbers"),
    ("a term too many", put("options", 2, "terms", value=[1, 2, 3]), "options[2].terms: has 3 numbers"),
    ("terms of an option as text", put("options", 2, "terms", value="12"), "options[2].terms: must be a list"),
    ("pounds and pence", put("options", 2, "terms", 0, value=25000.75), "options[2].terms[0]: must be a whole number"),
    ("a term as text", put("options", 2, "terms", 1, value="20"), "options[2].terms[1]: must be a whole number"),
    ("a term as false", put("options", 2, "terms", 1, value=False), "options[2].terms[1]: must be a whole number"),
    ("a term as nothing", put("options", 2, "terms", 1, value=None), "options[2].terms[1]: must be a whole number"),
    ("a term too large", put("options", 2, "terms", 1, value=10**11 + 1), "options[2].terms[1]: 100000000001 must be"),
    ("a term too small", put("options", 0, "terms", 0, value=-(10**30)), "options[0].terms[0]: -1"),
]

NOT_JSON: list[tuple[str, bytes, str]] = [
    ("an empty file", b"", "line 1, column 1: not JSON"),
    ("words", b"format,terms\n", "line 1, column 1: not JSON"),
    ("a comma at the end", b'{"format":\n "inborough-problem/1",}', "line 2, column"),
    ("cut short", b'{"format": "inborough-problem/1", "terms": [', "line 1, column"),
    ("another encoding", b'{"format": "\xe9cole"}', "byte 12: not text in UTF-8"),
    ("a key twice", b'{"format": "a", "format": "b"}', "the file: key 'format' appears twice"),
    ("nested for ever", b"[" * 200_000, "nested too deeply"),
    ("a number without end", b'{"format": ' + b"9" * 5_000 + b"}", "thousands of digits"),
]


@pytest.mark.parametrize(("change", "place"), [one[1:] for one in MALFORMED], ids=[one[0] for one in MALFORMED])
def test_a_malformed_file_is_refused_naming_the_place(change: Change, place: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the message is the point, and it is compared below
        solve_file(json.dumps(change(well_formed())))
    assert place in str(refused.value)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(("content", "place"), [one[1:] for one in NOT_JSON], ids=[one[0] for one in NOT_JSON])
def test_what_is_not_json_is_refused_naming_the_place(content: bytes, place: str, tmp_path: Path) -> None:
    path = tmp_path / "problem.json"
    path.write_bytes(content)
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the message is the point, and it is compared below
        solve_file(path)
    assert place in str(refused.value)


def test_the_file_that_each_is_made_from_is_well_formed() -> None:
    assert read_problem(json.dumps(well_formed())).option_count == 3


def test_a_knock_on_of_an_unknown_case_is_refused_naming_it() -> None:
    with pytest.raises(ValueError, match="case 'c9' is not in the problem"):
        solve_file(json.dumps(well_formed()), "c9")
