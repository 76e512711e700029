"""Arrays and words as bytes: deterministic, without pickle, the same for the same content on any machine."""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

FAST = 1
_WORDS = "words"


def pack(arrays: Mapping[str, npt.NDArray[Any]], words: Mapping[str, object]) -> bytes:
    """Return the arrays and the JSON words as compressed bytes, in order of their names."""
    said = json.dumps(words, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    columns = {name: np.ascontiguousarray(arrays[name]) for name in sorted(arrays)}
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **{_WORDS: np.frombuffer(said, np.uint8), **columns})
    return zlib.compress(buffer.getvalue(), FAST)


def unpack(packed: bytes) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
    """Return the arrays and words of `pack`; raises ValueError where the bytes are not such."""
    try:
        with np.load(io.BytesIO(zlib.decompress(packed)), allow_pickle=False) as columns:
            arrays = {name: columns[name] for name in columns.files}
        words = json.loads(arrays.pop(_WORDS).tobytes())
    except (zlib.error, KeyError, OSError) as error:
        raise ValueError(f"These bytes are not packed arrays: {error}") from None
    return arrays, words
