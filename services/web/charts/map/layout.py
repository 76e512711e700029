"""Where marks go: at their places, or beside them where two would lie on each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from services.web.charts.map.frame import SIDE

AROUND, STEP, RINGS = 16, 8.0, 14


@dataclass(frozen=True)
class Box:
    """A rectangle of the picture, in pixels from the left and the top."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether they share more than an edge."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def moved(self, right: float, down: float) -> Box:
        """The same elsewhere."""
        return Box(self.left + right, self.top + down, self.right + right, self.bottom + down)

    @property
    def is_within(self) -> bool:
        """Whether all of it is in the picture."""
        return min(self.left, self.top) >= 0 and max(self.right, self.bottom) <= SIDE


def moves(wanted: Sequence[Box], taken: Sequence[Box]) -> list[tuple[float, float]]:
    """How far right and down each box moves so that it meets no box before it and none taken.

    The nearest free place within about a fifth of the picture; one for which there is none stays where it is.
    """
    before, found = list(taken), []
    for box in wanted:
        move = next((each for each in _nearby() if _is_free(box.moved(*each), before)), (0.0, 0.0))
        before.append(box.moved(*move))
        found.append(move)
    return found


def _is_free(box: Box, taken: Sequence[Box]) -> bool:
    return box.is_within and not any(box.meets(other) for other in taken)


def _nearby() -> Iterator[tuple[float, float]]:
    """Nowhere else, then ever further away."""
    yield 0.0, 0.0
    for ring in range(1, RINGS + 1):
        for at in range(AROUND):
            angle = 2 * pi * at / AROUND
            yield round(ring * STEP * cos(angle), 1), round(ring * STEP * sin(angle), 1)
