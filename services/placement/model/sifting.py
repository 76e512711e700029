"""Which few options the engine is shown first: most are never used, and a sample of the cases tells which.

Every fifth case, say, is planned as if it stood for five. What places cost in that plan is near what they cost in the
whole one; so the options that are nearly the cheapest for a case at those prices are the ones that matter (sifting:
Bixby et al., 1992). It is a guess, and need be no more: the search looks at every option left out before it ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.placement.model.contracted import contract
from services.placement.model.flow import Engine, sample_network
from services.placement.model.groups import IndexArray, IntArray
from services.placement.model.lexicographic import UNREACHED, BoolArray
from services.placement.model.moves import Moves
from services.placement.model.places import PlaceTree
from services.placement.model.shortest import NegativeRings, shortest_from


@dataclass(frozen=True)
class Sifting:
    """When options are sifted, and how finely.

    Parameters
    ----------
    least_options
        Options from which sifting is worth it; below, the engine is as quick with all of them. 0 or more.
    cases_for_each
        How many cases one of the sample stands for, 1 or more.
    kept_of_case
        Options kept of each case, its nearest, 1 or more.
    kept_for_place
        Options kept for each place of a pool, its nearest, 0 or more: a pool that the sample thinks too dear would
        otherwise stay half empty.
    bits
        Leading bits of the costs by which the sample is planned, 1 or more: with fewer the engine is quicker.
    """

    least_options: int = 30_000
    cases_for_each: int = 5
    kept_of_case: int = 8
    kept_for_place: int = 4
    bits: int = 18

    def __post_init__(self) -> None:
        if (
            min(self.least_options, self.kept_for_place) < 0
            or min(self.cases_for_each, self.kept_of_case, self.bits) < 1
        ):
            raise ValueError(
                "Expected cases_for_each, kept_of_case and bits of 1 or more, and the others of 0 or more."
            )


def likely_moves(sifting: Sifting, tree: PlaceTree, moves: Moves, cost: IntArray, engine: Engine) -> IntArray:
    """Return the moves that the best plan is likely to need, ascending; every case's move to no place among them.

    Parameters
    ----------
    cost
        int64[A + K], the joint cost of each move.
    """
    options, cases = moves.option_count, moves.case_count
    if options < max(sifting.least_options, 1):
        return np.arange(options + cases)
    prices = _sampled_prices(sifting, tree, moves, cost, engine)
    near = _nearly_best(sifting, tree, moves, cost - np.take(prices, moves.node))
    near |= tree.shut()[moves.node[:options]]
    return np.append(np.flatnonzero(near), np.arange(options, options + cases))


def _nearly_best(sifting: Sifting, tree: PlaceTree, moves: Moves, priced: IntArray) -> BoolArray:
    """Return bool[A], the options nearest to the best at these prices: a few of each case, and enough for each pool."""
    case, pool = moves.case[: moves.option_count], moves.node[: moves.option_count]
    beyond = priced[: case.size] - _least_of_each(moves, priced)[case]
    of_case = np.full(moves.case_count, sifting.kept_of_case)
    of_pool = sifting.kept_for_place * np.minimum(tree.places[: tree.pool_count], case.size) + 1
    near = _nearest(case, moves.case_count, beyond, of_case)
    near |= _nearest(pool, tree.pool_count, beyond, of_pool)
    return near


def _sampled_prices(sifting: Sifting, tree: PlaceTree, moves: Moves, cost: IntArray, engine: Engine) -> IntArray:
    """Return int64[P + G + 1], what places cost if a few cases stood for all."""
    sample, stands_for = _sample(sifting.cases_for_each, moves, cost)
    number = np.full(moves.case_count, -1)
    number[sample] = np.arange(sample.size)
    rows = np.flatnonzero(np.take(number, moves.case) >= 0)
    rows = rows[np.argsort(moves.case[rows], kind="stable")]
    case, node = number[moves.case[rows]], moves.node[rows]
    shift = max(0, int(np.abs(cost).max()).bit_length() - sifting.bits)
    coarse = cost[rows] >> shift
    carried = engine(sample_network(tree, case, node, coarse, stands_for))
    used = np.flatnonzero(carried > 0)
    loads = tree.loads(node[used], carried[used])
    first = np.searchsorted(case, np.arange(sample.size + 1))
    lengths = np.diff(first)[case[used]]
    starts = np.cumsum(lengths) - lengths
    part = np.repeat(np.arange(used.size, dtype=np.int32), lengths)
    at = np.arange(part.size) + (first[case[used]] - starts)[part]
    chosen = starts + used - first[case[used]]
    parts = (part, node[at], coarse[at][np.newaxis], at)
    edges = contract(tree, loads, np.ones(tree.root, dtype=np.bool_), parts, chosen)
    found = shortest_from(tree.root, tree.root + 1, edges)
    if isinstance(found, NegativeRings):
        return np.zeros(tree.root + 1, dtype=np.int64)
    prices = found[0, tree.standing_for(loads)]
    return np.where(prices == UNREACHED, 0, prices << shift)


def _sample(cases_for_each: int, moves: Moves, cost: IntArray) -> tuple[IntArray, IntArray]:
    """Return cases spread evenly over those that have the same cheapest place, and how many cases each stands for."""
    options, cases = moves.option_count, moves.case_count
    least = _least_of_each(moves, cost)
    cheapest = np.flatnonzero(cost[:options] == least[moves.case[:options]])
    place = np.full(cases, moves.node[-1])
    place[moves.case[cheapest]] = moves.node[cheapest]
    bounds = np.append(np.arange(0, cases, cases_for_each), cases)
    stands_for = np.diff(bounds)
    sample = np.lexsort((least, place))[bounds[:-1] + stands_for // 2]
    order = np.argsort(sample)
    return sample[order], stands_for[order]


def _nearest(key: IndexArray, count: int, beyond: IntArray, kept: IntArray) -> BoolArray:
    """Return bool[A], whether each option is among the nearest few of its key, or seems as near as they.

    All are sorted at once, by key and then by as many leading bits of the distance as fit in a word with it.

    Parameters
    ----------
    key, count
        int32[A], the case or the pool of each option, and how many of them there are.
    beyond
        int64[A], 0 or more.
    kept
        int64[count], how many to keep of each.
    """
    bits = 62 - count.bit_length()
    joined = (key.astype(np.int64) << bits) + (beyond >> max(0, int(beyond.max()).bit_length() - bits))
    bounds = np.concatenate([[0], np.cumsum(np.bincount(key, minlength=count))])
    last = np.minimum(bounds[:-1] + kept, bounds[1:]) - 1
    return np.asarray(joined <= np.sort(joined)[last][key])


def _least_of_each(moves: Moves, cost: IntArray) -> IntArray:
    """Return int64[K], the least of int64[A + K] costs for each case."""
    least = cost[moves.option_count :].copy()
    case = moves.case[: moves.option_count]
    if case.size:
        starts = np.flatnonzero(np.diff(case, prepend=-1))
        with_options = case[starts]
        least[with_options] = np.minimum(least[with_options], np.minimum.reduceat(cost[: case.size], starts))
    return least
