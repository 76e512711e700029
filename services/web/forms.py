"""What somebody filled in: read once, checked field by field, shown again as it was when something is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from shared.days import parse_day

LONGEST_TEXT = 20_000
TOKEN, REQUEST_ID = "form_token", "request_id"
PARTS = ("day", "month", "year")


class Answers:
    """Values by field name, and what is wrong with them. A field that was not sent is empty."""

    def __init__(self, given: Mapping[str, list[str]] | None = None, kept: bool = False) -> None:
        self.given = {name: list(values) for name, values in (given or {}).items() if name != TOKEN}
        self.kept = kept
        """Whether these were kept from before and not sent just now."""
        self.errors: dict[str, str] = {}
        """What is wrong, by field name; "" names the form as a whole."""

    def text(self, name: str) -> str:
        """One value, stripped, lines ended by a newline alone."""
        return self.given.get(name, [""])[0].replace("\r\n", "\n").strip()

    def many(self, name: str) -> list[str]:
        """Every value of a field, in order."""
        return [value for value in self.given.get(name, ()) if value]

    def has(self, name: str, value: str) -> bool:
        """Whether a value is among a field's."""
        return value in self.given.get(name, ())

    def number(self, name: str) -> int:
        """A whole number; 0 when it is none."""
        found = self.text(name)
        return int(found) if found.isascii() and found.isdigit() and len(found) < 10 else 0

    def put(self, name: str, *values: str) -> None:
        """Fill a field in."""
        self.given[name] = list(values)

    def wrong(self, name: str, message: str) -> None:
        """Say what is wrong with a field; the first that is said of it stays."""
        self.errors.setdefault(name, message)

    def need(self, name: str, message: str) -> str:
        """One value that must be there and not be longer than a text may be."""
        found = self.text(name)
        if not found:
            self.wrong(name, message)
        return self.fitting(name)

    def fitting(self, name: str) -> str:
        """One value that must not be longer than a text may be."""
        found = self.text(name)
        if len(found) > LONGEST_TEXT:
            self.wrong(name, f"Shorten this to {LONGEST_TEXT:,} characters or fewer; it has {len(found):,}")
        return found

    def one_of(self, name: str, allowed: Iterable[str], message: str) -> str:
        """One value of those that are offered."""
        found = self.text(name)
        if found not in set(allowed):
            self.wrong(name, message)
        return found

    def day(self, name: str, message: str = "") -> date | None:
        """The day of three fields, such as sent_on-day. None when empty, which `message` says is wrong."""
        parts = [self.text(f"{name}-{part}") for part in PARTS]
        if not any(parts):
            if message:
                self.wrong(name, message)
            return None
        try:
            return parse_day((" " if parts[1].isalpha() else "/").join(parts))
        except ValueError:
            self.wrong(name, "Enter a real date, such as 27 3 2024")
            return None

    def put_day(self, name: str, day: date) -> None:
        """Fill the three fields of a day in."""
        for part, value in zip(PARTS, (day.day, day.month, day.year), strict=True):
            self.put(f"{name}-{part}", str(value))

    def summary(self, where: Mapping[str, str] | None = None) -> list[dict[str, str]]:
        """The errors for the summary, each with where it leads; `where` gives ids that are not the field's name."""
        found = []
        for name, message in self.errors.items():
            at = (where or {}).get(name, name)
            found.append({"text": message, "href": f"#{at}"} if name else {"text": message})
        return found
