"""What runs are made from: an illustrative fleet, and when the days of settings begin; a council puts its own there."""

from collections.abc import Sequence
from pathlib import Path
from random import Random

from services.cli.demo.rates import CARD_FIRST_DAY
from services.cli.demo.settings import Setting
from services.cli.demo.tables import write_table

FLEET_COLUMNS = (
    "fleet",
    "first_day",
    "vehicle_type",
    "seats",
    "wheelchair_places",
    "gbp_per_day",
    "gbp_per_km",
    "basis",
    "source",
)
BELL_COLUMNS = ("urn", "bell_time")
FLEET = "demonstration-2024"
FLEET_SOURCE = "illustrative: so that shared runs come near GBP 8,116 a pupil a year with SEND transport (NAO, 2023/24)"

VEHICLES = (
    ("taxi", 4, 0, 74, "1.90"),
    ("wheelchair taxi", 3, 1, 100, "2.15"),
    ("people carrier", 7, 0, 115, "2.30"),
    ("minibus", 16, 0, 190, "2.90"),
    ("wheelchair minibus", 8, 3, 210, "3.10"),
)
"""Name, seats, wheelchair places, pounds a school day with its driver, pounds a kilometre with children aboard."""

SECONDARY_AGE, COLLEGE_AGE = 11, 16
BELLS = {"primary": (8, 50), "secondary": (8, 35), "special": (9, 5), "college": (9, 0)}
"""Hour and minute about which the days of such settings begin."""
MINUTES_EITHER_WAY = (-5, 0, 0, 5)


def write_fleet(path: Path) -> int:
    """One row for each vehicle type."""
    given = {"fleet": FLEET, "first_day": CARD_FIRST_DAY, "basis": "illustrative", "source": FLEET_SOURCE}
    rows = ({**given, **dict(zip(FLEET_COLUMNS[2:7], vehicle, strict=True))} for vehicle in VEHICLES)
    return write_table(path, FLEET_COLUMNS, rows)


def write_bell_times(path: Path, settings: Sequence[Setting], draw: Random) -> int:
    """One row for each setting, by phase; special schools begin last, as their children come from farthest away."""
    rows = ({"urn": setting.urn, "bell_time": _bell_time(setting, draw)} for setting in settings)
    return write_table(path, BELL_COLUMNS, rows)


def _bell_time(setting: Setting, draw: Random) -> str:
    hour, minute = BELLS[_phase(setting)]
    at = hour * 60 + minute + draw.choice(MINUTES_EITHER_WAY)
    return f"{at // 60:02d}:{at % 60:02d}"


def _phase(setting: Setting) -> str:
    if setting.low_age >= COLLEGE_AGE:
        return "college"
    if not setting.is_mainstream:
        return "special"
    return "secondary" if setting.low_age >= SECONDARY_AGE else "primary"
