"""A planner's work at the pages: places, scenarios from form to file, money, bids; no JavaScript, nobody's case."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from services.cli.siting.example import BIDS
from tests.builders.deciding import TODAY
from tests.builders.pages import Somebody, somebody
from tests.builders.planning import OPENS, SMALL, PlannedAuthority, Slowly, made_slowly, planned_authority, until_done
from tests.builders.published_tables import write_tables

SECONDS = 60.0


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlannedAuthority]:
    before, os.environ["INBOROUGH_TODAY"] = os.environ.get("INBOROUGH_TODAY"), TODAY
    with planned_authority(tmp_path_factory.mktemp("planned")) as found:
        yield found
    os.environ.pop("INBOROUGH_TODAY")
    if before is not None:
        os.environ["INBOROUGH_TODAY"] = before


@pytest.fixture
def planner(planned: PlannedAuthority, tmp_path: Path) -> Iterator[Somebody]:
    with somebody(planned.authority, tmp_path, INBOROUGH_DATA=None) as found:
        yield found.sign_in("planner")


def send_file(planner: Somebody, field: str, name: str, content: bytes, **values: str) -> Somebody:
    """Choose a file on the page's form that takes one, fill in the rest, and send it."""
    (form,) = [each for each in planner.page.forms if field in each.fields]
    told = {key: values.get(key, (kept or [""])[0]) for key, kept in form.fields.items() if key != field}
    answer = planner.client.post(
        form.action or planner.path.partition("?")[0], data={**told, **values}, files={field: (name, content)}
    )
    return planner._see(answer)


def test_the_board_has_each_pool_by_year_in_words(planner: Somebody) -> None:
    planner.open("/places")
    assert planner.heading == "Places by year"
    assert "Dogwood" in planner.text
    assert ">full</strong>" in planner.text
    assert "1 filled of 1" in planner.text
    assert "0 filled, no fixed number" in planner.text
    planner.open("/places?kind=mainstream")
    assert "Cedar High" in planner.text
    assert "Dogwood" not in planner.text
    planner.open("/places?need=VI&where=out")
    assert "No place pool is like that" in planner.text


def test_the_start_page_leads_to_the_first_scenario(planner: Somebody) -> None:
    planner.open("/")
    assert "places free of 7 with a fixed number" in planner.text
    planner.open("/scenarios")
    assert planner.follow("New scenario").heading == "New scenario"


def test_a_scenario_goes_from_form_to_result_and_file(planner: Somebody, planned: PlannedAuthority) -> None:
    planner.open("/scenarios/new").send(**{**SMALL, **OPENS})
    assert "New base is being simulated." in planner.text
    assert "Waiting for a worker" in planner.text
    made = planner.path
    planned.simulate()
    planner.open(made)
    assert "more than the baseline" in planner.text or "no different from the baseline" in planner.text
    assert planner.text.count("<svg") == 4
    assert planner.text.count("<table") >= 6
    assert "Children in INMSS" in planner.text
    planner.follow("Where the next place is worth most")
    assert planner.heading == "Where the next place is worth most"

    planner.open(made).send("/export", form="xlsx")
    until_done(planner)
    (link,) = (href for href, text in planner.page.links if "Save the file" in text)
    saved = planner.client.get(link)
    assert saved.status_code == 200
    rows = load_workbook(io.BytesIO(saved.content))["figures"].iter_rows(values_only=True)
    assert "pool_setting" in next(rows)
    assert any("Ash School" in row for row in rows)


@pytest.fixture
def slow() -> Iterator[Slowly]:
    with made_slowly() as slowly:
        yield slowly


def test_a_scenario_that_takes_long_to_make_says_so_and_where_it_is_once_it_is_made(
    planner: Somebody, slow: Slowly
) -> None:
    planner.open("/scenarios/new").send(**{**SMALL, **OPENS, "name": "Slow"})
    assert planner.heading == "Making the scenario"
    assert "Putting today&#39;s children, places and prices together" in planner.text
    slow.set()
    until_done(planner)
    assert planner.follow("See how Slow is being simulated").heading.startswith("Slow")
    assert planner.open("/scenarios/new").form().fields["name"] != ["Slow"], "what was filled in is of no more use"


def test_what_is_wrong_with_a_scenario_that_took_long_is_said_and_the_form_kept(
    planner: Somebody, slow: Slowly
) -> None:
    wrong = {"name": "Wrong", "open-0-urn": "", "open-0-area": "Nowhere"}
    planner.open("/scenarios/new").send(**{**SMALL, **OPENS, **wrong})
    slow.set()
    until_done(planner)
    assert "Nowhere" in planner.text
    planner.follow("Go back to what you filled in")
    assert planner.form().fields["name"] == ["Wrong"]


