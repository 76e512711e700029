"""Certificates are exchanged while processes run: the next connection meets the new ones, on both sides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest

from inborough.common.v1.common_pb2 import Date
from shared import healthcheck
from shared.errors import InboroughError, NeighbourDown
from shared.grpc_client import connect
from shared.grpc_server import RunningServer, start_server
from shared.identity import callers
from shared.identity.certificates import CERTIFICATE, KEY
from shared.identity.set_up import SetUpWrong
from tests.builders.certificates import EXPIRED, Issuer, service, under_tls
from tests.service.shared.echo import handled, method


def answer(request: Date, context: grpc.ServicerContext) -> Date:
    return request


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    return Issuer(tmp_path)


@pytest.fixture
def caseload(issuer: Issuer) -> Iterator[RunningServer]:
    """A server under TLS."""
    running = start_server(under_tls(issuer.write("caseload", service("caseload"))), [handled(answer)])
    yield running
    running.stop(0)


def placement(folder: Path) -> callers.Service:
    return callers.service(under_tls(folder), "placement")


def ask_anew(folder: Path, address: str) -> None:
    """One call over a connection of its own."""
    with connect("caseload", address, placement(folder)) as channel:
        method(channel)(Date(), timeout=5)


def test_a_server_takes_a_new_authority_without_a_restart(
    issuer: Issuer, caseload: RunningServer, tmp_path: Path
) -> None:
    ask_anew(issuer.write("placement", service("placement")), caseload.address)
    renewed = Issuer(tmp_path)
    new = renewed.write("placement", service("placement"))
    with pytest.raises(NeighbourDown):
        ask_anew(new, caseload.address)
    renewed.write("caseload", service("caseload"))
    ask_anew(new, caseload.address)


def test_a_server_keeps_what_it_has_while_the_files_do_not_fit_together(
    issuer: Issuer, caseload: RunningServer, tmp_path: Path
) -> None:
    other = issuer.write("other", service("caseload"))
    (other / KEY).rename(tmp_path / "caseload" / KEY)
    ask_anew(issuer.write("placement", service("placement")), caseload.address)
    (other / CERTIFICATE).rename(tmp_path / "caseload" / CERTIFICATE)
    ask_anew(issuer.write("placement", service("placement")), caseload.address)


def test_a_client_that_runs_on_shows_its_new_certificate(issuer: Issuer, caseload: RunningServer) -> None:
    folder = issuer.write("placement", service("placement"), EXPIRED)
    with connect("caseload", caseload.address, placement(folder)) as channel:
        with pytest.raises(NeighbourDown, match="ran out on"):
            method(channel)(Date(), timeout=5)
        issuer.write("placement", service("placement"))
        method(channel)(Date(), timeout=5)


def test_a_client_keeps_its_channel_while_the_files_do_not_fit_together(
    issuer: Issuer, caseload: RunningServer
) -> None:
    folder = issuer.write("placement", service("placement"))
    with connect("caseload", caseload.address, placement(folder)) as channel:
        ask = method(channel)
        ask(Date(), timeout=5)
        (folder / KEY).write_bytes(b"half a ke")
        ask(Date(), timeout=5)
        (folder / KEY).unlink()
        ask(Date(), timeout=5)


def test_calls_on_the_old_channel_end_as_they_began(issuer: Issuer) -> None:
    from threading import Event

    begun, go_on = Event(), Event()

    def slow(request: Date, context: grpc.ServicerContext) -> Date:
        begun.set()
        go_on.wait(10)
        return request

    running = start_server(under_tls(issuer.write("caseload", service("caseload"))), [handled(slow)])
    folder = issuer.write("placement", service("placement"))
    with connect("caseload", running.address, placement(folder)) as channel:
        before = method(channel).future(Date(year=1), timeout=20)
        assert begun.wait(10)
        issuer.write("placement", service("placement"))
        after = method(channel).future(Date(year=2), timeout=20)
        go_on.set()
        assert [before.result().year, after.result().year] == [1, 2]
    running.stop(0)


def test_the_health_check_shows_the_certificate_of_its_container(
    issuer: Issuer, caseload: RunningServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("INBOROUGH_TLS", str(tmp_path / "caseload"))
    assert healthcheck.is_serving(caseload.address)
    assert healthcheck.is_serving(caseload.address, "caseload")


@pytest.mark.parametrize("held", ["of a stranger", "of nobody", "none"])
def test_the_health_check_says_why_it_fails(
    held: str, caseload: RunningServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    if held == "of a stranger":
        Issuer(tmp_path / "rogue").write("caseload", service("caseload"))
    if held != "none":
        monkeypatch.setenv("INBOROUGH_TLS", str(tmp_path / "rogue" / "caseload"))
    assert not healthcheck.is_serving(caseload.address)
    said = capsys.readouterr().err
    assert {"of a stranger": "authority", "of nobody": "cannot be read", "none": "INBOROUGH_TLS"}[held] in said


def test_what_is_missing_is_said_when_a_process_starts(issuer: Issuer) -> None:
    folder = issuer.write("caseload", service("caseload"))
    (folder / CERTIFICATE).unlink()
    with pytest.raises(SetUpWrong, match=r"certificate\.pem cannot be read.*INBOROUGH_TLS"):
        start_server(under_tls(folder), [handled(answer)])


def test_an_error_of_the_neighbour_is_not_taken_for_one_of_certificates(issuer: Issuer) -> None:
    def down(request: Date, context: grpc.ServicerContext) -> Date:
        raise NeighbourDown("cost")

    running = start_server(under_tls(issuer.write("caseload", service("caseload"))), [handled(down)])
    with pytest.raises(InboroughError, match=r"The cost service does not answer\. Try again"):
        ask_anew(issuer.write("placement", service("placement")), running.address)
    running.stop(0)
