"""Files of postcodes, unpacked once a worker: services keep none in memory, and each import unpacks them anew."""

from __future__ import annotations

from functools import lru_cache

from shared import postcodes

LETTERS = 3
"""Of up to some 150,000 postcodes each; the small authorities of tests have one or two."""


def keep() -> None:
    """From here on, until the process ends."""
    vars(postcodes)["_columns"] = lru_cache(LETTERS)(postcodes._columns)
