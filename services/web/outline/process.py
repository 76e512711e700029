"""Draws one outline: `python -m services.web.outline.process E06000006` writes its rings as JSON.

In a process of its own, because the postcode directory is large: no page waits for it, and its memory is given back.
"""

from __future__ import annotations

import json
import sys

from services.web.outline.shape import outline_of
from shared.postcodes import areas_of, list_points


def main() -> None:
    """Rings of the authority named; [] where the directory has no postcode of it."""
    points = list_points(areas_of(sys.argv[1]))
    json.dump(outline_of((point.easting, point.northing) for point in points), sys.stdout)


if __name__ == "__main__":
    main()
