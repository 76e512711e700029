"""What is played is what people can do: one round of each kind of person at real pages, without a clock."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.web.pages.table import PAGES
from tests.builders.deciding import TODAY
from tests.builders.pages import SAME_ORIGIN, Somebody, somebody
from tests.builders.planning import PlannedAuthority, planned_authority
from tests.load.people import panel, planner
from tests.load.people.outcomes import DONE, outcome
from tests.load.people.panel import PanelUser
from tests.load.people.person import Answer, Person, Sent
from tests.load.people.planner import Planner
from tests.load.people.routes import UNKNOWN, Routes
from tests.load.people.seats import CHAIR, PLANNER, seats

ROUTES = Routes([page.path for page in PAGES])


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlannedAuthority]:
    before, os.environ["INBOROUGH_TODAY"] = os.environ.get("INBOROUGH_TODAY"), TODAY
    with planned_authority(tmp_path_factory.mktemp("played")) as found:
        yield found
    os.environ.pop("INBOROUGH_TODAY")
    if before is not None:
        os.environ["INBOROUGH_TODAY"] = before


class Network:
    """Requests of one browser, taken to the pages in this process; what was asked for, and how it ended."""

    def __init__(self, browser: Somebody) -> None:
        self._browser = browser
        self.pages: list[str] = []
        self.not_done: list[str] = []

    def __call__(self, method: str, path: str, sent: Sent | None = None) -> Answer:
        told = {"params": sent} if method == "GET" and sent else {"data": sent, "headers": SAME_ORIGIN} if sent else {}
        found = self._browser.client.request(method, path, **told)
        answer = Answer(found.status_code, found.url.raw_path.decode(), found.text)
        self.pages.append(f"{method} {ROUTES.name(path)}")
        if outcome(answer, path) != DONE:
            self.not_done.append(f"{method} {path}: {answer.status}")
        return answer


def at_work(network: Network, pause: Callable[[float], None] = lambda _: None) -> Person:
    return Person(network, pause, random.Random(1), (0.0, 0.0))


@pytest.fixture
def everything_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """What somebody does in some rounds, they do in this one, but for papers, which take seconds."""
    monkeypatch.setattr(Person, "does", lambda _, share: share > panel.LOOKS_AT_PAPERS)


@pytest.mark.usefixtures("everything_is_done")
def test_a_chair_opens_a_panel_decides_and_takes_back(planned: PlannedAuthority, tmp_path: Path) -> None:
    with somebody(planned.authority, tmp_path) as browser:
        browser.sign_in("panel_chair")
        network = Network(browser)
        person = at_work(network)
        PanelUser(person, CHAIR).round()
    assert network.not_done == []
    assert UNKNOWN not in " ".join(network.pages)
    assert [deed.what for deed in person.deeds] == ["recorded", "withdrawn"]
    assert person.counts == {"panels opened": 1, "settings consulted": 1, "replies recorded": 1}


@pytest.mark.usefixtures("everything_is_done")
def test_a_planner_watches_a_scenario_to_its_end(
    planned: PlannedAuthority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planner, "TAKES_IT_AWAY", 0.0)  # a file takes a process of its own, and seconds
    with somebody(planned.authority, tmp_path, INBOROUGH_DATA=None) as browser:
        browser.sign_in("planner")
        network = Network(browser)

        def wait(seconds: float) -> None:
            if seconds:
                planned.simulate()

        person = at_work(network, wait)
        Planner(person).round()
    assert network.not_done == []
    assert UNKNOWN not in " ".join(network.pages)
    assert person.counts == {"scenarios made": 1, "scenarios watched to their end": 1}


def test_every_page_that_is_opened_by_its_address_is_a_page_of_ours() -> None:
    assert [each for each in planner.ELSEWHERE if ROUTES.name(each) == UNKNOWN] == []
    assert ROUTES.name("/cases/case_1/options?without=2#map") == "/cases/{case_id}/options"


def test_chairs_come_first_and_each_panel_has_one() -> None:
    everybody = seats(50, 10)
    assert [seat.role for seat in everybody[:7]] == [CHAIR] * 7
    assert sum(seat.role == CHAIR for seat in everybody) == 7
    assert [seat.role for seat in everybody[50:]] == [PLANNER] * 10
    assert len({seat.who for seat in everybody}) == 60
    assert panel.ON_AN_AGENDA > panel.URGENT_ONES
