"""What an attacker sends to the pages, and what every answer tells browsers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.web.failures import failure_of
from services.web.sent import FORM_BYTES, base_name
from services.web.serving import COOKIE
from services.web.settings import Settings
from services.web.storage.repository import Store
from shared import logs
from shared.errors import TooMuch
from tests.architecture.source import ROOT
from tests.builders.pages import Somebody, somebody
from tests.service.security.conftest import NOWHERE, sign_in

HEADERS = {
    "content-security-policy": "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=()",
    "x-permitted-cross-domain-policies": "none",
    "cache-control": "no-store",
}
SECRET = "/etc/passwd"


@pytest.mark.parametrize("path", ["/roles", "/sign-in", "/cases", "/no-such-page", "/health", "/static/no-such-file"])
def test_every_answer_has_every_header(auditor: Somebody, path: str) -> None:
    headers = auditor.client.get(path).headers
    assert {name for name, part in HEADERS.items() if part not in headers.get(name, "")} == set()
    assert "server" not in headers
    assert "access-control-allow-origin" not in headers
    for directive in ("default-src 'none'", "object-src 'none'", "base-uri 'none'", "form-action 'self'"):
        assert directive in headers["content-security-policy"]


def test_even_an_answer_without_a_database_has_every_header_and_withholds_why(
    auditor: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def find_session(*_: object) -> None:
        raise OSError("postgresql://user:secret@db is down")

    monkeypatch.setattr(Store, "find_session", find_session)
    answer = auditor.client.get("/roles")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert re.search(r"Quote reference \w{8,}", answer.text)
    assert {name for name, part in HEADERS.items() if part not in answer.headers.get(name, "")} == set()


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "MADE-UP"])
def test_a_method_that_no_page_has_is_answered_with_nothing(auditor: Somebody, method: str) -> None:
    answer = auditor.client.request(method, "/roles", headers={"x-echo": "canary"})
    assert answer.status_code == 404
    assert "canary" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        f"/static/../../../..{SECRET}",
        "/static/..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/static/%2e%2e/%2e%2e/pyproject.toml",
        "/static/..%5c..%5cpyproject.toml",
        "/static/",
        "/static/built",
        "/.git/config",
    ],
)
def test_no_file_but_what_set_up_made_is_served(visitor: Somebody, path: str) -> None:
    answer = visitor.client.get(path)
    assert answer.status_code == 404
    assert "root:" not in answer.text


def test_a_form_from_another_site_does_nothing(auditor: Somebody) -> None:
    answer = auditor.client.post("/sign-out", data={"form_token": "guessed"}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 200
    assert auditor.open("/roles").heading != "Sign in", "still signed in"


@pytest.mark.parametrize("wanted", ["/roles%0d%0aSet-Cookie:%20a=b", "//elsewhere.example", "/%09/elsewhere.example"])
def test_where_to_go_next_splits_no_answer_and_leads_to_no_other_site(visitor: Somebody, wanted: str) -> None:
    visitor.open(f"/sign-in?next={wanted}")
    visitor.client.follow_redirects = False
    sent = visitor.form("/demo").fields | {"role": "auditor"}
    answer = visitor.client.post("/sign-in/demo", data=sent)
    assert answer.headers["location"] == "/"
    assert len(answer.headers.get_list("set-cookie")) == 1


def test_a_cookie_from_before_signing_in_opens_nothing_after(visitor: Somebody) -> None:
    visitor.open("/sign-in")
    planted = visitor.client.cookies[COOKIE]
    visitor.send("/sign-in/demo", role="auditor")
    assert visitor.client.cookies[COOKIE] != planted
    visitor.client.cookies.set(COOKIE, planted)
    visitor.client.cookies.delete(COOKIE, domain="127.0.0.1")
    assert visitor.open("/roles").heading == "Sign in"


def test_what_is_said_is_shown_and_never_run(visitor: Somebody) -> None:
    visitor.open("/sign-in?next=/%3Cscript%3Ealert(1)%3C/script%3E&kept=%3Cscript%3Ealert(2)%3C/script%3E")
    assert "<script>alert" not in visitor.text


@pytest.mark.parametrize(("length", "taken"), [(FORM_BYTES, True), (FORM_BYTES + 1, False), (None, False)])
def test_a_form_is_read_up_to_its_size_and_refused_unread_beyond_it(
    auditor: Somebody, length: int | None, taken: bool
) -> None:
    """None: a form that does not say how long it is."""
    body = b"form_token=".ljust(length or 100, b"a")
    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = auditor.client.post("/sign-out", content=body if length else iter([body]), headers=kind)
    assert (answer.status_code == 413) == (not taken)
    assert taken or "A form may hold 1 MiB. Shorten what is filled in." in answer.text


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("..\\..\\windows\\pools.csv", "pools.csv"),
        ("/etc/passwd", "passwd"),
        ("pools\r\nSet-Cookie: a=b.csv", "poolsSet-Cookie: a=b.csv"),
        ("a" * 500 + ".csv", "a" * 200),
        ("\u202ecsv.exe", "csv.exe"),
    ],
)
def test_a_files_name_is_a_name_and_nothing_else(sent: str, kept: str) -> None:
    assert base_name(sent) == kept


def test_a_person_at_full_speed_is_told_when_to_come_again_while_another_is_answered(tmp_path: Path) -> None:
    with somebody(NOWHERE, tmp_path, pages_a_minute=5) as person:
        sign_in(person, "auditor")
        answers = [person.client.get("/roles") for _ in range(10)]
        assert {answer.status_code for answer in answers} == {200, 429}
        held_back = answers[-1]
        seconds = int(held_back.headers["retry-after"])
        assert 1 <= seconds <= 60
        assert f"Wait {'a second' if seconds == 1 else f'{seconds} seconds'}" in held_back.text
        person.client.cookies.clear()
        assert sign_in(person, "administrator").status == 200


@pytest.mark.parametrize(("reason", "said"), [("rate", "in your name"), ("at_once", "is running already")])
def test_what_a_service_holds_back_is_a_page_that_says_when_to_come_again(reason: str, said: str) -> None:
    failure = failure_of(TooMuch("ProposePlan was refused.", reason=reason, retry_in_seconds="12"), "the help desk")
    assert (failure.status, failure.headers) == (429, {"Retry-After": "12"})
    assert said in failure.happened
    assert "Wait 12 seconds" in failure.advice
    assert failure_of(TooMuch("The file is too large."), "the help desk").headers == {}


def test_an_address_that_signs_in_without_end_is_held_back(tmp_path: Path) -> None:
    with somebody(NOWHERE, tmp_path, sign_ins_a_minute=3) as person:
        statuses = [person.client.get("/sign-in").status_code for _ in range(8)]
    assert statuses.count(429) >= 4
    assert statuses[:3] == [200, 200, 200]


def test_pages_that_are_not_there_are_asked_for_no_more_often(tmp_path: Path) -> None:
    with somebody(NOWHERE, tmp_path, sign_ins_a_minute=3) as person:
        statuses = [person.client.get(f"/guess-{number}").status_code for number in range(8)]
    assert statuses[:3] == [404, 404, 404]
    assert statuses.count(429) >= 4


def test_files_are_looked_at_for_so_many_people_at_once(visitor: Somebody) -> None:
    sign_in(visitor, "administrator")
    token = visitor.form("/sign-out").fields["form_token"]
    files = {"file": ("pools.csv", b"urn", "text/csv")}
    app: Any = visitor.client.app
    with app.state.house.rates.uploading("user_demo_administrator"):
        held_back = visitor.client.post("/imports/pools", data={"form_token": token}, files=files)
    assert held_back.status_code == 429
    assert "is running already" in held_back.text
    assert visitor.client.post("/imports/pools", data={"form_token": token}, files=files).status_code != 429


def test_a_form_of_a_page_with_a_very_long_address_is_not_kept_and_breaks_nothing(auditor: Somebody) -> None:
    path = f"/cases/{'x' * 1000}/decide"
    token = auditor.form("/sign-out").fields["form_token"]
    assert auditor.client.post(path, data={"form_token": token}).status_code == 403


def test_a_line_of_a_log_stays_one_line(visitor: Somebody, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("web")
    visitor.client.get("/sign-in/back?error=a%0a%7b%22event%22%3a%22forged%22%7d", headers={"x-request-id": "a\tb"})
    logs.log("page_refused", reason='a\r\n{"event": "forged"}\u2028')
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 2
    assert {json.loads(line)["event"] for line in lines} == {"page_served", "page_refused"}


@pytest.mark.parametrize(
    "told",
    [
        {"oidc_issuer": "http://issuer.example"},
        {"oidc_issuer": "https://issuer.example", "public_url": "http://pages.example"},
    ],
    ids=["issuer", "pages"],
)
def test_nobody_signs_in_over_a_network_in_the_clear(told: dict[str, str]) -> None:
    usual = {"oidc_client_id": "a", "oidc_client_secret": "b", "public_url": "https://pages.example"}
    with pytest.raises(ValueError, match="must be https://"):
        Settings.model_validate(usual | told)


def test_health_is_told_to_who_asks_by_a_name_of_the_pages_alone(visitor: Somebody) -> None:
    assert visitor.client.get("/health", headers={"host": "localhost"}).text == "serving\n"
    assert visitor.client.get("/health", headers={"host": "10.0.0.7:8080"}).status_code == 400
    probes = yaml.safe_load((ROOT / "deploy/kubernetes/base/web.yaml").read_text().split("---")[0])
    (container,) = probes["spec"]["template"]["spec"]["containers"]
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container[probe]["httpGet"]["httpHeaders"] == [{"name": "Host", "value": "localhost"}]
