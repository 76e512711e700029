"""Illustrative rates, calibrated to published averages; a council puts its own in their place."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from services.cli.demo.pools import PlacePool
from services.cli.demo.tables import write_table

COLUMNS = (
    "card",
    "first_day",
    "item",
    "kind",
    "need",
    "band",
    "urn",
    "minimum_metres",
    "amount",
    "unit",
    "basis",
    "source",
)
CARD, CARD_FIRST_DAY = "demonstration-2024", "2024-04-01"
MSS_SOURCE = "calibrated to GBP 26,000 a maintained special place (written answer 50389, 2023/24)"
INMSS_SOURCE = "calibrated to GBP 63,000-64,000 an INMSS place (written answers 50389 and 100030)"
TRAVEL_SOURCE = "calibrated to GBP 8,116 a pupil with SEND transport from 8 km away (NAO, 2023/24)"
UNIT_SOURCE = "GBP 120,000-160,000 a unit (Halton's grant application, December 2023)"
ILLUSTRATIVE_SOURCE = "illustrative, no published figure found"

PLACE_FUNDING = {
    "mainstream": 6_000,
    "resource_base": 6_000,
    "sen_unit": 6_000,
    "state_special": 10_000,
    "alternative_provision": 10_000,
    "further_education": 6_000,
}
TOP_UPS: dict[str, tuple[int, int, int, int, int]] = {
    "mainstream": (2_000, 3_500, 5_000, 7_500, 10_500),
    "resource_base": (5_000, 6_500, 8_000, 10_000, 12_500),
    "sen_unit": (5_500, 7_000, 9_000, 11_000, 13_500),
    "state_special": (9_000, 12_000, 16_000, 19_000, 24_000),
    "alternative_provision": (6_000, 8_000, 10_000, 12_000, 14_000),
    "further_education": (2_500, 4_000, 6_000, 9_000, 13_000),
}
"""GBP a year for bands A to E; band C is the default."""
DEFAULT_BAND = 2
NEED_TOP_UPS = {("state_special", "PMLD"): 24_000, ("state_special", "SEMH"): 18_500}
INMSS_DEFAULT_FEES = {"": 63_500, "SEMH": 64_000, "ASD": 65_000, "PMLD": 78_000}
INMSS_MEAN_FEE = 63_500
INMSS_KINDS = ("independent_special", "non_maintained_special")
FEE_SPREAD = (0.78, 1.22)
UNIT_BLOCK = 140_000
TRANSPORT_BANDS = (0, 3_000, 8_000, 16_000, 32_000)
TRANSPORT = {
    "transport": (16, 22, 34, 50, 72),
    "transport_solo": (38, 48, 66, 92, 140),
}
"""GBP a child a day by the band of one-way route metres it begins."""
TRAVEL_BUDGETS = (1_500, 2_000, 3_500, 5_000, 7_500)
"""GBP a year offered in place of transport, by the same bands."""
MILEAGE = "0.45"
"""GBP a mile."""
MILEAGE_SOURCE = "illustrative: HMRC's approved rate of 45p a mile for cars, first 10,000 miles"
DAYS_A_YEAR = 190
DAILY_EXTRAS = {"transport_wheelchair": 16, "passenger_assistant": 18}

Row = dict[str, object]


def write_rates(path: Path, pools: Sequence[PlacePool], draw: Random) -> int:
    """Write the rate card: every row illustrative, each naming what it was calibrated to."""
    rows = (
        {"card": CARD, "first_day": CARD_FIRST_DAY, "basis": "illustrative", **row}
        for row in (*_places(), *_fees(pools, draw), *_travel())
    )
    return write_table(path, COLUMNS, rows)


def _places() -> Iterator[Row]:
    for kind, amount in PLACE_FUNDING.items():
        yield _yearly("place_funding", amount, _place_source(kind), kind=kind)
    for kind, amounts in TOP_UPS.items():
        source = _place_source(kind)
        yield _yearly("top_up", amounts[DEFAULT_BAND], source, kind=kind)
        for band, amount in zip("ABCDE", amounts, strict=True):
            yield _yearly("top_up", amount, source, kind=kind, band=band)
    for (kind, need), amount in NEED_TOP_UPS.items():
        yield _yearly("top_up", amount, _place_source(kind), kind=kind, need=need)


def _fees(pools: Sequence[PlacePool], draw: Random) -> Iterator[Row]:
    for need, amount in INMSS_DEFAULT_FEES.items():
        yield _yearly("inmss_fee", amount, INMSS_SOURCE, need=need)
    for pool in pools:
        if pool.kind in INMSS_KINDS:
            fee = round(INMSS_MEAN_FEE * draw.uniform(*FEE_SPREAD), -2)
            yield _yearly("inmss_fee", int(fee), INMSS_SOURCE, urn=pool.setting.urn)
    yield _yearly("hn_unit_block", UNIT_BLOCK, UNIT_SOURCE)


def _travel() -> Iterator[Row]:
    for item, amounts in TRANSPORT.items():
        for metres, amount in zip(TRANSPORT_BANDS, amounts, strict=True):
            yield _daily(item, amount, minimum_metres=metres)
    for item, amount in DAILY_EXTRAS.items():
        yield _daily(item, amount)
    yield {
        "item": "transport_days",
        "amount": DAYS_A_YEAR,
        "unit": "days",
        "source": "School year of 190 days (Education (School Day and School Year) Regulations)",
    }
    for metres, amount in zip(TRANSPORT_BANDS, TRAVEL_BUDGETS, strict=True):
        yield _yearly("personal_travel_budget", amount, ILLUSTRATIVE_SOURCE) | {"minimum_metres": metres}
    yield {"item": "mileage", "amount": MILEAGE, "unit": "gbp_per_mile", "source": MILEAGE_SOURCE}


def _place_source(kind: str) -> str:
    return MSS_SOURCE if kind == "state_special" else ILLUSTRATIVE_SOURCE


def _yearly(item: str, amount: int, source: str, **where: str) -> Row:
    return {"item": item, "amount": amount, "unit": "gbp_per_year", "source": source, **where}


def _daily(item: str, amount: int, **where: int) -> Row:
    return {"item": item, "amount": amount, "unit": "gbp_per_day", "source": TRAVEL_SOURCE, **where}
