"""Rate cards, children and pools drawn by hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from inborough.common.v1.common_pb2 import GridReference
from inborough.cost.v1 import cost_pb2 as pb
from services.cost.domain.words import BANDS, KINDS
from tests.builders.cost import Cells, rate

URNS = (100_001, 100_002, 100_003, 100_004)
NEEDS = ("", "ASD", "SEMH", "PMLD")
COLUMNS_OF = {
    "place_funding": ("kind", "urn"),
    "top_up": ("kind", "need", "band", "urn"),
    "inmss_fee": ("kind", "need", "band", "urn"),
    "hn_unit_block": ("urn",),
}

pounds = st.integers(0, 9_000_000).map(lambda pence: f"{pence // 100}.{pence % 100:02}")
day_pounds = st.integers(0, 20_000).map(lambda pence: f"{pence // 100}.{pence % 100:02}")


@st.composite
def rate_rows(draw: st.DrawFn) -> list[Cells]:
    """The rows of a sound card: a default of everything, any exceptions, any distance bands that rise."""
    cells = {
        "kind": st.sampled_from(["", *KINDS]),
        "need": st.sampled_from(NEEDS),
        "band": st.sampled_from(["", *BANDS]),
        "urn": st.sampled_from(["", *map(str, URNS[:2])]),
    }
    rows = {}
    for item, columns in COLUMNS_OF.items():
        rows[item, ("",) * len(columns)] = rate(item, draw(pounds))
        keys = draw(st.lists(st.tuples(*(cells[column] for column in columns)), max_size=8))
        for key in keys:
            rows[item, key] = rate(item, draw(pounds), **dict(zip(columns, key, strict=True)))
    return [*rows.values(), *draw(travel_rows())]


@st.composite
def travel_rows(draw: st.DrawFn) -> list[Cells]:
    """Distance bands whose price never falls with distance, supplements, and days."""
    rows = []
    for item in ("transport", "transport_solo"):
        begins = sorted({0, *draw(st.sets(st.integers(1, 40_000), max_size=4))})
        amounts = sorted(draw(st.lists(st.integers(0, 300), min_size=len(begins), max_size=len(begins))))
        rows += [
            rate(item, amount, "gbp_per_day", minimum_metres=metres)
            for metres, amount in zip(begins, amounts, strict=True)
        ]
    rows += [rate(item, draw(day_pounds), "gbp_per_day") for item in ("transport_wheelchair", "passenger_assistant")]
    return [*rows, rate("transport_days", draw(st.integers(1, 366)), "days")]


points = st.builds(
    GridReference, easting=st.integers(330_000, 370_000), northing=st.integers(370_000, 400_000)
) | st.builds(GridReference, easting=st.integers(350_000, 350_100), northing=st.integers(385_000, 385_100))

children = st.builds(
    pb.QuoteCase,
    case_id=st.just("case_drawn"),
    home=st.none() | points,
    year_group=st.integers(-2, 14),
    age_years=st.integers(2, 25),
    primary_need=st.sampled_from((*NEEDS, "MLD")),
    top_up_band=st.sampled_from(["", *BANDS]),
    wheelchair=st.booleans(),
    passenger_assistant=st.booleans(),
    solo=st.booleans(),
)
pools = st.builds(
    pb.QuotePool,
    pool_id=st.just("pool_drawn"),
    kind=st.sampled_from(list(KINDS)),
    urn=st.sampled_from(URNS),
    location=st.none() | points,
    places_commissioned=st.integers(0, 40),
    no_vacancy=st.booleans(),
)
