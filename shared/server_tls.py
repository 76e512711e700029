"""PostgreSQL and RabbitMQ under TLS: what their URLs and libraries are told, and why a connection was refused.

Each process shows the certificate that it calls its neighbours with, and trusts the same authority. The files are
read at each connection, so renewed ones need no restart.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from shared.machine import is_this_machine

How = Literal["", "on", "system", "off"]
"""As the URL says; with the process's own certificate and authority; with public authorities; not, on this machine."""
OLDEST = ssl.TLSVersion.TLSv1_2


def fault_of(how: How, url: str, folder: Path | None) -> str:
    """What forbids to reach the server of `url` so, in words that end a sentence; "" for nothing."""
    host = urlsplit(url).hostname or ""
    if how == "on" and host and folder is None:
        return "on needs INBOROUGH_TLS, the folder with this process's certificate"
    if how == "off" and host and not is_this_machine(host):
        return f"off is for a server on this machine, which {host} is not: what it is sent would be open to the network"
    return ""


def database_under_tls(url: str, how: How, folder: Path | None) -> str:
    """A database's URL that says how it is reached; SQLite's as it is."""
    parts = urlsplit(url)
    if not how or not parts.scheme.startswith("postgresql"):
        return url
    said = dict(parse_qsl(parts.query))
    said |= {"sslmode": "disable"} if how == "off" else {**_for_libpq(how, folder), **said, "sslmode": "verify-full"}
    return parts._replace(query=urlencode(said, safe="/")).geturl()


def _for_libpq(how: How, folder: Path | None) -> dict[str, str]:
    if how == "system" or folder is None:
        return {"sslrootcert": "system"}
    return dict(zip(("sslcert", "sslkey", "sslrootcert"), _files(folder), strict=True))


def _files(folder: Path) -> list[str]:
    from shared.identity.certificates import FILES  # brings a library along that nobody needs who is in the clear

    return [str(folder.resolve() / name) for name in FILES]


def broker_under_tls(url: str, how: How) -> str:
    """A broker's URL whose scheme says whether it is reached under TLS."""
    parts = urlsplit(url)
    if not how or parts.scheme not in ("amqp", "amqps"):
        return url
    return parts._replace(scheme="amqp" if how == "off" else "amqps").geturl()


def broker_options(url: str, how: How, folder: Path | None) -> dict[str, Any] | None:
    """What py-amqp is told of TLS; None for a broker in the clear. Without a folder, public authorities are trusted."""
    parts = urlsplit(url)
    if parts.scheme != "amqps":
        return None
    told = {"server_hostname": parts.hostname, "cert_reqs": ssl.CERT_REQUIRED, "tls_minimum_version": OLDEST}
    if how == "system" or folder is None:
        return told
    return {**told, **dict(zip(("certfile", "keyfile", "ca_certs"), _files(folder), strict=True))}


OTHER_NAME = "The server's certificate is for another name than the URL's host. Check the address."
SHOWN_NONE = "The server wants a certificate, and this process shows none: set INBOROUGH_TLS."
OTHER = "The server refused our certificate. Its log says why."
NO_TLS = "The server does not speak TLS, and we do."
REFUSED = (
    ("certificate has expired", "The server's certificate ran out. Give it a new one."),
    ("not yet valid", "The server's certificate is not valid yet. Compare the clocks of the two machines."),
    ("does not match host name", OTHER_NAME),
    ("hostname mismatch", OTHER_NAME),
    ("ip address mismatch", OTHER_NAME),
    (
        "certificate verify failed",
        "The server's certificate was not issued by the authority that we trust. Compare the authority.pem of both.",
    ),
    ("alert certificate expired", "The server refused our certificate: it ran out. Put a new one into INBOROUGH_TLS."),
    (
        "alert unknown ca",
        "The server refused our certificate: it trusts another authority. Compare the authority.pem of both sides.",
    ),
    ("alert bad certificate", OTHER),
    ("alert unsupported certificate", OTHER),
    ("alert handshake failure", OTHER),
    ("certificate required", SHOWN_NONE),
    ("valid client certificate", SHOWN_NONE),
    ("no encryption", "The server takes no connection in the clear: set INBOROUGH_DATABASE_TLS=on."),
    ("server does not support ssl", NO_TLS),
    ("wrong version number", NO_TLS),
)
"""What libpq and OpenSSL say, in small letters, and what it means; the first that is found counts."""

UNSAID = (ssl.SSLError, ConnectionResetError, BrokenPipeError, FileNotFoundError, PermissionError)
"""What is met besides where our own certificate is at fault: who writes to a server that has refused it already learns
no more than that the connection is closed."""


def why_refused(error: BaseException, folder: Path | None = None) -> str:
    """Why a server refused a connection or we refused the server, where certificates are the reason; else "".

    With the `folder` of our own certificate, what is wrong with that goes first.
    """
    causes = list(_causes(error))
    said = " ".join(map(_flat, causes))
    meaning = next((meaning for words, meaning in REFUSED if words in said), "")
    perhaps = bool(meaning) or any(isinstance(cause, UNSAID) for cause in causes)
    return (_own_fault(folder) if folder and perhaps else "") or meaning


def _own_fault(folder: Path) -> str:
    from shared.identity.diagnosis import own_trouble

    trouble = own_trouble(folder)
    return trouble.advice if trouble else ""


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _flat(error: BaseException) -> str:
    return str(error).lower().replace("_", " ")
