"""How PostgreSQL and RabbitMQ are reached, as settings say it: under TLS, or in the clear on this machine alone."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import make_url

from shared.server_tls import why_refused
from shared.settings import ServiceSettings

FOLDER = Path("/certificates")
DATABASE = "postgresql+psycopg://inborough_cost@postgres:5432/inborough_cost"
BROKER = "amqps://inborough@rabbitmq:5671/inborough"
OWN = {
    "sslmode": "verify-full",
    "sslcert": "/certificates/certificate.pem",
    "sslkey": "/certificates/key.pem",
    "sslrootcert": "/certificates/authority.pem",
}


def settings(**given: Any) -> ServiceSettings:
    return ServiceSettings(**{"tls": FOLDER, "database_url": DATABASE, "broker_url": BROKER, **given})


@pytest.mark.parametrize(
    ("how", "said", "told"),
    [
        ("", "", {}),
        ("", "?sslmode=require", {"sslmode": "require"}),
        ("on", "", OWN),
        ("on", "?sslmode=require", OWN),
        ("on", "?sslrootcert=/certificates/postgresql.pem", {**OWN, "sslrootcert": "/certificates/postgresql.pem"}),
        ("system", "", {"sslmode": "verify-full", "sslrootcert": "system"}),
    ],
)
def test_a_databases_url_says_how_it_is_reached(how: str, said: str, told: dict[str, str]) -> None:
    url = make_url(settings(database_tls=how, database_url=DATABASE + said).database("cost"))
    assert url.query == told
    assert (url.host, url.database, url.username) == ("postgres", "inborough_cost", "inborough_cost")


def test_a_password_that_is_no_word_and_a_query_are_both_in_the_url() -> None:
    url = make_url(settings(database_tls="on", database_password="a/b@c?d").database("cost"))
    assert (url.password, url.query["sslmode"]) == ("a/b@c?d", "verify-full")


def test_sqlite_is_left_alone() -> None:
    assert settings(database_url="", database_tls="on", tls=None, broker_url="").database("cost").endswith("/cost.db")


def test_a_broker_is_checked_by_its_name_and_shown_our_certificate() -> None:
    told = settings(broker_tls="on").broker_options
    assert told is not None
    assert {name: told[name] for name in ("server_hostname", "cert_reqs")} == {
        "server_hostname": "rabbitmq",
        "cert_reqs": ssl.CERT_REQUIRED,
    }
    shown = {name: told[name] for name in ("certfile", "keyfile", "ca_certs")}
    assert shown == {"certfile": OWN["sslcert"], "keyfile": OWN["sslkey"], "ca_certs": OWN["sslrootcert"]}


def test_a_broker_of_a_public_authority_is_shown_nothing() -> None:
    told = settings(broker_tls="system").broker_options
    assert told is not None
    assert {"certfile", "ca_certs"} & set(told) == set()


@pytest.mark.parametrize(("how", "scheme"), [("on", "amqps"), ("system", "amqps"), ("off", "amqp"), ("", "amqp")])
def test_what_is_said_of_tls_goes_before_the_brokers_scheme(how: str, scheme: str) -> None:
    found = settings(broker_url="amqp://inborough@localhost:5672/inborough", broker_tls=how)
    assert found.broker.startswith(f"{scheme}://inborough@localhost:5672/")
    assert (found.broker_options is None) is (scheme == "amqp")


@pytest.mark.parametrize("name", ["database", "broker"])
def test_a_server_on_another_machine_is_not_reached_in_the_clear(name: str) -> None:
    with pytest.raises(ValidationError, match=f"INBOROUGH_{name.upper()}_TLS=off is for a server on this machine"):
        settings(**{f"{name}_tls": "off"})


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_a_server_on_this_machine_may_be_reached_in_the_clear(host: str) -> None:
    found = settings(database_url=DATABASE.replace("postgres:", f"{host}:"), database_tls="off")
    assert make_url(found.database("cost")).query == {"sslmode": "disable"}


@pytest.mark.parametrize("name", ["database", "broker"])
def test_without_a_certificate_nothing_is_reached_with_one(name: str) -> None:
    with pytest.raises(ValidationError, match=f"INBOROUGH_{name.upper()}_TLS=on needs INBOROUGH_TLS"):
        settings(tls=None, **{f"{name}_tls": "on"})


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        ("SSL error: tlsv1 alert unknown ca", "it trusts another authority"),
        (
            "[SSL: SSLV3_ALERT_CERTIFICATE_EXPIRED] sslv3 alert certificate expired",
            "refused our certificate: it ran out",
        ),
        ("certificate verify failed: certificate has expired", "The server's certificate ran out"),
        ('server certificate for "a" does not match host name "b"', "another name than the URL's host"),
        ("FATAL:  connection requires a valid client certificate", "this process shows none"),
        ("server does not support SSL, but SSL was required", "does not speak TLS"),
        ('password authentication failed for user "x"', ""),
        ("Connection refused", ""),
    ],
)
def test_a_refusal_is_put_into_words_where_certificates_are_the_reason(said: str, meaning: str) -> None:
    try:
        raise RuntimeError("not reached") from OSError(said)
    except RuntimeError as error:
        found = why_refused(error)
    assert meaning in found
    assert bool(meaning) is bool(found)
