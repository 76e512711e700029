"""From the National Grid to longitude and latitude, which routers understand."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer, network

from services.cost.transport.travel.known_pairs import grid_of

BRITISH_NATIONAL_GRID, WGS_84 = "EPSG:27700", "EPSG:4326"


def to_degrees(codes: NDArray[np.int64]) -> list[tuple[float, float]]:
    """Longitude and latitude in degrees of point codes, within some 5 metres; six decimals are a tenth of a metre."""
    eastings, northings = grid_of(codes)
    longitudes, latitudes = _transformer().transform(eastings.astype(float), northings.astype(float))
    return list(zip(np.round(longitudes, 6).tolist(), np.round(latitudes, 6).tolist(), strict=True))


@cache
def _transformer() -> Transformer:
    """Without PROJ's finer grids, which it would fetch from the network: a quote never asks the internet for one."""
    network.set_network_enabled(False)  # type: ignore[attr-defined]
    return Transformer.from_crs(BRITISH_NATIONAL_GRID, WGS_84, always_xy=True, allow_ballpark=False)
