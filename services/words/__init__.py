"""Codes, money, days and distances in plain words, short enough for a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from inborough.caseload.v1 import caseload_pb2
from inborough.common.v1 import common_pb2
from shared.clock import ENGLAND
from shared.days import in_words
from shared.pence import pounds

METRES_A_MILE = 1609.344

KINDS = {
    "mainstream": "mainstream",
    "resource_base": "resource base",
    "sen_unit": "SEN unit",
    "hn_unit": "High Needs unit",
    "state_special": "state special",
    "non_maintained_special": "non-maintained special",
    "independent_special": "independent special",
    "alternative_provision": "alternative provision",
    "further_education": "further education",
}
INMSS_KINDS = ("independent_special", "non_maintained_special")

DUE_REASONS = {
    caseload_pb2.DUE_REASON_UNSPECIFIED: "",
    caseload_pb2.DUE_REASON_NEW_PLAN: "new plan",
    caseload_pb2.DUE_REASON_PHASE_TRANSFER: "phase transfer",
    caseload_pb2.DUE_REASON_BREAKDOWN: "breakdown",
    caseload_pb2.DUE_REASON_REVIEW_CHANGE: "review asks for a change",
}

TERMS = {
    "placed": ("child placed", "children placed"),
    "unplaced": ("child without a place", "children without a place"),
    "needs_judgement": ("place that needs judgement", "places that need judgement"),
    "request_not_given": ("live request not given", "live requests not given"),
    "inmss": ("child in INMSS", "children in INMSS"),
    "out_of_borough": ("child out of borough", "children out of borough"),
    "inmss_or_out_of_borough": ("child in INMSS or out of borough", "children in INMSS or out of borough"),
    "later_arrivals_unsettled": (
        "child expected later without a settled place",
        "children expected later without a settled place",
    ),
    "away_with_later_arrivals": (
        "child in INMSS or out of borough, now or expected later",
        "children in INMSS or out of borough, now or expected later",
    ),
    "annual_cost_pence": ("pence a year", "cost a year, with transport"),
    "annual_budget_cost_pence": ("pence a year", "budget cost a year"),
    "annual_marginal_cost_pence": ("pence a year", "marginal cost a year"),
    "cost_with_later_arrivals_pence": ("pence a year", "cost a year, with later arrivals"),
    "travel_minutes": ("minute of travel", "minutes of travel"),
}
"""Terms that policies weigh, heaviest first: one of it, and many. Those that end in _pence are money."""
THOUSANDTHS = frozenset({"later_arrivals_unsettled", "away_with_later_arrivals"})
"""Terms that are expected, and so counted in thousandths of a child."""


def kind(code: str) -> str:
    """A kind of place."""
    return KINDS.get(code, code.replace("_", " "))


def day(message: common_pb2.Date) -> str:
    """ "2 September 2024"."""
    return in_words(date(message.year, message.month, message.day))


def short_day(message: common_pb2.Date) -> str:
    """ "2 Sep 2024", for a table."""
    return f"{message.day} {date(message.year, message.month, message.day):%b %Y}"


def iso(message: common_pb2.Date) -> str:
    """ "2024-09-02", for a machine."""
    return date(message.year, message.month, message.day).isoformat()


def instant(rfc3339: str) -> str:
    """ "1 Feb 2024 09:30", by the clock in England; "" for ""."""
    if not rfc3339:
        return ""
    at = datetime.fromisoformat(rfc3339).astimezone(ENGLAND)
    return f"{at.day} {at:%b %Y %H:%M}"


def days_left(days: int) -> str:
    """ "in 12 days", "tomorrow", "today", "1 day overdue"."""
    if days < 0:
        return f"{counted(-days, 'day')} overdue"
    return {0: "today", 1: "tomorrow"}.get(days, f"in {counted(days, 'day')}")


def codes(found: Iterable[str], meanings: Mapping[str, str]) -> str:
    """Codes in words, in the order given; one that is not known is shown by its own name."""
    return ", ".join(meanings.get(each, each.replace("_", " ")) for each in found)


def year_group(year: int) -> str:
    """ "Reception", "Year 7", "nursery"."""
    if year < 0:
        return "nursery"
    return "Reception" if year == 0 else f"Year {year}"


def year_span(low: int, high: int) -> str:
    """ "Y7 to Y11", "R to Y6", for a table."""
    first, last = (("N" if year < 0 else "R" if year == 0 else f"Y{year}") for year in (low, high))
    return first if first == last else f"{first} to {last}"


def years(low: int, high: int) -> str:
    """ "Years 7 to 11", "Reception to Year 6", "Year 7", for a sentence."""
    if low == high:
        return year_group(low)
    return f"Years {low} to {high}" if low > 0 else f"{year_group(low)} to {year_group(high)}"


def miles(metres: int) -> str:
    """ "2.4 miles"."""
    return f"{metres / METRES_A_MILE:.1f} miles"


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 child", "2,400 children"."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def term(name: str) -> str:
    """A term as the heading of a row."""
    return TERMS.get(name, ("", name.replace("_", " ")))[1].capitalize().replace("inmss", "INMSS")


def term_in_line(name: str) -> str:
    """A term within a sentence."""
    return TERMS.get(name, ("", name.replace("_", " ")))[1]


def amount(name: str, number: int) -> str:
    """An amount of a term: pounds, a count, or for what is expected a count to a tenth."""
    if name in THOUSANDTHS:
        return f"{number / 1000:,.1f}"
    return pounds(number) if name.endswith("_pence") else f"{number:,}"


def in_order(terms: Mapping[str, int]) -> list[tuple[str, int]]:
    """Heaviest first; terms that are not known come last, by name."""
    order = list(TERMS)
    return sorted(terms.items(), key=lambda item: (order.index(item[0]) if item[0] in order else len(order), item[0]))


def most_first(savings: Mapping[str, Mapping[str, int]]) -> list[tuple[str, Mapping[str, int]]]:
    """Savings by name, the most of the heaviest term first; names break ties."""
    return sorted(savings.items(), key=lambda item: ([-item[1].get(name, 0) for name in TERMS], item[0]))


def knock_on(terms: Mapping[str, int]) -> str:
    """An effect on the other children: "1 more child in INMSS; £48,200 more a year", or "none"."""
    return "; ".join(_change(name, number) for name, number in in_order(terms) if number) or "none"


def saving(terms: Mapping[str, int]) -> str:
    """What one more place saves: the same effect the other way round."""
    return knock_on({name: -number for name, number in terms.items()})


def _change(name: str, number: int) -> str:
    if name.endswith("_pence"):
        margin = " at the margin" if name == "annual_marginal_cost_pence" else ""
        return f"{pounds(abs(number))} {'more' if number > 0 else 'less'} a year{margin}"
    one, many = TERMS.get(name, (name.replace("_", " "),) * 2)
    said = amount(name, abs(number))
    return f"{said} {'more' if number > 0 else 'fewer'} {one if said == '1' else many}"
