"""Columns of words as single whole numbers of any length, for searches which look at one cost at a time."""

from __future__ import annotations

import numpy as np

from services.placement.model.groups import IntArray

WORD = 62
HALF = 1 << (WORD - 1)


def joined(words: IntArray) -> list[int]:
    """Return each column of words as one Python whole number, which has no limit."""
    whole: list[int] = words[0].tolist()
    for word in words[1:]:
        whole = [(high << WORD) + low for high, low in zip(whole, word.tolist(), strict=True)]
    return whole


def split(whole: list[int], word_count: int) -> IntArray:
    """Return int64[w, n], the columns of words that `joined` joined."""
    words = np.zeros((word_count, len(whole)), dtype=np.int64)
    for word in range(word_count - 1, 0, -1):
        low = [((value + HALF) & ((1 << WORD) - 1)) - HALF for value in whole]
        whole = [(value - part) >> WORD for value, part in zip(whole, low, strict=True)]
        words[word] = low
    words[0] = whole
    return words
