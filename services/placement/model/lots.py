"""Lots: the last tier, which makes the optimal plan unique.

Two plans can tie on every term. Then the one with the smaller sum of lots wins, where the lot of a case in a pool is
a fixed whole number that depends on the two ids alone: not on the order of a file, the machine, or the day. A lot says
nothing about a child; it is a coin tossed once, in public, that anybody can toss again.

Two plans share the smallest sum with a chance of less than one in a million at a million options (the isolation lemma:
Mulmuley, Vazirani and Vazirani, 1987).
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

LOT_BITS = 40
LARGEST_LOT = 2**LOT_BITS - 1

Seeds = npt.NDArray[np.uint64]


def seeds_of(ids: Iterable[str]) -> Seeds:
    """Return the 64-bit seed of each id: the first 8 bytes of its BLAKE2b hash, little end first."""
    digests = b"".join(blake2b(one.encode(), digest_size=8).digest() for one in ids)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def lots_of(case_seeds: Seeds, pool_seeds: Seeds) -> npt.NDArray[np.int64]:
    """Return the lot, from 0 up to 2**40, of each pair of seeds: the two mixed by splitmix64 (Steele et al., 2014)."""
    mixed = _splitmix(case_seeds) ^ pool_seeds
    return (_splitmix(mixed) >> np.uint64(64 - LOT_BITS)).astype(np.int64)


def _splitmix(state: Seeds) -> Seeds:
    mixed = state + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
