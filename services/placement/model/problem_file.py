"""The plain file "inborough-problem/1": a placement problem that anybody can read, and solve again.

Reading is strict: an unknown key, a missing one, a fraction, a repeat or an unknown id is refused, naming the place in
the file and the rule. Writing is deterministic: the same problem gives the same bytes.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import Any

import numpy as np

from services.placement.model.groups import NO_PARENT, IntArray, PlaceGroup
from services.placement.model.problem import (
    LARGEST_PLACES,
    LARGEST_TERM,
    PlacementProblem,
    build_problem,
    check_unique,
    first_repeat,
)
from services.placement.model.strict_json import as_list, as_records, check_id, check_keys, check_whole, parse, refuse

FORMAT = "inborough-problem/1"
KEYS = ("format", "terms", "pools", "groups", "cases", "options")


def problem_text(problem: PlacementProblem) -> str:
    """Return the file's text: one option a line, in order of case and pool."""
    cases, pools = [json.dumps(one) for one in problem.case_ids], [json.dumps(one) for one in problem.pool_ids]
    places = problem.pool_places.tolist()
    options = zip(
        problem.option_case.tolist(), problem.option_pool.tolist(), problem.option_terms.T.tolist(), strict=True
    )
    listed = {
        "pools": [f'{{"id": {one}, "places": {count}}}' for one, count in zip(pools, places, strict=True)],
        "groups": [json.dumps(group) for group in _group_records(problem)],
        "cases": cases,
        "options": [f'{{"case": {cases[k]}, "pool": {pools[p]}, "terms": {terms}}}' for k, p, terms in options],
    }
    body = ",\n".join(f' "{name}": {_lines(items)}' for name, items in listed.items())
    return f'{{"format": "{FORMAT}",\n "terms": {json.dumps(problem.terms)},\n{body}}}\n'


def _lines(items: list[str]) -> str:
    return "[\n  " + ",\n  ".join(items) + "]" if items else "[]"


def _group_records(problem: PlacementProblem) -> list[dict[str, Any]]:
    groups = problem.groups
    members: list[list[str]] = [[] for _ in groups.ids]
    for pool, group in enumerate(groups.pool_parent.tolist()):
        while group != NO_PARENT:
            members[group].append(problem.pool_ids[pool])
            group = int(groups.parent[group])
    return [
        {"id": one, "pools": pools, "places": places}
        for one, pools, places in zip(groups.ids, members, groups.places.tolist(), strict=True)
    ]


def read_problem(text: str | bytes) -> PlacementProblem:
    """Return the problem in a file's text. Raises ValueError naming the place in the file and the rule."""
    file = parse(text)
    check_keys(file, "the file", KEYS, optional=("groups",))
    if file["format"] != FORMAT:
        refuse("format", f'must be "{FORMAT}", not {file["format"]!r}')
    terms, case_ids = _ids(file["terms"], "terms"), _ids(file["cases"], "cases")
    pools = as_records(file["pools"], "pools", ("id", "places"))
    groups = as_records(file.get("groups", []), "groups", ("id", "pools", "places"))
    options = as_records(file["options"], "options", ("case", "pool", "terms"))
    pool_ids = _record_ids(pools, "pools")
    check_unique({"terms": terms, "cases": case_ids, "pools": pool_ids})
    return build_problem(
        pool_ids=pool_ids,
        pool_places=_places(pools, "pools"),
        case_ids=case_ids,
        terms=terms,
        option_case=_indices(options, "case", case_ids),
        option_pool=_indices(options, "pool", pool_ids),
        option_terms=_terms(options, len(terms)),
        groups=_groups(groups, pool_ids),
    )


def _ids(listed: Any, place: str) -> list[str]:
    ids = as_list(listed, place)
    for at, one in enumerate(ids):
        check_id(one, f"{place}[{at}]")
    return ids


def _record_ids(records: list[dict[str, Any]], place: str) -> list[str]:
    for at, record in enumerate(records):
        check_id(record["id"], f"{place}[{at}].id")
    return [record["id"] for record in records]


def _places(records: list[dict[str, Any]], place: str) -> list[int]:
    for at, record in enumerate(records):
        check_whole(record["places"], f"{place}[{at}].places", 0, LARGEST_PLACES)
    return [record["places"] for record in records]


def _groups(records: list[dict[str, Any]], pool_ids: list[str]) -> list[PlaceGroup]:
    pool_of_id = {one: index for index, one in enumerate(pool_ids)}
    ids, places = _record_ids(records, "groups"), _places(records, "groups")
    members = [
        tuple(_group_pools(record["pools"], f"groups[{at}].pools", pool_of_id)) for at, record in enumerate(records)
    ]
    return [PlaceGroup(one, pools, count) for one, pools, count in zip(ids, members, places, strict=True)]


def _group_pools(listed: Any, place: str, pool_of_id: dict[str, int]) -> list[int]:
    ids = _ids(listed, place)
    for at, one in enumerate(ids):
        if one not in pool_of_id:
            refuse(f"{place}[{at}]", f"{one!r} is not the id of a pool")
    if len(set(ids)) != len(ids):
        refuse(f"{place}[{first_repeat(ids)}]", "a pool may appear only once in a group")
    return [pool_of_id[one] for one in ids]


def _indices(options: list[dict[str, Any]], key: str, ids: list[str]) -> list[int]:
    index_of_id = {one: index for index, one in enumerate(ids)}
    named = [option[key] for option in options]
    try:
        return [index_of_id[one] for one in named]
    except (KeyError, TypeError):
        at = next(at for at, one in enumerate(named) if not isinstance(one, str) or one not in index_of_id)
        refuse(f"options[{at}].{key}", f"{named[at]!r} is not the id of a {key}")


def _terms(options: list[dict[str, Any]], term_count: int) -> IntArray:
    """Return int64[T, A]; all at once when all is well, one by one to name what is not."""
    rows = [option["terms"] for option in options]
    if set(map(type, rows)) <= {list} and set(map(len, rows)) <= {term_count}:
        numbers = list(chain.from_iterable(rows))
        if set(map(type, numbers)) <= {int} and max(map(abs, numbers), default=0) <= LARGEST_TERM:
            return np.array(numbers, dtype=np.int64).reshape(len(rows), term_count).T.copy()
    for at, row in enumerate(rows):
        place = f"options[{at}].terms"
        if len(as_list(row, place)) != term_count:
            refuse(place, f"has {len(row)} numbers; one is needed for each of the {term_count} terms")
        for term, number in enumerate(row):
            check_whole(number, f"{place}[{term}]", -LARGEST_TERM, LARGEST_TERM)
    raise AssertionError("One of the terms is wrong.")
