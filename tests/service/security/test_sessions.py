"""When a session ends: by its holder, by an administrator, and by the issuer, which is asked again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import anyio
import httpx
import pytest
from sqlalchemy import Engine, select, update
from starlette.testclient import TestClient

from services.web import sessions as command
from services.web.app import build
from services.web.serving import COOKIE
from services.web.settings import Settings
from services.web.signing_in.oidc import who
from services.web.storage.opening import store_of
from services.web.storage.tables import sessions
from shared.database import open_database
from shared.days import in_utc, now_utc
from tests.builders.issuer import CLIENT_ID, CLIENT_SECRET, Issuer, issuing
from tests.builders.pages import Somebody
from tests.service.security.conftest import NOWHERE

URL = "https://inborough.council.example"
HOST_COOKIE = f"__Host-{COOKIE}"


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with issuing() as found:
        yield found


@dataclass
class Council:
    """Pages behind the council's proxy, their issuer, and their database."""

    app: Any
    issuer: Issuer
    settings: Settings
    engine: Engine

    def browser(self) -> Somebody:
        return Somebody(TestClient(self.app, base_url=URL, client=("192.0.2.7", 1), follow_redirects=False))

    def written(self, **values: Any) -> None:
        """As if every session had been written so."""
        with self.engine.begin() as connection:
            connection.execute(update(sessions).values(**values))

    def began(self) -> list[datetime]:
        """When those who are signed in signed in."""
        with self.engine.connect() as connection:
            live = select(sessions.c.made_at_utc).where(sessions.c.user_id != "", ~sessions.c.ended)
            return [in_utc(row.made_at_utc) for row in connection.execute(live)]


@pytest.fixture(scope="module")
def pages(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    told = {
        "host": "0.0.0.0",
        "public_url": URL,
        "oidc_issuer": issuer.url,
        "oidc_client_id": CLIENT_ID,
        "oidc_client_secret": CLIENT_SECRET,
    }
    settings = NOWHERE.settings(tmp_path_factory.mktemp("pages"), **told)
    app, engine = build(settings), open_database(settings.database("web"))
    with TestClient(app, base_url=URL):
        yield Council(app, issuer, settings, engine)
    engine.dispose()


@pytest.fixture
def council(pages: Council) -> Council:
    """Without anybody signed in; the issuer knows an auditor."""
    pages.issuer.claims["roles"], pages.issuer.denies = ["auditor"], False
    pages.written(ended=True)
    return pages


def round_by_the_issuer(person: Somebody, to_issuer: str) -> Somebody:
    """To the issuer and back, as a browser goes."""
    at_issuer = person.client.get(to_issuer).headers["location"]
    back = httpx.get(at_issuer).headers["location"]
    person.client.follow_redirects = True
    person.open(back.removeprefix(URL))
    person.client.follow_redirects = False
    return person


def signed_in(council: Council, subject: str = "subject-1") -> Somebody:
    """Somebody whom the issuer has just named."""
    found = who({**council.issuer.claims, "sub": subject}, council.settings)
    begin = partial(store_of(council.settings, council.engine).begin_session, found.user_id, found.name, found.roles)
    person = council.browser()
    person.client.cookies.set(HOST_COOKIE, anyio.run(begin).cookie, domain="inborough.council.example")
    return person.open("/roles")


def due(council: Council, minutes: int = 50) -> None:
    """The issuer last said who it is so long ago."""
    council.written(checked_at_utc=now_utc() - timedelta(minutes=minutes))


def test_the_cookie_can_be_planted_by_no_other_host(council: Council) -> None:
    person = council.browser()
    said = person.client.get("/sign-in").headers["set-cookie"]
    assert said.startswith(f"{HOST_COOKIE}=")
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Secure"} <= set(said.split("; "))
    assert "domain" not in said.casefold()


def test_the_issuer_is_asked_again_unseen_and_new_roles_hold(council: Council) -> None:
    person = signed_in(council)
    before = person.client.cookies[HOST_COOKIE]
    council.issuer.claims["roles"] = ["planner"]
    due(council)
    to_issuer = person.client.get("/roles").headers["location"]
    asked = parse_qs(urlsplit(person.client.get(to_issuer).headers["location"]).query)
    assert asked["prompt"] == ["none"]
    assert round_by_the_issuer(person, to_issuer).status == 403
    assert person.path == "/roles"
    assert "Signed in as Ada (planner)" in person.text
    assert person.client.cookies[HOST_COOKIE] != before


def test_whoever_has_no_role_left_is_signed_out_everywhere(council: Council) -> None:
    person, elsewhere = signed_in(council), signed_in(council)
    council.issuer.claims["roles"] = []
    due(council)
    assert round_by_the_issuer(person, person.client.get("/roles").headers["location"]).status == 403
    assert "have no role in Inborough" in person.text
    council.written(checked_at_utc=now_utc())
    assert elsewhere.client.get("/roles").headers["location"].startswith("/sign-in?")


def test_whom_the_issuer_knows_no_more_signs_in_again(council: Council) -> None:
    person = signed_in(council)
    council.issuer.denies = True
    due(council)
    assert round_by_the_issuer(person, person.client.get("/roles").headers["location"]).status == 401
    assert person.client.get("/roles").headers["location"].startswith("/sign-in?")


@pytest.mark.parametrize(
    "changed",
    [{"aud": "another-application"}, {"iss": "https://elsewhere.example"}, {"nonce": "guessed"}, {"exp": 1}],
    ids=lambda changed: next(iter(changed)),
)
def test_an_id_token_of_another_purpose_issuer_or_time_is_no_sign_in(
    council: Council, monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any]
) -> None:
    monkeypatch.setattr(council.issuer, "claims", {**council.issuer.claims, **changed})
    person = council.browser()
    person.client.get("/sign-in?next=/roles")
    assert round_by_the_issuer(person, "/sign-in/council").status == 401
    assert "The sign-in was not completed" in person.text


