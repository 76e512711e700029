"""What cannot be used as it was given."""

from __future__ import annotations


class Refused(Exception):
    """A file or a wish that cannot be used; `advice` says what to do, `rows` whether its rows are at fault."""

    def __init__(self, message: str, advice: str = "", rows: bool = False) -> None:
        super().__init__(message)
        self.message, self.advice, self.rows = message, advice, rows
