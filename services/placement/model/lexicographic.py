"""Exact arithmetic on costs that are compared tier by tier.

A cost is a column of whole numbers, its tiers, the most important first. Tiers are packed, as many as provably fit,
into few 64-bit words: each tier gets a radix larger than any sum of the tier that the model can form, so that words
add and compare exactly as the tiers do, and unpack again without loss.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

WORD_LIMIT = 2**62
UNREACHED = 2**62
ROOM = 4
"""How many longest paths a tier must be able to hold: a distance in reduced costs is three of them."""


@dataclass(frozen=True, eq=False)
class Packing:
    """How tiers share words.

    Parameters
    ----------
    radix
        int64[t], each odd; a packed tier lies strictly between -radix / 2 and radix / 2.
    starts
        The first tier of each word, ascending from 0.
    """

    radix: IntArray
    starts: tuple[int, ...]

    @classmethod
    def of_paths(cls, longest: IntArray) -> Packing:
        """Return the packing for sums along paths.

        Parameters
        ----------
        longest
            int64[t], the most, without sign, that one path can sum to in each tier.
        """
        radix = 2 * ROOM * np.maximum(longest, 1) + 1
        starts, size = [0], 1
        for tier, tier_radix in enumerate(radix.tolist()):
            size *= tier_radix
            if size > WORD_LIMIT:
                starts.append(tier)
                size = tier_radix
        return cls(radix, tuple(starts))

    @property
    def word_count(self) -> int:
        """w, the number of words."""
        return len(self.starts)

    def pack(self, tiers: IntArray) -> IntArray:
        """Return int64[w, n] words of int64[t, n] tiers."""
        return np.stack([self.pack_word(word, tiers) for word in range(self.word_count)])

    def pack_word(self, word: int, tiers: IntArray) -> IntArray:
        """Return int64[n], one of the words of int64[t, n] tiers; words compare in their order."""
        first, last = self._ranges()[word]
        packed: IntArray = tiers[first].copy()
        for tier in range(first + 1, last):
            packed *= self.radix[tier]
            packed += tiers[tier]
        return packed

    def unpack(self, words: IntArray) -> IntArray:
        """Return int64[t, n] tiers of int64[w, n] words."""
        tiers = np.empty((self.radix.size, words.shape[1]), dtype=np.int64)
        for word, (first, last) in enumerate(self._ranges()):
            left = words[word].copy()
            for tier in range(last - 1, first, -1):
                half = self.radix[tier] // 2
                tiers[tier] = (left + half) % self.radix[tier] - half
                left = (left - tiers[tier]) // self.radix[tier]
            tiers[first] = left
        return tiers

    def _ranges(self) -> list[tuple[int, int]]:
        return list(zip(self.starts, (*self.starts[1:], self.radix.size), strict=True))


def is_less(left: IntArray, right: IntArray) -> BoolArray:
    """Return bool[n]: whether each column of words, int64[w, n], comes before the other's."""
    less: BoolArray = left[-1] < right[-1]
    for word in range(len(left) - 2, -1, -1):
        less = (left[word] < right[word]) | ((left[word] == right[word]) & less)
    return less


def is_negative(words: IntArray) -> BoolArray:
    """Return bool[n]: whether each column of words, int64[w, n], is less than nothing."""
    return is_less(words, np.zeros((len(words), 1), dtype=np.int64))


def least_in_runs(words: IntArray, run_starts: IntArray) -> IntArray:
    """Return int64[m]: the first of the least columns in each run of columns of int64[w, n].

    Parameters
    ----------
    words
        The columns, run after run.
    run_starts
        Where each of the m runs starts, ascending from 0; no run is empty.
    """
    columns = np.arange(words.shape[1])
    for word in words:
        values = word[columns]
        lengths = np.diff(run_starts, append=columns.size)
        least = values == np.repeat(np.minimum.reduceat(values, run_starts), lengths)
        kept_before = np.cumsum(least) - least
        columns, run_starts = columns[least], kept_before[run_starts]
    return columns[run_starts]
