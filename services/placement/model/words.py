"""Plain words for codes, for sentences that a panel reads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

NEEDS_IN_WORDS = {
    "SPLD": "specific learning difficulty",
    "MLD": "moderate learning difficulty",
    "SLD": "severe learning difficulty",
    "PMLD": "profound and multiple learning difficulty",
    "SEMH": "SEMH",
    "SLCN": "speech, language and communication",
    "HI": "hearing impairment",
    "VI": "vision impairment",
    "MSI": "multi-sensory impairment",
    "PD": "physical disability",
    "ASD": "autism",
    "DS": "Down syndrome",
    "OTH": "another need",
}
"""SEN2 `sentype` codes in words."""


def year_group_in_words(year_group: int) -> str:
    """ "Reception", "Year 7", "nursery" below Reception, "post-16 (Year 12)" and so on."""
    if year_group < 0:
        return "nursery"
    return "Reception" if year_group == 0 else f"Year {year_group}"


def year_span_in_words(low: int, high: int) -> str:
    """ "Years 7 to 11", "nursery to Year 6", or one year group alone."""
    first, last = year_group_in_words(low), year_group_in_words(high)
    if low == high:
        return first
    return f"Years {low} to {high}" if low > 0 else f"{first} to {last}"


def listed(words: Iterable[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    found = list(words)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}" if found else ""


def with_article(kind: str) -> str:
    """ "a resource base", "an independent special school"; "alternative provision" takes none."""
    if kind == "alternative provision":
        return kind
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def day_in_words(day: date) -> str:
    """ "2 September 2024"."""
    return f"{day.day} {day:%B %Y}"
