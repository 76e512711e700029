"""Who calls, as the server sees it: in the clear by token, under TLS by certificate, and on whose behalf."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import jwt
import pytest

from inborough.common.v1.common_pb2 import Date
from shared import identity, logs
from shared.database import open_database, reading, writing
from shared.errors import NotAllowed, NotSignedIn
from shared.event_log import record_event
from shared.event_log import tables as event_log
from shared.event_log.log import list_events
from shared.grpc_client import connect
from shared.grpc_server import Handled, RunningServer, start_server
from shared.identity import ROLES, Identity, callers
from shared.identity.callers import BEHALF, Caller
from shared.identity.keys import read_private
from shared.settings import ServiceSettings
from tests.builders.certificates import Issuer, front_door, service, under_tls
from tests.builders.identity import caller
from tests.service.shared.echo import NAME, handled, method

EVERYBODY = " ".join(ROLES)
Metadata = list[tuple[str, str]]


class Heard(list[Identity]):
    """Who called, in order."""

    def answer(self, request: Date, context: grpc.ServicerContext) -> Date:
        self.append(identity.current())
        return request


@contextmanager
def running(settings: ServiceSettings, *servicers: Handled) -> Iterator[RunningServer]:
    server = start_server(settings, servicers)
    try:
        yield server
    finally:
        server.stop(0)


def ask(address: str, by: Caller | None, sent: Metadata | None = None) -> None:
    with connect("caseload", address, by) as channel:
        method(channel)(Date(), timeout=10, metadata=tuple(sent or ()))


def token_of(by: Caller) -> str:
    return by.metadata()[0][1].removeprefix("Bearer ")


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def plain(heard: Heard) -> Iterator[str]:
    """A server in the clear; its address."""
    with running(ServiceSettings(), handled(heard.answer, roles=EVERYBODY)) as server:
        yield server.address


def test_a_person_is_known_by_the_token(plain: str, heard: Heard) -> None:
    ask(plain, caller("planner", "auditor"))
    (found,) = heard
    assert (found.subject, found.person) == ("user_planner", "user_planner")
    assert found.roles == {"planner", "auditor"}


def test_a_service_calls_for_the_person_who_called_it(plain: str, heard: Heard) -> None:
    ask(plain, callers.service(ServiceSettings(), "placement"), [(BEHALF, token_of(caller("panel_chair")))])
    (found,) = heard
    assert (found.subject, found.on_behalf_of, found.person) == (
        "service_placement",
        "user_panel_chair",
        "user_panel_chair",
    )
    assert found.roles == {"service"}, "acting for a chair does not make a service a chair"


def test_a_service_that_nobody_called_calls_for_nobody(plain: str, heard: Heard) -> None:
    ask(plain, callers.service(ServiceSettings(), "placement"))
    assert (heard[0].on_behalf_of, heard[0].person, heard[0].token) == ("", "", "")


def test_a_person_cannot_call_for_another(plain: str, heard: Heard) -> None:
    ask(plain, caller("planner"), [(BEHALF, token_of(caller("panel_chair")))])
    assert (heard[0].person, heard[0].on_behalf_of) == ("user_planner", "")


def test_a_service_does_not_act_for_a_service(plain: str) -> None:
    placement = callers.service(ServiceSettings(), "placement")
    with pytest.raises(NotSignedIn, match="for a person"):
        ask(plain, placement, [(BEHALF, token_of(placement))])


def expired_token(by: Caller) -> str:
    key = read_private(ServiceSettings().identity_folder)
    claims: dict[str, Any] = jwt.decode(token_of(by), options={"verify_signature": False})
    return jwt.encode({**claims, "iat": int(time.time()) - 900, "exp": int(time.time()) - 300}, key, "EdDSA")


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ([("authorization", "Bearer nonsense")], "not one that our front door signed"),
        ([("authorization", "Bearer ")], "carried no identity"),
        ([("authorization", "Basic YWRhOmFkYQ==")], "not one that our front door signed"),
        ([], "carried no identity"),
        ([("authorization", "Bearer a"), ("authorization", "Bearer b")], "says twice"),
    ],
    ids=["no token", "empty", "another scheme", "nothing", "two"],
)
def test_whoever_proves_nothing_is_not_signed_in(sent: Metadata, why: str, plain: str, heard: Heard) -> None:
    with pytest.raises(NotSignedIn, match=why):
        ask(plain, None, sent)
    assert heard == []


def test_a_token_that_has_run_out_asks_to_sign_in_again(plain: str) -> None:
    with pytest.raises(NotSignedIn, match=r"run out\. Sign in again"):
        ask(plain, None, [("authorization", f"Bearer {expired_token(caller('planner'))}")])


def test_an_old_token_is_no_longer_acted_for(plain: str) -> None:
    placement = callers.service(ServiceSettings(), "placement")
    with pytest.raises(NotSignedIn, match="run out"):
        ask(plain, placement, [(BEHALF, expired_token(caller("planner")))])


def test_behalf_reaches_the_event_through_two_services(tmp_path: Path) -> None:
    """Person -> placement -> caseload, whose event names the service and the person; under TLS, by certificate."""
    issuer = Issuer(tmp_path)
    engine = open_database(f"sqlite:///{tmp_path / 'caseload.db'}")
    event_log.METADATA.create_all(engine)

    def record(request: Date, context: grpc.ServicerContext) -> Date:
        with writing(engine) as connection:
            record_event(connection, "case_viewed", case_ids=["case_1"])
        return request

    caseload = under_tls(issuer.write("caseload", service("caseload")))
    placement = under_tls(issuer.write("placement", service("placement")))
    person = callers.person(under_tls(issuer.write("cli", front_door())), "user_ada", ["panel_chair"])
    with running(caseload, handled(record)) as behind:

        def pass_on(request: Date, context: grpc.ServicerContext) -> Date:
            ask(behind.address, callers.service(placement, "placement"))
            return request

        with (
            running(placement, handled(pass_on, roles="panel_chair")) as before,
            connect("placement", before.address, person) as channel,
        ):
            method(channel)(Date(), timeout=10)
    with reading(engine) as connection:
        (event,) = list_events(connection, 0, 10)
    engine.dispose()
    assert (event.actor, event.roles, event.on_behalf_of) == ("service_placement", ("service",), "user_ada")


def test_a_stream_of_questions_is_not_let_past_the_checks() -> None:
    def register(server: grpc.Server) -> None:
        stream: Any = grpc.stream_stream_rpc_method_handler(lambda requests, context: requests)
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(NAME, {"Ask": stream}),))

    with (
        running(ServiceSettings(), Handled(NAME, register, access={"Ask": frozenset(ROLES)})) as server,
        grpc.insecure_channel(server.address) as channel,
    ):
        streamed: Any = channel.stream_stream(f"/{NAME}/Ask")
        answers = streamed(iter([b""]), timeout=5, metadata=tuple(caller("planner").metadata()))
        with pytest.raises(grpc.RpcError) as caught:
            next(answers)
    assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED


def test_a_refusal_is_logged_with_its_reason_and_nobodys_name(plain: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("echo")
    with pytest.raises(NotSignedIn):
        ask(plain, None)
    with running(ServiceSettings(), handled(Heard().answer, roles="auditor")) as server, pytest.raises(NotAllowed):
        ask(server.address, caller("planner"))
    out = capsys.readouterr().out
    refused = [line for line in map(json.loads, out.splitlines()) if line["event"] == "caller_refused"]
    assert [line["reason"] for line in refused] == ["no_identity", "role"]
    assert "user_" not in out
