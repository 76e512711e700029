"""The product's own files: pools, preferences and decisions due."""

from collections.abc import Sequence
from pathlib import Path

from services.cli.demo.days import FIRST_DAY
from services.cli.demo.due import DecisionDue
from services.cli.demo.pools import PlacePool, PlacesFrom
from services.cli.demo.preferences import Preference
from services.cli.demo.tables import write_table, yes_no

POOL_COLUMNS = (
    "pool_ref",
    "urn",
    "kind",
    "needs",
    "year_group_low",
    "year_group_high",
    "sex",
    "places_commissioned",
    "first_day",
    "confirmed",
    "group_ref",
    "group_places",
    "wheelchair_accessible",
    "basis",
)
PREFERENCE_COLUMNS = (
    "upn",
    "urn",
    "rank",
    "legal_class",
    "stated_by",
    "stated_on",
    "ground_recorded",
)
DUE_COLUMNS = (
    "upn",
    "reason",
    "first_day",
    "deadline",
    "advised_kinds",
    "top_up_band",
    "wheelchair",
    "passenger_assistant",
    "solo_travel",
    "exclusion_risk",
    "review_says_mainstream_cannot",
    "review_date",
)


def write_pools(path: Path, pools: Sequence[PlacePool]) -> int:
    """One row for each number of places from a first day."""
    rows = (_pool_row(pool, number) for pool in pools for number in pool.numbers)
    return write_table(path, POOL_COLUMNS, rows)


def write_preferences(path: Path, preferences: Sequence[Preference]) -> int:
    """One row for each setting that a family asks for."""
    return write_table(path, PREFERENCE_COLUMNS, map(_preference_row, preferences))


def write_due(path: Path, due: Sequence[DecisionDue]) -> int:
    """One row for each decision due."""
    return write_table(path, DUE_COLUMNS, map(_due_row, due))


def _pool_row(pool: PlacePool, number: PlacesFrom) -> dict[str, object]:
    return {
        "pool_ref": pool.ref,
        "urn": pool.setting.urn,
        "kind": pool.kind,
        "needs": ";".join(sorted(pool.needs)),
        "year_group_low": pool.year_group_low,
        "year_group_high": pool.year_group_high,
        "places_commissioned": "" if number.places is None else number.places,
        "first_day": number.first_day.isoformat(),
        "confirmed": yes_no(number.confirmed),
        "group_ref": pool.group_ref,
        "group_places": number.group_places or "",
        "wheelchair_accessible": pool.wheelchair,
        "basis": number.basis,
    }


def _preference_row(preference: Preference) -> dict[str, object]:
    return {
        "upn": preference.child.upn,
        "urn": preference.setting.urn,
        "rank": preference.rank,
        "legal_class": preference.legal_class,
        "stated_by": preference.stated_by,
        "stated_on": preference.stated_on.isoformat(),
        "ground_recorded": preference.ground_recorded,
    }


def _due_row(decision: DecisionDue) -> dict[str, object]:
    return {
        "upn": decision.child.upn,
        "reason": decision.reason,
        "first_day": FIRST_DAY.isoformat(),
        "deadline": decision.deadline.isoformat() if decision.deadline else "",
        "advised_kinds": ";".join(decision.advised_kinds),
        "top_up_band": decision.band,
        "wheelchair": yes_no(decision.wheelchair),
        "passenger_assistant": yes_no(decision.passenger_assistant),
        "solo_travel": yes_no(decision.solo_travel),
        "exclusion_risk": decision.exclusion_risk,
        "review_says_mainstream_cannot": decision.review_says_mainstream_cannot,
        "review_date": decision.review_date.isoformat() if decision.review_date else "",
    }
