"""How calls travel: in the clear on one machine, or under mutual TLS between processes that each hold a certificate.

In the clear, nothing leaves the machine: a server told to listen beyond it refuses to start, and a client does not send
a token beyond it, unless INBOROUGH_PLAIN_TEXT=accepted says that the network itself is the protection.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

import grpc

from shared import logs
from shared.grpc_channel import ReloadingChannel
from shared.identity.certificates import Held, read_held, stamp
from shared.identity.set_up import SetUpWrong
from shared.identity.spiffe import SERVICE, SpiffeName
from shared.machine import is_this_machine
from shared.settings import ServiceSettings

Options = Sequence[tuple[str, int | str]]
AioChannel = grpc.aio.Channel
ADVICE = (
    "Set INBOROUGH_TLS to a folder with certificate.pem, key.pem and authority.pem (`inborough certificates` makes "
    "a set for development), or INBOROUGH_PLAIN_TEXT=accepted where the network itself keeps others out."
)


class Transport(Protocol):
    """How a process listens and calls."""

    def listen(self, server: grpc.Server, host: str, port: int) -> int:
        """Listen; the port that was taken. Raises SetUpWrong, RuntimeError when the port is taken already."""
        ...

    def channel(self, neighbour: str, address: str, options: Options) -> grpc.Channel:
        """A channel to a service at host:port. Raises SetUpWrong."""
        ...


@dataclass(frozen=True)
class Plain:
    """In the clear. `accepted` says that it may leave the machine."""

    accepted: bool = False

    def listen(self, server: grpc.Server, host: str, port: int) -> int:
        if not self.accepted and not is_this_machine(host):
            raise SetUpWrong(f"Listening on {host} in the clear would show children's records to the network. {ADVICE}")
        return server.add_insecure_port(f"{host}:{port}")

    def channel(self, neighbour: str, address: str, options: Options) -> grpc.Channel:
        self._need_this_machine(neighbour, address)
        return grpc.insecure_channel(address, options=options)

    def aio_channel(self, neighbour: str, address: str, options: Options) -> AioChannel:
        self._need_this_machine(neighbour, address)
        return grpc.aio.insecure_channel(address, options=options)

    def _need_this_machine(self, neighbour: str, address: str) -> None:
        if not self.accepted and not is_this_machine(address.rpartition(":")[0]):
            raise SetUpWrong(f"The {neighbour} service at {address} is not called in the clear. {ADVICE}")


@dataclass(frozen=True)
class Tls:
    """Mutual TLS with the certificate in `folder`, among the holders of names of one trust domain.

    The files may be exchanged at any time: who connects afterwards meets the new ones. A set that does not fit
    together, as while it is being exchanged, is logged and the last good one used.
    """

    folder: Path
    trust_domain: str

    def listen(self, server: grpc.Server, host: str, port: int) -> int:
        return server.add_secure_port(f"{host}:{port}", _server_credentials(self.folder))

    def channel(self, neighbour: str, address: str, options: Options) -> grpc.Channel:
        named = self._named(neighbour, options)

        def connect() -> grpc.Channel:
            return grpc.secure_channel(address, self._credentials(), options=named)

        return ReloadingChannel(connect, lambda: stamp(self.folder), _not_reloaded)

    def aio_channel(self, neighbour: str, address: str, options: Options) -> AioChannel:
        named = self._named(neighbour, options)
        return grpc.aio.secure_channel(address, self._credentials(), options=named)

    def _named(self, neighbour: str, options: Options) -> Options:
        """The options of a channel that takes no certificate but this neighbour's."""
        wanted = SpiffeName(self.trust_domain, SERVICE, neighbour).host
        return [*options, ("grpc.ssl_target_name_override", wanted)]

    def _credentials(self) -> grpc.ChannelCredentials:
        held = read_held(self.folder)
        return grpc.ssl_channel_credentials(held.authority, held.key, held.certificate)

    def need_name(self, kind: str, name: str) -> None:
        """Raises SetUpWrong when the certificate is another's."""
        wanted, held = SpiffeName(self.trust_domain, kind, name), read_held(self.folder).name
        if held != wanted:
            stated = f"is for {held}" if held else "states no SPIFFE name of ours"
            raise SetUpWrong(f"The certificate in {self.folder} {stated}; this process needs one for {wanted}.")


def transport_of(settings: ServiceSettings) -> Plain | Tls:
    """How a process with these settings travels."""
    if settings.tls:
        return Tls(settings.tls, settings.trust_domain)
    return Plain(accepted=settings.plain_text == "accepted")


def _server_credentials(folder: Path) -> grpc.ServerCredentials:
    lock, seen = threading.Lock(), stamp(folder)

    def reloaded() -> grpc.ServerCertificateConfiguration | None:
        """Asked by gRPC for each new connection; None keeps what it has."""
        nonlocal seen
        with lock:
            now = stamp(folder)
            if now == seen:
                return None
            try:
                held = read_held(folder)
            except SetUpWrong as error:
                _not_reloaded(error)
                return None
            seen = now
        logs.log("certificates_reloaded")
        return _configuration(held)

    first = _configuration(read_held(folder))
    # gRPC takes None as well, which its type stubs do not know.
    fetch = cast(Callable[[], grpc.ServerCertificateConfiguration], reloaded)
    return grpc.dynamic_ssl_server_credentials(first, fetch, require_client_authentication=True)


def _configuration(held: Held) -> grpc.ServerCertificateConfiguration:
    return grpc.ssl_server_certificate_configuration([(held.key, held.certificate)], held.authority)


def _not_reloaded(error: Exception) -> None:
    logs.log("certificates_not_reloaded", "warning", error_type=type(error).__name__)
