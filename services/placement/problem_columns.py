"""A solved problem as compressed columns, for keeping: small, quick to write, and exact."""

from __future__ import annotations

import io
import zlib

import numpy as np

from services.placement.model.groups import GroupForest
from services.placement.model.problem import PlacementProblem

FAST = 1  # compression level: written while somebody waits


def pack(problem: PlacementProblem) -> bytes:
    """The problem's columns, each term in the narrowest whole-number type that holds it."""
    columns = {f"term_{at}": _narrowed(row) for at, row in enumerate(problem.option_terms)}
    columns |= {
        "pool_ids": np.array(problem.pool_ids, dtype=np.str_),
        "pool_places": problem.pool_places,
        "case_ids": np.array(problem.case_ids, dtype=np.str_),
        "terms": np.array(problem.terms, dtype=np.str_),
        "option_case": problem.option_case,
        "option_pool": problem.option_pool,
        "group_ids": np.array(problem.groups.ids, dtype=np.str_),
        "group_places": problem.groups.places,
        "group_parent": problem.groups.parent,
        "pool_parent": problem.groups.pool_parent,
    }
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **columns)
    return zlib.compress(buffer.getvalue(), FAST)


def unpack(packed: bytes) -> PlacementProblem:
    """The problem that `pack` packed."""
    with np.load(io.BytesIO(zlib.decompress(packed)), allow_pickle=False) as columns:
        terms = tuple(columns["terms"].tolist())
        rows = [columns[f"term_{at}"].astype(np.int64) for at in range(len(terms))]
        return PlacementProblem(
            pool_ids=tuple(columns["pool_ids"].tolist()),
            pool_places=columns["pool_places"],
            case_ids=tuple(columns["case_ids"].tolist()),
            terms=terms,
            option_case=columns["option_case"],
            option_pool=columns["option_pool"],
            option_terms=np.stack(rows) if rows else np.zeros((0, columns["option_case"].size), np.int64),
            groups=GroupForest(
                ids=tuple(columns["group_ids"].tolist()),
                places=columns["group_places"],
                parent=columns["group_parent"],
                pool_parent=columns["pool_parent"],
            ),
        )


def _narrowed(row: np.ndarray[tuple[int], np.dtype[np.int64]]) -> np.ndarray[tuple[int], np.dtype[np.signedinteger]]:
    if row.size and (row.min() < np.iinfo(np.int32).min or row.max() > np.iinfo(np.int32).max):
        return row
    small = row.size == 0 or (row.min() >= -128 and row.max() <= 127)
    return row.astype(np.int8 if small else np.int32)
