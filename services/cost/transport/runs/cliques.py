"""Children who are to be kept apart, as few sets of whom one at most rides."""

from __future__ import annotations

from collections.abc import Sequence


def cover_by_cliques(ids: Sequence[str], pairs: frozenset[tuple[str, str]]) -> list[list[int]]:
    """Sets of rows of `ids`, every two of a set a pair, that hold every pair once at least; made greedily, by id."""
    row = {traveller: at for at, traveller in enumerate(ids)}
    edges = {frozenset((row[one], row[other])) for one, other in pairs if one in row and other in row}
    open_edges = sorted(edges, key=lambda edge: sorted(ids[at] for at in edge))
    cliques: list[list[int]] = []
    covered: set[frozenset[int]] = set()
    for edge in open_edges:
        if edge in covered:
            continue
        clique = sorted(edge, key=lambda at: ids[at])
        for at in sorted(row.values(), key=lambda at: ids[at]):
            if at not in clique and all(frozenset((at, member)) in edges for member in clique):
                clique.append(at)
        covered |= {frozenset((one, other)) for one in clique for other in clique if one != other}
        cliques.append(clique)
    return cliques
