"""Local authorities of the published tables, and how their boundaries changed."""

from __future__ import annotations

from dataclasses import dataclass

ENGLAND_CODE = "E92000001"

SUCCESSORS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("835", "836", "837"): ("838", "839"),  # Dorset, Poole, Bournemouth: April 2019
    ("928",): ("940", "941"),  # Northamptonshire: April 2021
    ("909",): ("942", "943"),  # Cumbria: April 2023
}
"""Three-digit codes of abolished authorities and of those that took over their areas."""


@dataclass(frozen=True)
class Authority:
    """One local authority.

    `ons_code` is the newest nine-character code; `la_code` is the Department's three digits, which stay the same when
    the nine change (Buckinghamshire, Somerset and North Yorkshire became unitary with theirs).
    """

    ons_code: str
    la_code: str
    name: str
    region_code: str

    def answers_to(self, asked: str) -> bool:
        """Whether somebody who writes this code or name means this authority."""
        return asked.strip().casefold() in (self.ons_code.casefold(), self.la_code, self.name.casefold())