def test_a_scenario_stopped_while_it_is_made_is_not_kept(planner: Somebody, slow: Slowly) -> None:
    planner.open("/scenarios/new").send(**{**SMALL, **OPENS, "name": "Unwanted"})
    planner.send("/stop")
    assert "Stopped. No scenario was made" in planner.text
    assert planner.form().fields["name"] == ["Unwanted"]
    slow.wait_until_unwanted()
    slow.set()
    planner.open("/scenarios/new").send(**{**SMALL, "name": "Wanted"})
    if "/being-made/" in planner.path:
        until_done(planner)
    planner.open("/scenarios")
    assert ("Wanted" in planner.text, "Unwanted" in planner.text) == (True, False)


def test_what_is_wrong_with_a_scenario_leads_to_its_field(planner: Somebody) -> None:
    planner.open("/scenarios/new").send(**{**SMALL, **OPENS, "open-0-places": "0", "name": ""})
    assert planner.status == 422
    assert "Enter a name for the scenario" in planner.text
    planner.send(name="Named")
    assert "Places: 0 is not from 1 to 200." in planner.text
    leads = [href[1:] for href, _ in planner.page.links if href.startswith("#open")]
    assert leads == ["open-0-places"]
    assert set(leads) <= set(planner.page.ids)
    planner.send(**{"open-0-places": "8", "open-0-name": ""})
    assert "Name: is missing." in planner.text, "of the pool, not of the scenario"
    planner.send(**{"open-0-name": "Base", "open-0-urn": "", "open-0-area": "Nowhere"})
    assert planner.status == 422, "only the facts can tell that there is no such area"
    assert "levers" not in planner.page.headings[0]
    assert "8" in planner.form().fields["open-0-places"]


def test_dearer_fuel_and_contracts_are_a_lever_whose_year_must_be_simulated(planner: Somebody) -> None:
    dearer = {"transport_prices-0-contract": "10", "transport_prices-0-from_year": "2026"}
    planner.open("/scenarios/new").send(**{**SMALL, **dearer})
    assert planner.status == 422
    assert "From academic year: 2026 is after 2025/26, the last year simulated." in planner.text
    assert "transport_prices-0-from_year" in {href[1:] for href, _ in planner.page.links if href.startswith("#tr")}
    planner.send(**{"transport_prices-0-from_year": "2025", "go": "text"})
    (definition,) = planner.form().fields["definition"]
    assert "[[levers.transport_prices]]" in definition
    assert "contract = 0.1" in definition


def test_another_row_is_added_without_javascript_and_nothing_is_lost(planner: Somebody) -> None:
    planner.open("/scenarios/new").send(name="Two of them", more="open", **{"open-0-name": "First"})
    fields = planner.form().fields
    assert (fields["name"], fields["open-0-name"]) == (["Two of them"], ["First"])
    assert "open-1-name" in fields


def test_the_form_is_written_out_as_a_definition_that_says_what_is_wrong_by_its_place(planner: Somebody) -> None:
    planner.open("/scenarios/new").send(**{**SMALL, **OPENS, "name": "Written", "go": "text"})
    assert planner.heading == "New scenario, as a definition"
    (definition,) = planner.form().fields["definition"]
    assert "[[levers.open]]" in definition
    planner.send(definition=definition.replace("places = 8", "places = 0"))
    assert planner.status == 422
    assert "Levers.open[0].places: 0 is not from 1 to 200." in planner.text
    planner.send(definition=definition)
    assert "Written is being simulated." in planner.text
    planner.send("/stop")
    assert "Written, version 1 is stopped." in planner.text
    planner.send("/copy")
    assert "This is a copy of Written." in planner.text
    assert planner.form().fields["open-0-places"] == ["8"]


def test_scenarios_are_compared_with_the_oldest(planner: Somebody, planned: PlannedAuthority) -> None:
    one = planned.make(planner, name="Eight places")
    two = planned.make(planner, name="Four places", **{"open-0-places": "4"})
    chosen = "&".join(f"of={path.rpartition('/')[2]}" for path in (two, one))
    planner.open(f"/scenarios/compare?{chosen}")
    assert planner.heading == "Scenarios compared with Eight places, version 1"
    assert "Four places, version 1" in planner.text
    assert planner.open("/scenarios/compare?of=one").heading == "Scenarios"
    assert "Choose two to six scenarios" in planner.text
    three = planned.make(planner, name="Other seed", seed="9")
    planner.open(f"/scenarios/compare?{chosen}&of={three.rpartition('/')[2]}")
    assert planner.status == 422
    assert planner.heading == "These scenarios cannot be compared"


def test_the_business_case_of_a_unit_is_worked_out_from_its_address(planner: Somebody) -> None:
    planner.open("/money/high-needs-unit?cost=160000&places=6")
    assert "breaks even with 3 children" in planner.text
    planner.open("/money/high-needs-unit?cost=-1&places=9")
    assert planner.status == 422
    assert [href for href, _ in planner.page.links if href in ("#cost", "#places")] == ["#cost", "#places"]


