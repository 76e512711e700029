"""Planners' and administrators' pages in Chromium: several widths; a scenario by keyboard, and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from services.cli.siting.example import BIDS
from tests.builders import provision
from tests.builders.deciding import TODAY
from tests.builders.planning import PlannedAuthority, planned_authority
from tests.builders.published_tables import write_tables
from tests.pages.conftest import Seat, Served, Site
from tests.pages.test_accessible import check
from tests.pages.test_deciding_by_keyboard import Keyboard

DEMAND = "path,year,need,phase,area,children\n1,2024,SEMH,KS3,,9\n1,2025,SEMH,KS3,,9\n"
POOLS = provision.csv_bytes([provision.pool_row(kind="castle")], provision.POOL_COLUMNS)


@pytest.fixture(scope="module")
def planned(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlannedAuthority]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INBOROUGH_TODAY", TODAY)
        with planned_authority(tmp_path_factory.mktemp("planned")) as found:
            yield found


@pytest.fixture(scope="module")
def site(planned: PlannedAuthority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """With the Department's tables, invented, of which this authority is one."""
    folder = tmp_path_factory.mktemp("pages")
    told = {"INBOROUGH_DATA": str(write_tables(folder / "tables")), "INBOROUGH_AUTHORITY": "E06000801"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in told.items():
            patch.setenv(name, value)
        with Served(planned.authority, folder) as port:
            yield Site(f"http://127.0.0.1:{port}", planned.authority)


def fill_in(seat: Seat, name: str) -> None:
    """The builder's fields of a small scenario."""
    page = seat.page
    page.locator("#name").fill(name)
    page.locator("#years").fill("2")
    page.locator("#replicates").fill("4")
    page.get_by_text("A pool that opens", exact=True).click()
    page.locator("#open-0-name").fill("New base")
    page.locator("#open-0-kind").select_option("state_special")
    page.locator("#open-0-places").fill("8")
    page.locator("#open-0-opens-day").fill("1")
    page.locator("#open-0-opens-month").fill("9")
    page.locator("#open-0-opens-year").fill("2025")
    page.locator("#open-0-urn").select_option("100001")


def run_scenario(seat: Seat, planned: PlannedAuthority, name: str) -> str:
    """Make a small scenario and have it simulated; its path."""
    seat.open("/scenarios/new")
    fill_in(seat, name)
    seat.press("Run the scenario")
    seat.page.wait_for_url("**/scenarios/scen_*")
    made = seat.path
    planned.simulate()
    return made


def test_the_pages_of_a_planner(seat: Seat, planned: PlannedAuthority, tmp_path: Path) -> None:
    wrong: list[str] = []

    def look(path: str) -> None:
        seat.open(path)
        wrong.extend(check(seat.page, path))

    seat.sign_in("planner")
    for path in ("/", "/scenarios", "/scenarios/new", "/scenarios/new/definition", "/places"):
        look(path)
    seat.open("/scenarios/new")
    seat.press("Run the scenario")
    wrong += check(seat.page, "a scenario, refused")
    seat.page.locator("#name").fill("Waiting")
    seat.press("Run the scenario")
    seat.page.wait_for_url("**/scenarios/scen_*")
    wrong += check(seat.page, "a scenario under way")
    planned.simulate()
    one, two = (run_scenario(seat, planned, name) for name in ("First", "Second"))
    compared = "&".join(f"of={path.rpartition('/')[2]}" for path in (two, one))
    for path in ("/scenarios", one, f"{one}/worth", f"/scenarios/compare?{compared}", "/scenarios/compare?of=x"):
        look(path)
    for path in (
        "/forecast",
        "/forecast/backtest",
        "/money",
        "/money/high-needs-unit",
        "/money/trajectories",
        "/money/opportunities",
        "/measures",
        "/money/bids",
    ):
        look(path)
    seat.open("/money/bids")
    seat.press("Choose bids")
    wrong += check(seat.page, "bids, refused")
    (tmp_path / "demand.csv").write_text(DEMAND, encoding="utf-8")
    seat.page.locator("#bids").set_input_files(BIDS)
    seat.page.locator("#demand").set_input_files(tmp_path / "demand.csv")
    seat.page.locator("#budget").fill("3300000")
    seat.press("Choose bids")
    seat.page.wait_for_url("**/money/bids/task_*")
    wrong += check(seat.page, "bids, under way")
    seat.page.get_by_role("link", name="see what came of it").click(timeout=60_000)
    wrong += check(seat.page, "bids, chosen")
    assert wrong == [], "\n".join(wrong)


def test_the_pages_of_an_administrator(seat: Seat, tmp_path: Path) -> None:
    seat.sign_in("administrator")
    wrong: list[str] = check(seat.page, "start")
    for path in ("/imports", "/imports/pools", "/imports/sen2", "/rate-cards", "/policies", "/roles", "/event-logs"):
        seat.open(path)
        wrong += check(seat.page, path)
    seat.open("/rate-cards")
    seat.page.locator("tbody a").first.click()
    wrong += check(seat.page, "a rate card")
    seat.open("/services")
    wrong += check(seat.page, "/services")
    seat.open("/imports/pools")
    seat.press("See what would happen")
    wrong += check(seat.page, "an import, refused")
    (tmp_path / "pools.csv").write_bytes(POOLS)
    seat.page.locator("#files").set_input_files(tmp_path / "pools.csv")
    seat.press("See what would happen")
    assert "castle" in seat.page.inner_text("main")
    wrong += check(seat.page, "an import's refused rows")
    assert wrong == [], "\n".join(wrong)


def test_a_scenario_is_run_with_the_keyboard_alone(seat: Seat, planned: PlannedAuthority) -> None:
    seat.open("/sign-in")
    keys = Keyboard(seat)
    keys.press("Sign in as Demo planner")
    keys.press("Scenarios")
    keys.press("New scenario")
    keys.type("Name of the scenario", "By keyboard")
    keys.to("Academic years to simulate")
    seat.page.keyboard.type("2")
    keys.to("Runs")
    seat.page.keyboard.type("4")
    keys.to("A pool that opens")
    seat.page.keyboard.press("Enter")
    keys.type("Name", "New base")
    keys.to("Kind of place")
    seat.page.keyboard.type("state")
    keys.type("Places", "8")
    for label, text in (("Day", "1"), ("Month", "9"), ("Year", "2025")):
        keys.type(label, text)
    keys.to("At which setting")
    seat.page.keyboard.type("Ash")
    keys.press("Run the scenario")
    assert "By keyboard is being simulated." in seat.page.inner_text("main")
    planned.simulate()
    seat.page.get_by_role("status").wait_for(timeout=15_000)
    keys.to("see what came of it")
    seat.page.keyboard.press("Enter")
    seat.page.get_by_role("heading", name="Children in INMSS").wait_for()
    keys.press("Where the next place is worth most")
    assert seat.page.inner_text("h1") == "Where the next place is worth most"


def test_a_scenario_is_run_and_saved_with_javascript_off(
    seat_without_javascript: Seat, planned: PlannedAuthority
) -> None:
    seat = seat_without_javascript
    seat.sign_in("planner")
    made = run_scenario(seat, planned, "Without JavaScript")
    seat.press("See how far it has come now")
    assert seat.path == made
    assert "Children in INMSS" in seat.page.inner_text("main")
    seat.press("Every figure, CSV")
    while seat.page.get_by_text("See how far it has come now").count():
        seat.page.wait_for_timeout(200)
        seat.press("See how far it has come now")
    with seat.page.expect_download() as saved:
        seat.page.get_by_role("link", name="Save the file").or_(
            seat.page.get_by_role("button", name="Save the file")
        ).click()
    assert saved.value.suggested_filename == "without-javascript-figures.csv"


def test_updates_of_a_page_can_be_stopped(seat: Seat) -> None:
    seat.sign_in("planner")
    seat.page.clock.install()
    seat.open("/scenarios/new")
    fill_in(seat, "Watched")
    seat.press("Run the scenario")
    seat.page.wait_for_url("**/scenarios/scen_*")
    asked: list[str] = []
    seat.page.on("request", lambda request: asked.append(request.url))
    with seat.page.expect_response(seat.page.url):
        seat.page.clock.run_for(3100)
    seat.press("Stop updating this page")
    asked.clear()
    seat.page.clock.run_for(10_000)
    assert asked == []
