"""What was filled in is never lost: services may refuse it, a session may end, a service may be down."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, update

from services.web.storage.tables import sessions
from shared.days import now_utc
from tests.builders.deciding import ASKS_BIRCH_TOO, ASKS_DOGWOOD, BIRCH, FREE
from tests.builders.pages import Authority, Somebody, somebody
from tests.service.web.test_deciding import STEPS, open_panel


def test_what_services_refuse_is_said_beside_its_field_and_nothing_is_lost(
    chair: Somebody, services: Authority
) -> None:
    case_id = services.case_ids[ASKS_BIRCH_TOO]
    open_panel(chair, case_id)
    chair.open(f"/cases/{case_id}/options").follow("Choose Ash School")
    said = {f"ground-{BIRCH}": "unsuitable", f"evidence-{BIRCH}": "Invented evidence."}
    chair.send("/decide", reason="Invented reason.", **said, **{f"not_consulted-{BIRCH}": "Invented why."})
    chair.send()
    assert chair.status == 422, "a place outside mainstream needs the steps considered under s.33"
    assert "#section_33_steps" in [href for href, _ in chair.page.links]
    assert "Invented evidence." in chair.text
    assert "inborough" not in re.sub(r"inborough\.(css|js)|Inborough|name=\"inborough\"", "", chair.text)
    chair.send("/decide", section_33_steps=STEPS)
    sent_twice = chair.form()
    chair.send()
    recorded = chair.path
    assert recorded.startswith("/decisions/")
    again = chair.client.post(f"/cases/{case_id}/decide/confirm", data=sent_twice.fields)
    assert again.url.path == f"/cases/{case_id}"
    chair.open(f"/decisions?case={case_id}")
    assert len({href for href, _ in chair.page.links if href.startswith("/decisions/")}) == 1


def end_every_session(folder: Path) -> None:
    """As if nobody had asked for a page for a day."""
    engine = create_engine(f"sqlite:///{folder / 'web.db'}")
    with engine.begin() as connection:
        connection.execute(update(sessions).values(seen_at_utc=now_utc() - timedelta(days=1)))
    engine.dispose()


def test_a_form_sent_after_the_session_ended_is_there_again_for_its_user_alone(
    chair: Somebody, services: Authority, tmp_path: Path
) -> None:
    case_id = services.case_ids[ASKS_DOGWOOD]
    chair.open(f"/cases/{case_id}/options").follow("Put the decision off")
    end_every_session(tmp_path)
    chair.send("/decide", reason="Invented and half-filled.")
    assert chair.heading == "Sign in"
    assert "What you filled in is kept" in chair.text

    chair.send("/sign-in/demo", role="panel_member")
    assert chair.path.startswith(f"/cases/{case_id}/")
    assert "Invented and half-filled." not in chair.text
    chair.send("/sign-out")
    chair.open(f"/sign-in?next=/cases/{case_id}/decide").send("/sign-in/demo", role="panel_chair")
    assert chair.path == f"/cases/{case_id}/decide"
    assert "Invented and half-filled." in chair.text


def test_a_form_of_an_earlier_sign_in_is_offered_again_and_not_sent(chair: Somebody, services: Authority) -> None:
    case_id = services.case_ids[ASKS_DOGWOOD]
    chair.open(f"/cases/{case_id}/consult")
    form, path = chair.form(), chair.path
    chair.send("/sign-out")
    chair.sign_in("panel_chair").open(path)
    answer = chair.client.post(
        path, data=form.fields | {"urn": [str(BIRCH)]}, headers={"sec-fetch-site": "same-origin"}
    )
    assert "You signed in again since this form was opened" in answer.text
    assert "No setting was consulted" in chair.open(f"/cases/{case_id}").text


@pytest.mark.parametrize("site", ["cross-site", "same-site", ""])
def test_a_form_from_another_site_does_nothing(chair: Somebody, services: Authority, site: str) -> None:
    path = f"/cases/{services.case_ids[FREE]}/consult"
    sent = {"urn": str(BIRCH), "form_token": "guessed", "request_id": "req_0000000000000001"}
    answer = chair.client.post(path, data=sent, headers={"sec-fetch-site": site})
    assert answer.status_code == 403
    assert "No setting was consulted" in chair.open(f"/cases/{services.case_ids[FREE]}").text


def test_a_service_that_is_down_is_named_and_the_form_kept(services: Authority, tmp_path: Path) -> None:
    with somebody(services, tmp_path, INBOROUGH_PLACEMENT_ADDRESS="127.0.0.1:1") as chair:
        chair.sign_in("panel_chair")
        assert chair.status == 503
        assert "The placement service does not answer." in chair.text
        chair.open("/panels/open").send()
        assert chair.status == 503
        assert "What you filled in is kept" in chair.text
