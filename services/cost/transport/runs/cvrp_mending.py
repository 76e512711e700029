"""Blanks within the numbers of a coordinate, where a file has them."""

from __future__ import annotations

import re

NATURAL = re.compile(r"0|[1-9]\d*")


def mend_coordinates(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with such numbers joined, and a note for each. Raises ValueError where it is not clear which belong."""
    lines, notes, within = text.splitlines(), [], False
    for at, line in enumerate(lines):
        cells = line.split()
        if "SECTION" in line or "EOF" in line:
            within = line.strip().startswith("NODE_COORD_SECTION")
        elif within and len(cells) > 3:
            x, y = _joined(cells[1:], cells[0])
            lines[at] = f"{cells[0]} {x} {y}"
            notes.append(f'point {cells[0]}, written "{" ".join(cells[1:])}", is read as {x}, {y}')
    return "\n".join(lines), tuple(notes)


def _joined(cells: list[str], point: str) -> tuple[str, str]:
    """The one way to make two whole numbers without leading noughts of these."""
    ways = [("".join(cells[:at]), "".join(cells[at:])) for at in range(1, len(cells))]
    right = [way for way in ways if all(map(NATURAL.fullmatch, way))]
    if len(right) != 1:
        raise ValueError(f"NODE_COORD_SECTION must give point {point} two numbers.")
    return right[0]
