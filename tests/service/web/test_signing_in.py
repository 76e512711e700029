"""Signing in on this machine, sessions, and what every answer tells browsers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from services.journal import operations
from services.journal.domain.chain import Link
from services.journal.domain.entries import Entry
from services.web.app import build
from services.web.serving import COOKIE
from services.web.signing_in.pages import our_path
from services.web.templating import inline_script_hash
from shared.identity.set_up import SetUpWrong
from tests.builders.deciding import FREE
from tests.builders.pages import URL, Authority, Somebody, at_the_pages, somebody


def test_a_demo_user_signs_in_with_one_press_and_sees_their_work(visitor: Somebody) -> None:
    assert visitor.open("/").heading == "Sign in"
    visitor.send("/sign-in/demo", role="panel_chair")
    assert visitor.heading == "Your work"
    assert "Signed in as Demo panel chair" in visitor.text
    assert visitor.send("/sign-out").heading == "Sign in"
    assert visitor.open("/cases").heading == "Sign in"


def test_signing_in_gives_another_cookie_that_scripts_cannot_read(visitor: Somebody) -> None:
    visitor.open("/sign-in")
    before = visitor.client.cookies[COOKIE]
    answer = visitor.client.post(
        "/sign-in/demo", data=visitor.form("/demo").fields | {"role": "auditor"}, follow_redirects=False
    )
    said = answer.headers["set-cookie"]
    assert before not in said
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(said.split("; "))


def test_the_page_asked_for_is_there_after_signing_in(visitor: Somebody, services: Authority) -> None:
    path = f"/cases/{services.case_ids[FREE]}"
    visitor.open(path).send("/sign-in/demo", role="panel_member")
    assert visitor.path == path


@pytest.mark.parametrize(
    "wanted", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "", "/sign-out", "/a\nb"]
)
def test_nobody_is_sent_to_another_site(wanted: str) -> None:
    assert our_path(wanted) == "/"


def test_a_demo_user_signs_in_from_this_machine_alone(services: Authority, tmp_path: Path) -> None:
    with at_the_pages(build(services.settings(tmp_path)), host="192.0.2.7") as stranger:
        stranger.sign_in("panel_chair")
        assert stranger.status == 403
        assert stranger.open("/").heading == "Sign in"


def test_pages_with_demo_users_do_not_start_where_others_reach_them(services: Authority, tmp_path: Path) -> None:
    with pytest.raises(SetUpWrong, match="demo users prove nothing"):
        build(services.settings(tmp_path, host="0.0.0.0"))


def test_another_sites_name_reaches_nothing(services: Authority, tmp_path: Path) -> None:
    with at_the_pages(build(services.settings(tmp_path)), url="http://elsewhere.example") as stranger:
        assert stranger.open("/sign-in").status == 400


def test_every_answer_lets_nothing_in_from_elsewhere(chair: Somebody) -> None:
    headers = chair.client.get("/cases").headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self' 'sha256-")
    assert "unsafe" not in policy
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert chair.client.get("/no-such-page").headers["content-security-policy"] == policy


def test_the_one_inline_script_is_the_one_that_the_policy_knows(chair: Somebody) -> None:
    scripts = re.findall(r"<script>(.*?)</script>", chair.open("/").text, re.DOTALL)
    assert len(scripts) == 1
    assert inline_script_hash() in chair.client.get("/").headers["content-security-policy"]


def test_pages_name_no_other_site_and_no_crown(chair: Somebody) -> None:
    for path in ("/", "/cases", "/panels", "/consultations", "/decisions"):
        elsewhere = [each for each in chair.open(path).page.sources if not each.startswith(("/", "#", "?"))]
        assert elsewhere == []
        assert "crown" not in chair.text.casefold()


def test_style_and_script_may_be_kept_for_ever_and_say_nothing_of_another_typeface(chair: Somebody) -> None:
    style = next(each for each in chair.open("/").page.sources if "inborough.css" in each)
    answer = chair.client.get(style)
    assert "immutable" in answer.headers["cache-control"]
    assert "GDS Transport" not in answer.text
    assert "url(" not in answer.text


def test_health_is_open_to_all_and_says_nothing_of_anybody(services: Authority, tmp_path: Path) -> None:
    with TestClient(build(services.settings(tmp_path)), base_url=URL) as client:
        assert client.get("/health").text == "serving\n"


def test_without_their_database_the_pages_say_that_it_is_away_and_no_more(
    services: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError(None, None, ConnectionRefusedError("db.example 203.0.113.7"))

    with somebody(services, tmp_path) as person:
        person.sign_in("panel_chair")
        monkeypatch.setattr("services.web.storage.repository.reading", away)
        person.open("/cases")
    assert (person.status, person.heading) == (503, "Sorry, a part of the service is not there")
    assert "The pages database does not answer." in person.text
    assert "203.0.113.7" not in person.text


@pytest.mark.parametrize(
    ("role", "said"),
    [("planner", "See places by year"), ("administrator", "Prove that the journal"), ("auditor", "whole record")],
)
def test_the_start_page_says_where_the_work_of_a_role_is(
    services: Authority, tmp_path: Path, role: str, said: str
) -> None:
    with somebody(services, tmp_path) as person:
        assert said in person.sign_in(role).text


def test_the_journal_is_newest_first_until_it_is_turned_and_stays_so(
    services: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = Entry("caseload", 1, 1, "case_viewed", "2024-02-01T09:00:00Z", "user_invented", "", "", "r", "", "{}")
    page = operations.Page([Link(entry, "ab" * 32)], ("2024-02-01T09:00:00Z", "caseload", 1))
    asked: list[bool] = []

    def list_entries(*given: Any) -> operations.Page:
        asked.append(given[-1])
        return page

    monkeypatch.setattr(operations, "list_entries", list_entries)
    with somebody(services, tmp_path) as auditor:
        auditor.sign_in("auditor").open("/journal").follow("Show more")
        assert "Entries of the journal, newest first" in auditor.text
        auditor.follow("Show the oldest first").send("/journal", source="caseload").follow("Show more")
        assert "Entries of the journal, oldest first" in auditor.text
        assert asked == [True, True, False, False, False]
        assert "Newest first." in auditor.follow("Show the newest first").text


def test_the_journal_says_who_saw_a_case_and_can_be_proved(services: Authority, tmp_path: Path) -> None:
    with somebody(services, tmp_path) as auditor:
        auditor.sign_in("auditor").open("/journal")
        assert auditor.heading == "Journal"
        assert auditor.open("/journal/verify").heading == "The journal is whole"
