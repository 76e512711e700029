"""Why a neighbour does not answer, when certificates are the reason: gRPC says "socket closed" for all of them.

First our own certificate is looked at, then one connection is made and the other side's certificate is checked as gRPC
does. A server that refuses ours closes the connection without a word; its own log has the reason.
"""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from shared.identity.certificates import CERTIFICATE, KEY, read_held
from shared.identity.set_up import SetUpWrong
from shared.identity.spiffe import SERVICE, SpiffeName
from shared.identity.transport import Plain, Tls, Transport

PROBE_SECONDS = 1.0


class _Code(IntEnum):
    """OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID, …_CERT_HAS_EXPIRED, …_INVALID_PURPOSE and …_HOSTNAME_MISMATCH."""

    NOT_YET_VALID = 9
    EXPIRED = 10
    WRONG_PURPOSE = 26
    WRONG_NAME = 62


@dataclass(frozen=True)
class Trouble:
    """What is wrong, as a code for programs and logs, and as sentences that say what to do."""

    code: str
    advice: str


def find_trouble(transport: Transport, neighbour: str, address: str) -> Trouble | None:
    """What is wrong between us and a neighbour that did not answer; None when certificates are not the reason."""
    try:
        if isinstance(transport, Tls):
            return own_trouble(transport.folder) or _trouble_met(transport, neighbour, address)
        return _wants_tls(address) if isinstance(transport, Plain) else None
    except (OSError, ValueError):
        return None


def own_trouble(folder: Path) -> Trouble | None:
    """What is wrong with the certificate that we hold ourselves."""
    try:
        held = read_held(folder)
    except SetUpWrong as error:
        return Trouble("own_certificate", str(error))
    if fault := held.fault():
        who = held.name.short if held.name else "nobody of ours"
        return Trouble("own_certificate", f"Our own certificate, for {who}, {fault}. Put a sound one in {folder}.")
    return None


def _trouble_met(tls: Tls, neighbour: str, address: str) -> Trouble | None:
    held, wanted = read_held(tls.folder), SpiffeName(tls.trust_domain, SERVICE, neighbour)
    context = ssl.create_default_context(cadata=held.authority.decode("ascii"))
    context.load_cert_chain(tls.folder / CERTIFICATE, tls.folder / KEY)
    context.set_alpn_protocols(["h2"])
    try:
        said = _first_word(context, address, wanted.host)
    except ssl.SSLCertVerificationError as error:
        return Trouble("server_certificate", _their_fault(neighbour, wanted, error.verify_code))
    except ssl.SSLError as error:
        return _their_alert(neighbour, error)
    except ConnectionResetError:
        said = b""
    if said:
        return None
    return Trouble(
        "certificate_refused",
        "It closed the connection when it saw our certificate: the two sides trust different authorities, or their "
        f"clocks differ. Its log says which; compare authority.pem of {neighbour} with that in {tls.folder}.",
    )


def _wants_tls(address: str) -> Trouble | None:
    """Whether a neighbour that we called in the clear speaks TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # asks what it speaks; nothing is sent
    context.set_alpn_protocols(["h2"])
    with suppress(ssl.SSLError):
        _first_word(context, address, None)
        return Trouble(
            "certificate_missing",
            "It takes only calls under TLS, and this process has no certificate: set INBOROUGH_TLS to its folder.",
        )
    return None


def _first_word(context: ssl.SSLContext, address: str, server_name: str | None) -> bytes:
    """What the server says first once both sides have shook hands; nothing when it closed the connection."""
    host, _, port = address.rpartition(":")
    with (
        socket.create_connection((host.strip("[]"), int(port)), PROBE_SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=server_name) as secured,
    ):
        return secured.recv(1)


def _their_fault(neighbour: str, wanted: SpiffeName, code: int) -> str:
    match code:
        case _Code.EXPIRED:
            return f"The certificate of {neighbour} ran out. Give {neighbour} a new one."
        case _Code.NOT_YET_VALID:
            return f"The certificate of {neighbour} is not valid yet. Compare the clocks of the two machines."
        case _Code.WRONG_PURPOSE:
            return f"The certificate of {neighbour} is not one to serve with, such as a front door's. Give it its own."
        case _Code.WRONG_NAME:
            return f"What answers there holds a certificate of another name than {wanted.host}. Check the address."
    return (
        f"The certificate of {neighbour} was not issued by the authority that we trust. Compare the authority.pem of "
        "both sides; if they are the same, something else answers at that address."
    )


def _their_alert(neighbour: str, error: ssl.SSLError) -> Trouble:
    reason = (error.reason or "").upper()
    if "WRONG_VERSION" in reason or "RECORD" in reason or "EOF" in reason:
        return Trouble("not_tls", f"It does not speak TLS, and we do. Set INBOROUGH_TLS for {neighbour} as well.")
    words = reason.replace("_", " ").lower() or "no reason given"
    return Trouble("certificate_refused", f"It refused our certificate: {words}. Its log says more.")
