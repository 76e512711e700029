"""Sign-in with the council's own accounts, against an OpenID Connect issuer on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.testclient import TestClient

from services.web.app import build
from tests.builders.deciding import FREE
from tests.builders.issuer import CLIENT_ID, CLIENT_SECRET, Issuer, issuing
from tests.builders.pages import Authority, Somebody

URL = "https://inborough.council.example"


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing() as found:
        yield found


@pytest.fixture
def person(services: Authority, issuer: Issuer, tmp_path: Path) -> Iterator[Somebody]:
    """Somebody at pages that listen beyond this machine, behind a proxy with the council's certificate."""
    settings = services.settings(
        tmp_path,
        host="0.0.0.0",
        public_url=URL,
        oidc_issuer=issuer.url,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
        oidc_roles={"SEND.Chair": "panel_chair"},
    )
    with TestClient(build(settings), base_url=URL, client=("192.0.2.7", 1), follow_redirects=False) as client:
        yield Somebody(client)


def go_on(person: Somebody, path: str = "/") -> Somebody:
    """Ask for a page, go to the issuer and come back, as a browser does."""
    person.client.follow_redirects = True
    person.open(path)
    person.client.follow_redirects = False
    to_issuer = person.client.get("/sign-in/council").headers["location"]
    back = httpx.get(to_issuer).headers["location"]
    assert back.startswith(f"{URL}/sign-in/back?")
    person.client.follow_redirects = True
    return person.open(back.removeprefix(URL))


def test_a_person_signs_in_and_has_the_roles_that_the_issuer_gives(person: Somebody, services: Authority) -> None:
    path = f"/cases/{services.case_ids[FREE]}"
    go_on(person, path)
    assert person.path == path
    assert "Signed in as Ada (panel chair)" in person.text
    assert person.open("/journal").status == 403


def test_records_name_an_opaque_user_never_the_person(person: Somebody) -> None:
    go_on(person).open("/panels/open").send()
    person.open("/panels")
    assert "ada" not in person.path.casefold()
    assert person.open("/").text.count("Ada") == 1, "the name is at the foot of the page and nowhere else"


def test_the_cookie_travels_under_tls_alone(person: Somebody) -> None:
    answer = person.client.get("/sign-in")
    assert "Secure" in answer.headers["set-cookie"].split("; ")
    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


def test_the_code_is_bound_to_whoever_began(person: Somebody) -> None:
    person.client.get("/sign-in")
    asked = parse_qs(urlsplit(person.client.get("/sign-in/council").headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert {"nonce", "state", "code_challenge"} <= set(asked)
    assert asked["redirect_uri"] == [f"{URL}/sign-in/back"]


def test_nobody_without_a_role_comes_in(person: Somebody, issuer: Issuer) -> None:
    issuer.claims["roles"] = ["Something.Else"]
    assert go_on(person).status == 403
    assert "have no role in Inborough" in person.text
    assert person.open("/").heading == "Sign in"


@pytest.mark.parametrize("fault", ["denies", "signs_with_another_key"])
def test_what_the_issuer_does_not_prove_is_no_sign_in(person: Somebody, issuer: Issuer, fault: str) -> None:
    setattr(issuer, fault, True)
    assert go_on(person).status == 401
    assert "The sign-in was not completed" in person.text


@pytest.mark.parametrize("path", ["/sign-in/back", "/sign-in/back?code=guessed&state=guessed"])
def test_an_answer_that_nobody_asked_for_is_no_sign_in(person: Somebody, path: str) -> None:
    person.client.get("/sign-in")
    assert person.client.get(path).status_code in (303, 401)
    person.client.follow_redirects = True
    assert person.open("/").heading == "Sign in"


def test_demo_users_are_not_there(person: Somebody) -> None:
    person.client.follow_redirects = True
    person.open("/sign-in")
    assert "Demo" not in person.text
    token = "no-form-has-one"
    answer = person.client.post("/sign-in/demo", data={"form_token": token, "role": "panel_chair"})
    assert answer.status_code == 403


def test_an_issuer_that_does_not_answer_is_said(person: Somebody, issuer: Issuer) -> None:
    issuer.metadata = dict  # type: ignore[method-assign]
    person.client.get("/sign-in")
    assert person.client.get("/sign-in/council").status_code == 503