def test_a_published_trajectory_that_contradicts_itself_is_shown_and_not_mended(planner: Somebody) -> None:
    planner.open("/money/trajectories")
    assert "A spend of 33.40 would fit" in planner.text
    assert "nothing in it was changed" in planner.text
    send_file(planner, "table", "ours.csv", b"row,year,spend,deficit\nplan,2024,10,1\nplan,2025,11,two\n")
    assert planner.status == 422
    assert "row 3, column deficit" in planner.text
    send_file(planner, "table", "ours.csv", b"row,year,spend,deficit\nplan,2024,10,1\nplan,2025,11,2\n")
    assert planner.status == 200
    assert "Reproduced within" in planner.text


def test_opportunities_are_the_sum_of_their_lines_and_may_be_ones_own(planner: Somebody) -> None:
    planner.open("/money/opportunities")
    assert "Together £1,660,831 a year" in planner.text
    own = planner.client.get("/money/opportunities?get=template").content
    send_file(planner, "table", "ours.toml", own.replace(b"share_percent = 5", b"share_percent = 500", 1))
    assert planner.status == 422
    assert "is not a number from 0 to 100" in planner.text


def test_bids_are_chosen_for_a_scenarios_children_and_the_search_can_be_stopped(
    planner: Somebody, planned: PlannedAuthority
) -> None:
    made = planned.make(planner, name="For bids").rpartition("/")[2]
    demand = b"path,year,need,phase,area,children\n1,2024,SEMH,KS3,,9\n1,2025,SEMH,KS3,,9\n"
    planner.open(f"/money/bids?scenario={made}")
    assert planner.form().fields["scenario"] == [made]
    send_file(planner, "bids", "bids.csv", b"bid_ref\nA\n", budget="")
    assert planner.status == 422
    assert "bids.csv is refused" in planner.text
    usual = {key: (kept or [""])[0] for key, kept in planner.form().fields.items() if key not in ("bids", "demand")}
    files = {"bids": ("bids.csv", BIDS.read_bytes()), "demand": ("demand.csv", demand)}
    sent = {**usual, "budget": "3,300,000", "scenario": "", "gap": "0"}
    planner._see(planner.client.post("/money/bids", data=sent, files=files))
    assert planner.heading == "Bids to fund"
    until_done(planner)
    assert "Proven: no set costs less." in planner.text
    assert "Regret" in planner.text
    book = load_workbook(io.BytesIO(planner.client.get(f"{planner.path}?get=xlsx").content))
    assert book.sheetnames == ["sets", "bids"]
    planner._see(planner.client.post("/money/bids", data={**sent, "runners_up": "10"}, files=files))
    planner.send("/stop")
    assert "Stopped. No bids were chosen." in planner.text


def test_measures_by_quarter_say_what_is_not_recorded_and_take_what_is_supplied(planner: Somebody) -> None:
    planner.open("/measures?last=2023Q4&quarters=2")
    assert "not recorded" in planner.text
    send_file(planner, "supplied", "kpi.csv", b"quarter,measure,value\n2023Q4,attendance_percent,91.5\n")
    assert "91.5 %" in planner.text
    planner.open("/measures?last=soon")
    assert planner.status == 422


def test_without_the_departments_tables_the_forecast_says_where_they_are(planner: Somebody) -> None:
    planner.open("/forecast")
    assert "the Department's published tables are not here" in planner.text.replace("&#39;", "'")
    assert "Explore Education Statistics" in planner.text


def test_with_the_departments_tables_there_is_a_forecast_with_bands(planned: PlannedAuthority, tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    write_tables(folder)
    with somebody(planned.authority, tmp_path, INBOROUGH_DATA=folder, INBOROUGH_AUTHORITY="E06000801") as planner:
        planner.sign_in("planner").open("/forecast")
        assert planner.heading.startswith("Forecast of EHC plans")
        assert "<svg" in planner.text
        planner.follow("How good such forecasts were")
        assert planner.heading == "How good such forecasts were"


def test_no_page_of_a_planner_shows_a_case(planner: Somebody, planned: PlannedAuthority) -> None:
    made = planned.make(planner, name="Nobody in it")
    for path in ("/", "/places", "/scenarios", made, f"{made}/worth", "/measures", "/forecast", "/money/bids"):
        planner.open(path)
        assert planner.status == 200, path
        assert re.search(r"case_[0-9a-f]{16}|dec_[0-9a-f]{16}|WA\d|Inventedname", planner.text) is None, path
    planner.open(f"/cases/{next(iter(planned.authority.case_ids.values()))}")
    assert planner.status == 403
