"""Every page with every role: the table of services/web/access.py, and nobody where it says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.web.access import ALLOWED, may_act, may_see
from services.web.pages.table import PAGES
from services.web.serving import Page
from shared.identity import PEOPLES_ROLES
from tests.builders.deciding import ASKS_DOGWOOD, BIRCH, FREE
from tests.builders.pages import Authority, Somebody, somebody

FORBIDDEN = 403


@pytest.fixture(scope="module")
def parts(services: Authority, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Ids of one thing of each kind, so that every page of the table is there."""
    case_id = services.case_ids[ASKS_DOGWOOD]
    with somebody(services, tmp_path_factory.mktemp("parts")) as chair:
        chair.sign_in("panel_chair").open("/panels/open").send()
        panel_id = chair.path.split("/")[2]
        chair.send(on=[case_id])
        chair.open(f"/cases/{services.case_ids[FREE]}/consult").send(urn=str(BIRCH))
        consultation_id = chair.follow("Record the reply").path.split("/")[-2]
        chair.open(f"/cases/{case_id}/options")
        recommendation_id = chair.path.split("/")[-1]
        chair.follow("Put the decision off").send("/decide", reason="Invented reason.")
        decision_id = chair.send().path.split("/")[-1]
    return {
        "case_id": case_id,
        "panel_id": panel_id,
        "consultation_id": consultation_id,
        "recommendation_id": recommendation_id,
        "decision_id": decision_id,
        "scenario_id": "scen_0000000000000000",
        "run_plan_id": "runs_0000000000000000",
        "number": "1",
        "rate_card_id": "card_none_1",
        "task_id": "task_00000000000000000000000000000000",
    }


@pytest.fixture(scope="module", params=PEOPLES_ROLES)
def person(
    request: pytest.FixtureRequest, services: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Somebody]]:
    """Somebody of each role, signed in."""
    with somebody(services, tmp_path_factory.mktemp("pages")) as found:
        yield request.param, found.sign_in(request.param)


@pytest.fixture(scope="module")
def form_token(person: tuple[str, Somebody]) -> list[str]:
    """What every form of theirs carries."""
    return person[1].open("/").form("/sign-out").fields["form_token"]


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_a_page_is_seen_by_its_roles_alone(page: Page, person: tuple[str, Somebody], parts: dict[str, str]) -> None:
    role, somebody = person
    somebody.client.follow_redirects = False
    status = somebody.open(page.path.format(**parts)).status
    if page.show is None:
        assert status == 404
        return
    assert (status == FORBIDDEN) == (not may_see(page.name, [role])), status
    assert status in (200, 303, 404, 409, FORBIDDEN), "a page that may be seen is there, or says what it lacks"


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_a_form_is_sent_by_its_roles_alone(
    page: Page, person: tuple[str, Somebody], form_token: list[str], parts: dict[str, str]
) -> None:
    role, somebody = person
    somebody.client.follow_redirects = False
    status = somebody.client.post(page.path.format(**parts), data={"form_token": form_token}).status_code
    if page.act is None:
        assert status == 404
    else:
        assert (status == FORBIDDEN) == (not may_act(page.name, [role]))


def test_a_page_without_a_line_in_the_table_is_for_nobody() -> None:
    assert not may_see("no_such_page", PEOPLES_ROLES)
    assert not may_act("start", PEOPLES_ROLES), "a page without a form takes none"


def test_the_table_has_every_page_and_no_other() -> None:
    assert {page.name for page in PAGES} == set(ALLOWED)


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_nobody_sees_a_page_without_signing_in(
    page: Page, services: Authority, parts: dict[str, str], visitor: Somebody
) -> None:
    path = page.path.format(**parts)
    assert visitor.open(path).heading == ("Sign in" if page.show else "Page not found")
    visitor.client.follow_redirects = False
    assert visitor.client.post(path, data={}).status_code in (303, 404)


def test_buttons_are_shown_to_those_who_may_press_them(
    services: Authority, parts: dict[str, str], tmp_path: Path
) -> None:
    options = f"/cases/{services.case_ids[FREE]}/options"
    with somebody(services, tmp_path) as caseworker:
        caseworker.sign_in("caseworker").open(options)
        assert not [text for _, text in caseworker.page.links if text.startswith("Choose")]
        caseworker.send("/sign-out")
        caseworker.sign_in("panel_member").open(options)
        assert [text for _, text in caseworker.page.links if text.startswith("Choose")]
