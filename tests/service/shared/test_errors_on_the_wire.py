"""Errors between processes: ours arrive whole, others are withheld, and silence is a neighbour that is down."""

from __future__ import annotations

import json
import socket
import time
from typing import Any

import grpc
import pytest

from inborough.common.v1.common_pb2 import Date
from shared import errors, logs
from shared.database import open_database, reading
from tests.builders.identity import connect
from tests.service.shared.echo import Behaviour, method, serving


def raising(error: Exception) -> Behaviour:
    """A service that does nothing but raise."""

    def ask(request: Date, context: grpc.ServicerContext) -> Date:
        raise error

    return ask


@pytest.mark.parametrize(
    "error",
    [
        errors.NotFound("case", "case_1", "List them with `inborough cases`."),
        errors.InvalidInput("top", "must be from 1 to 50"),
        errors.WrongState("No rate card is in force. Import one first."),
        errors.ChangedMeanwhile("The case was changed by somebody else."),
        errors.AlreadyExists("That card is there with other rates."),
        errors.NotAllowed("Planners may not record decisions."),
        errors.NotSignedIn("Sign in first."),
        errors.NeighbourDown("cost"),
        errors.TooMuch("At most 500 cases a page."),
    ],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("in_future", [False, True], ids=["waiting", "in parallel"])
def test_an_error_of_ours_crosses_intact(error: errors.InboroughError, in_future: bool) -> None:
    with serving(raising(error)) as echo, pytest.raises(errors.InboroughError) as caught:
        echo.ask.future(Date(), timeout=5).result() if in_future else echo.ask(Date(), timeout=5)
    assert type(caught.value) is type(error)
    assert (caught.value.message, caught.value.facts) == (error.message, error.facts)


def test_the_text_of_any_other_error_is_withheld_and_a_reference_logged(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("echo")
    with serving(raising(KeyError("Canary Child, WA8 7QF"))) as echo, pytest.raises(errors.Internal) as caught:
        echo.ask(Date(), timeout=5)
    logged = capsys.readouterr()
    assert "Canary" not in caught.value.message + logged.out + logged.err
    failed = next(line for line in map(json.loads, logged.out.splitlines()) if line["event"] == "rpc_failed")
    assert failed["error_type"] == "KeyError"
    assert failed["reference"] == caught.value.facts["reference"]
    assert failed["reference"] in caught.value.message
    assert any(place.startswith("ask:") for place in failed["location"])


def test_a_database_that_does_not_answer_is_no_fault_of_the_service_but_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure("echo")
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        engine = open_database(f"postgresql+psycopg://u@127.0.0.1:{nobody.getsockname()[1]}/d")

        def ask(request: Date, context: grpc.ServicerContext) -> Date:
            with reading(engine):
                return request

        with serving(ask) as echo, pytest.raises(errors.NeighbourDown) as caught:
            echo.ask(Date(), timeout=5)
    assert caught.value.message.startswith("The database of echo does not answer.")
    assert caught.value.facts == {"neighbour": "echo", "part": "database"}
    failed = [line for line in map(json.loads, capsys.readouterr().out.splitlines()) if line["event"] == "rpc_failed"]
    assert [line["error_type"] for line in failed] == ["OperationalError"]


def test_a_neighbour_that_is_not_there_is_named() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with (
            connect("cost", f"127.0.0.1:{nobody.getsockname()[1]}") as channel,
            pytest.raises(errors.NeighbourDown, match="The cost service does not answer") as caught,
        ):
            method(channel)(Date(), timeout=5)
    assert caught.value.facts == {"neighbour": "cost"}


def test_a_neighbour_that_is_too_slow_is_named() -> None:
    def ask(request: Date, context: grpc.ServicerContext) -> Date:
        time.sleep(0.5)
        return request

    with serving(ask) as echo, pytest.raises(errors.NeighbourDown, match="The echo service"):
        echo.ask(Date(), timeout=0.05)


def test_an_rpc_that_the_neighbour_does_not_have_is_an_error_of_ours() -> None:
    with serving(raising(AssertionError())) as echo:
        missing: Any = echo.channel.unary_unary("/inborough.echo.v1.EchoService/Other")
        with pytest.raises(errors.InboroughError):
            missing(b"", timeout=5)
