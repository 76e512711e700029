"""Packed tiers add, compare and unpack exactly as the tiers themselves do."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from services.placement.model.lexicographic import Packing, is_less, is_negative, least_in_runs
from services.placement.model.whole import joined, split

seeds = st.integers(0, 2**32 - 1)
IN_BATCHES = settings(max_examples=100, deadline=None)


def _packing_and_tiers(seed: int, columns: int = 40) -> tuple[Packing, np.ndarray[tuple[int, int], np.dtype[np.int64]]]:
    rng = np.random.default_rng(seed)
    longest = 2 ** rng.integers(0, 50, int(rng.integers(1, 6)))
    scale = np.minimum(longest, int(rng.integers(1, 4)))[:, np.newaxis]
    return Packing.of_paths(longest), rng.integers(-scale, scale + 1, (longest.size, columns))


@IN_BATCHES
@given(seed=seeds)
def test_words_unpack_to_the_tiers(seed: int) -> None:
    packing, tiers = _packing_and_tiers(seed)
    assert packing.unpack(packing.pack(tiers)).tolist() == tiers.tolist()


@IN_BATCHES
@given(seed=seeds)
def test_sums_of_words_are_words_of_sums(seed: int) -> None:
    packing, tiers = _packing_and_tiers(seed)
    left, right = tiers[:, :20], tiers[:, 20:]
    assert packing.unpack(packing.pack(left) - packing.pack(right)).tolist() == (left - right).tolist()


@IN_BATCHES
@given(seed=seeds)
def test_words_compare_as_the_tiers_do(seed: int) -> None:
    packing, tiers = _packing_and_tiers(seed)
    left, right = tiers[:, :20].T.tolist(), tiers[:, 20:].T.tolist()
    words = packing.pack(tiers)
    assert is_less(words[:, :20], words[:, 20:]).tolist() == [one < two for one, two in zip(left, right, strict=True)]
    assert is_negative(words).tolist() == [one < [0] * len(one) for one in tiers.T.tolist()]


@IN_BATCHES
@given(seed=seeds)
def test_the_least_of_a_run_is_the_first_of_the_least_tiers(seed: int) -> None:
    packing, tiers = _packing_and_tiers(seed)
    starts = np.array([0, 3, 4, 17])
    runs = np.split(tiers, starts[1:], axis=1)
    expected = [
        start + min(range(run.shape[1]), key=lambda at: run.T.tolist()[at])
        for start, run in zip(starts, runs, strict=True)
    ]
    assert least_in_runs(packing.pack(tiers), starts).tolist() == expected


@IN_BATCHES
@given(seed=seeds)
def test_words_join_into_whole_numbers_that_compare_and_split_alike(seed: int) -> None:
    packing, tiers = _packing_and_tiers(seed)
    words = packing.pack(tiers)
    whole = joined(words)
    assert split(whole, len(words)).tolist() == words.tolist()
    assert sorted(range(40), key=whole.__getitem__) == sorted(range(40), key=lambda at: tiers.T.tolist()[at])