def test_an_issuer_that_says_it_is_another_is_not_gone_to(
    issuer: Issuer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = issuer.metadata()
    monkeypatch.setattr(issuer, "metadata", lambda: {**said, "issuer": "https://elsewhere.example"})
    told = {"public_url": URL, "oidc_issuer": issuer.url, "oidc_client_id": CLIENT_ID, "oidc_client_secret": "a"}
    with TestClient(build(NOWHERE.settings(tmp_path, **told)), base_url=URL, follow_redirects=False) as client:
        client.get("/sign-in")
        assert client.get("/sign-in/council").status_code == 503


@pytest.mark.parametrize(("minutes", "done"), [(59, True), (61, False)])
def test_a_form_that_is_open_may_be_sent_for_a_quarter_of_an_hour_and_no_longer(
    council: Council, minutes: int, done: bool
) -> None:
    person = signed_in(council)
    token = person.form("/sign-out").fields["form_token"]
    due(council, minutes)
    answer = person.client.post("/event-logs", data={"form_token": token})
    assert (answer.status_code == 403) == done, "an auditor retries nothing, but is known"
    assert done or answer.headers["location"].startswith("/sign-in?")


def back_from_the_issuer(person: Somebody, path: str = "/roles") -> str:
    """Where the issuer sends a tab that is to be asked again."""
    to_issuer = person.client.get(path).headers["location"]
    return httpx.get(person.client.get(to_issuer).headers["location"]).headers["location"].removeprefix(URL)


def test_two_tabs_that_are_asked_again_at_once_both_stay_signed_in(council: Council) -> None:
    person = signed_in(council)
    due(council)
    first, second = back_from_the_issuer(person), back_from_the_issuer(person)
    assert person.client.get(first).headers["location"] == "/roles", "to be asked once more"
    assert person.client.get(second).headers["location"] == "/roles"
    assert person.client.get(first).headers["location"] == "/", "nothing more to ask"
    assert person.open("/roles").status == 200


def test_signing_in_again_and_again_makes_no_session_grow(council: Council) -> None:
    person = council.browser()
    person.client.get("/sign-in")
    for _ in range(3):
        person.client.get("/sign-in/council")
    with council.engine.connect() as connection:
        (state,) = connection.execute(select(sessions.c.state).where(sessions.c.user_id == "", ~sessions.c.ended)).one()
    assert len([name for name in json.loads(state) if name.startswith("_state_")]) == 1


def test_a_script_that_looks_again_is_not_sent_to_the_issuer(council: Council) -> None:
    person = signed_in(council)
    due(council)
    assert person.client.get("/roles", headers={"sec-fetch-mode": "cors"}).status_code == 200


def test_being_asked_again_makes_no_session_longer_and_loses_no_open_form(council: Council) -> None:
    person = signed_in(council)
    token = person.form("/sign-out").fields["form_token"]
    began = now_utc() - timedelta(hours=9)
    council.written(made_at_utc=began, checked_at_utc=now_utc() - timedelta(minutes=50))
    round_by_the_issuer(person, person.client.get("/roles").headers["location"])
    assert max(abs(each - began) for each in council.began()) < timedelta(seconds=1)
    assert person.form("/sign-out").fields["form_token"] == token


def test_signing_out_everywhere_ends_every_session_of_that_person_alone(council: Council) -> None:
    person, elsewhere = signed_in(council), signed_in(council)
    other = signed_in(council, "subject-2")
    token = person.form("/sign-out").fields["form_token"]
    answer = person.client.post("/sign-out", data={"form_token": token, "everywhere": "yes"})
    assert answer.headers["clear-site-data"] == '"storage"'
    assert [each.client.get("/roles").status_code for each in (person, elsewhere, other)] == [303, 303, 200]


def test_an_administrator_ends_sessions_by_command(
    council: Council, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INBOROUGH_WEB_DATABASE_URL", council.settings.database("web"))
    first, second = signed_in(council), signed_in(council)
    capsys.readouterr()
    command.main(["list", "--json"])
    rows = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [row["roles"] for row in rows] == [["auditor"], ["auditor"]]
    assert "Ada" not in str(rows)
    command.main(["end", rows[0]["user_id"], "--json"])
    told = capsys.readouterr()
    assert json.loads(told.out) == {"ended": 2}
    assert "sessions_ended" in told.err
    assert [each.client.get("/roles").status_code for each in (first, second)] == [303, 303]
    command.main(["end-all"])
    assert "0 ended" in capsys.readouterr().out


def test_the_command_says_what_a_user_id_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["end", "Ada"])
    assert "a user id begins with user_" in capsys.readouterr().err
