"""Distances between nodes that lie near one another (Bellman, 1958; Ford, 1956): all pairs a round at a time."""

from __future__ import annotations

import numpy as np

from services.placement.model.contracted import Edges
from services.placement.model.groups import IntArray
from services.placement.model.lexicographic import UNREACHED, is_less, least_in_runs


def distances_below(links: Edges, limit: IntArray) -> tuple[IntArray, IntArray]:
    """Return pairs, int64[m], and their distances, int64[w, m].

    Parameters
    ----------
    links
        With changes of 0 or more.
    limit
        int64[w, n], for each source the distance that a pair must stay below.

    Returns
    -------
    Pairs are source * n + target, ascending; each node is at distance 0 from itself.
    """
    span = limit.shape[1]
    by_source = np.argsort(links.source, kind="stable")
    target, change = links.target[by_source], links.change[:, by_source]
    first = np.searchsorted(links.source[by_source], np.arange(span + 1))
    distance = np.full((len(limit), span * span), UNREACHED, dtype=np.int64)
    pairs = np.arange(span) * (span + 1)
    distance[:, pairs] = 0
    while pairs.size:
        source, node = np.divmod(pairs, span)
        onward = (first[1:] - first[:-1])[node]
        part = np.repeat(np.arange(pairs.size), onward)
        link = np.arange(part.size) + (first[node] - np.cumsum(onward) + onward)[part]
        there = distance[:, pairs[part]] + change[:, link]
        reached = source[part] * span + target[link]
        nearer = np.flatnonzero(is_less(there, distance[:, reached]) & is_less(there, limit[:, source[part]]))
        nearer = nearer[np.argsort(reached[nearer], kind="stable")]
        runs = np.flatnonzero(np.diff(reached[nearer], prepend=-1))
        best = nearer[least_in_runs(there[:, nearer], runs)] if nearer.size else nearer
        pairs = reached[best]
        distance[:, pairs] = there[:, best]
    pairs = np.flatnonzero(distance[0] != UNREACHED)
    return pairs, distance[:, pairs]
