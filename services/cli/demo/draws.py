"""Drawing by lot so that it can be repeated on any machine."""

from random import Random


class Draws:
    """Independent draws for each part of the work, so that no part disturbs another."""

    def __init__(self, *key: object) -> None:
        self._key = "/".join(map(str, key))

    def of(self, part: str) -> Random:
        """The draws of one part; Python seeds from text alike on every machine."""
        return Random(f"{self._key}/{part}")  # noqa: S311 - an invention to be repeated, no secret
