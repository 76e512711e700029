"""SPIFFE names, and what counts as this machine."""

from __future__ import annotations

import pytest

from shared.identity.spiffe import FRONT_DOOR, SERVICE, SpiffeName, names_of, peer_of, read_name
from shared.machine import is_this_machine


@pytest.mark.parametrize(
    "name", [SpiffeName("inborough", SERVICE, "cost"), SpiffeName("halton.gov.uk", FRONT_DOOR, "cli")], ids=str
)
def test_a_name_is_read_as_it_is_written(name: SpiffeName) -> None:
    assert read_name(str(name)) == name


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "https://inborough/service/cost",
        "spiffe://inborough/service/",
        "spiffe://inborough/service/cost/",
        "spiffe://inborough/service/cost/extra",
        "spiffe://inborough/service/cost?role=service",
        "spiffe://inborough/service/Cost",
        "spiffe://inborough/service/cost\n",
        "spiffe://inborough/administrator/ada",
        "spiffe:///service/cost",
        "spiffe://inborough@elsewhere/service/cost",
        " spiffe://inborough/service/cost",
    ],
)
def test_anything_else_is_no_name_of_ours(uri: str) -> None:
    assert read_name(uri) is None


def test_a_front_door_is_never_found_under_a_services_host() -> None:
    assert SpiffeName("inborough", SERVICE, "cli").host == "cli.inborough.internal"
    assert SpiffeName("inborough", FRONT_DOOR, "cli").host == "cli.front-door.inborough.internal"


def stated(*uris: str) -> dict[str, list[bytes]]:
    return {"peer_spiffe_id": [uri.encode() for uri in uris]}


def test_the_peer_is_who_its_certificate_says() -> None:
    assert peer_of(stated("spiffe://inborough/service/cost"), "inborough") == SpiffeName("inborough", SERVICE, "cost")


@pytest.mark.parametrize(
    "properties",
    [
        {},
        stated("spiffe://elsewhere/service/cost"),
        stated("spiffe://inborough/service/cost", "spiffe://inborough/service/caseload"),
        stated("spiffe://inborough/else/cost"),
        {"peer_spiffe_id": [b"\xff\xfe"]},
        {"x509_common_name": [b"spiffe://inborough/service/cost"]},
    ],
    ids=["no name", "another trust domain", "two names", "another kind", "no text", "a common name alone"],
)
def test_a_certificate_that_says_something_else_is_nobodys(properties: dict[str, list[bytes]]) -> None:
    assert peer_of(properties, "inborough") is None


def test_a_log_repeats_no_name_that_is_not_of_ours() -> None:
    assert names_of(stated("spiffe://inborough/service/cost", "spiffe://x/Ada Lovelace")) == [
        "service/cost",
        "not_ours",
    ]


@pytest.mark.parametrize(
    ("host", "same"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.1", False),
        ("localhost.example", False),
        ("caseload", False),
        ("", False),
    ],
)
def test_only_loopback_is_this_machine(host: str, same: bool) -> None:
    assert is_this_machine(host) is same
