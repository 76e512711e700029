"""The illustrative rates come to the published averages that they name."""

from services.cli.demo.homes import list_homes
from tests.unit.cli.demo.written import Row, Written

DETOUR = 1.3
FAR_METRES = 8_000
SPECIAL = ("state_special", "independent_special", "non_maintained_special")


def amounts(written: Written, item: str, **where: str) -> list[Row]:
    return [
        row
        for row in written.table("rates")
        if row["item"] == item and all(row[column] == value for column, value in where.items())
    ]


def test_a_state_special_place_comes_to_the_published_26_000_pounds(written: Written) -> None:
    (place,) = amounts(written, "place_funding", kind="state_special")
    (top_up,) = amounts(written, "top_up", kind="state_special", band="", need="")
    assert int(place["amount"]) + int(top_up["amount"]) == 26_000


def test_independent_fees_average_63_000_to_64_000_pounds_over_the_children_there(written: Written) -> None:
    fees = {row["urn"]: int(row["amount"]) for row in amounts(written, "inmss_fee") if row["urn"]}
    paid = [fees[child.urn] for child in written.open_plans if child.kind in SPECIAL[1:]]
    assert 62_000 <= sum(paid) / len(paid) <= 65_000


def test_transport_from_far_away_averages_near_the_published_8_116_pounds(written: Written) -> None:
    homes = {home.postcode: home for home in list_homes("E06000006")}
    postcodes = {row["upn"]: row["postcode"] for row in written.modules["person"]}
    bands = [(int(row["minimum_metres"]), int(row["amount"])) for row in amounts(written, "transport")]
    (days,) = amounts(written, "transport_days")
    costs = []
    for child in written.open_plans:
        if child.kind in SPECIAL:
            home, setting = homes[postcodes[child.upn]], written.settings[child.urn]
            east, north = home.easting - int(setting["Easting"]), home.northing - int(setting["Northing"])
            metres = DETOUR * (east * east + north * north) ** 0.5
            if metres >= FAR_METRES:
                costs.append(max(amount for least, amount in bands if least <= metres) * int(days["amount"]))
    assert 7_700 <= sum(costs) / len(costs) <= 8_500
