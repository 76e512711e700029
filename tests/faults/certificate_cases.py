"""The cases of certificates and roles: who calls whom with what, what the caller is told, what the server logs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import grpc

from shared.identity import callers
from shared.identity.callers import Caller, Person, Service
from shared.identity.certificates import AUTHORITY, CERTIFICATE
from shared.identity.tokens import Signer
from shared.identity.transport import Options, Plain, Tls
from tests.builders.certificates import (
    EXPIRED,
    NOT_YET_VALID,
    TRUST_DOMAIN,
    Issuer,
    front_door,
    service,
    under_tls,
)

HANDSHAKE = "Handshake failed .*"
NOT_OURS = f"{HANDSHAKE}(VERIFY_FAILED|certificate signature failure)"
ANSWERED = "answered"


@dataclass(frozen=True)
class World:
    """An authority that all servers trust but "distrustful", and one that is nobody's."""

    ours: Issuer
    rogue: Issuer

    def write_servers(self) -> None:
        """A folder a server, named as the cases name them."""
        caseload = service("caseload")
        for name in ("sound", "sound-people"):
            self.ours.write(name, caseload)
        self.ours.write("expired", caseload, EXPIRED)
        self.ours.write("not-yet-valid", caseload, NOT_YET_VALID)
        replace(self.rogue, folder=self.ours.folder).write("rogue", caseload)
        self.ours.write("of-cost", service("cost"))
        self.ours.write("front-door", front_door())
        self.ours.write("distrustful", caseload, trusting=self.rogue.authority)
        (self.ours.write("in-the-clear", caseload) / CERTIFICATE).unlink()


@dataclass(frozen=True)
class Case:
    """`caller` is given a folder of its own to hold what it needs. `told` and `logged` are patterns."""

    name: str
    caller: Callable[[World, Path], Caller]
    told: str
    logged: str = ""
    server: str = "sound"


class Bare:
    """A stranger's client: TLS without a certificate of its own."""

    def __init__(self, authority: bytes) -> None:
        self._authority = authority

    def listen(self, server: grpc.Server, host: str, port: int) -> int:
        raise NotImplementedError("a client only")

    def channel(self, neighbour: str, address: str, options: Options) -> grpc.Channel:
        named = [*options, ("grpc.ssl_target_name_override", service(neighbour).host)]
        return grpc.secure_channel(address, grpc.ssl_channel_credentials(self._authority), options=named)


def placement(world: World, folder: Path) -> Caller:
    """The placement service with a sound certificate."""
    return callers.service(under_tls(world.ours.write(str(folder), service("placement"))), "placement")


def planner(world: World, folder: Path) -> Caller:
    """A planner at the command line with a sound certificate."""
    return callers.person(under_tls(world.ours.write(str(folder), front_door())), "user_ada", ["planner"])


def expired(world: World, folder: Path) -> Caller:
    return callers.service(under_tls(world.ours.write(str(folder), service("placement"), EXPIRED)), "placement")


def not_yet_valid(world: World, folder: Path) -> Caller:
    return callers.service(under_tls(world.ours.write(str(folder), service("placement"), NOT_YET_VALID)), "placement")


def rogue(world: World, folder: Path) -> Caller:
    """From another authority, but trusting ours."""
    made = world.rogue.write(str(folder), service("placement"), trusting=world.ours.authority)
    return callers.service(under_tls(made), "placement")


def rogue_set(world: World, folder: Path) -> Caller:
    """From another authority, and trusting that one."""
    return callers.service(under_tls(world.rogue.write(str(folder), service("placement"))), "placement")


def of_another_name(world: World, folder: Path) -> Caller:
    return callers.service(under_tls(world.ours.write(str(folder), service("cost"))), "placement")


def of_another_trust_domain(world: World, folder: Path) -> Caller:
    made = world.ours.write(str(folder), service("placement", "elsewhere"))
    return Service(None, Tls(made, TRUST_DOMAIN))


def without_files(world: World, folder: Path) -> Caller:
    made = world.ours.write(str(folder), service("placement"))
    (made / CERTIFICATE).unlink()
    return callers.service(under_tls(made), "placement")


def bare(world: World, folder: Path) -> Caller:
    return Service(None, Bare((world.ours.write(str(folder), front_door()) / AUTHORITY).read_bytes()))


def in_the_clear(world: World, folder: Path) -> Caller:
    return Person(Signer(world.ours.token_key, "user_ada", ["planner"]), Plain())


def signing(subject: str, role: str, kind: str, rogue_key: bool = False) -> Callable[[World, Path], Caller]:
    """A sound certificate of a front door or of placement, with a token of its own making."""

    def make(world: World, folder: Path) -> Caller:
        name = front_door() if kind == "front door" else service("placement")
        made = world.ours.write(str(folder), name)
        key = (world.rogue if rogue_key else world.ours).token_key
        return Person(Signer(key, subject, [role]), Tls(made, TRUST_DOMAIN))

    return make


CASES = [
    Case("a service's, sound", placement, ANSWERED),
    Case("a front door's, sound", planner, ANSWERED, server="sound-people"),
    Case("none: called in the clear", in_the_clear, "takes only calls under TLS.*INBOROUGH_TLS", HANDSHAKE),
    Case("none: the file is missing", without_files, r"certificate\.pem cannot be read.*INBOROUGH_TLS"),
    Case("none: a stranger's client", bare, "does not answer", f"{HANDSHAKE}PEER_DID_NOT_RETURN_A_CERTIFICATE"),
    Case("rogue", rogue, "was not issued by the authority", NOT_OURS),
    Case("rogue, a whole set", rogue_set, "caseload was not issued by the authority that we trust", HANDSHAKE),
    Case("expired", expired, "Our own certificate.* ran out on", f"{HANDSHAKE}certificate has expired"),
    Case("not yet valid", not_yet_valid, "Our own certificate.* is not valid before", "certificate is not yet valid"),
    Case("of another service", of_another_name, "is for spiffe://inborough/service/cost; this process needs"),
    Case("of another trust domain", of_another_trust_domain, "names no service or front door", "certificate_not_known"),
    Case("server's expired", placement, "certificate of caseload ran out", HANDSHAKE, "expired"),
    Case("server's not yet valid", placement, "certificate of caseload is not valid yet", HANDSHAKE, "not-yet-valid"),
    Case("server's rogue", placement, "caseload was not issued by the authority", HANDSHAKE, "rogue"),
    Case("server's of another service", placement, "a certificate of another name", HANDSHAKE, "of-cost"),
    Case("server's of a front door", placement, "is not one to serve with", HANDSHAKE, "front-door"),
    Case("server trusts others", placement, "two sides trust different authorities", HANDSHAKE, "distrustful"),
    Case("server in the clear", placement, "does not speak TLS.*INBOROUGH_TLS for caseload", "", "in-the-clear"),
    Case("role: a service where people call", placement, "Ask is for planner",
         '"service/placement".*"role"', "sound-people"),
    Case("role: a person where services call", planner, "Ask is for service", '"front-door/cli".*"role"'),
    Case("role: front door with a service's token", signing("service_cost", "service", "front door"),
         "Only a certificate makes a service", '"front-door/cli".*"token_of_a_service"'),
    Case("role: service with a person's token", signing("user_ada", "planner", "service"),
         "sends no token of its own", '"service/placement".*"own_token"', "sound-people"),
    Case("role: service with a service's token", signing("service_cost", "service", "service"),
         "sends no token of its own", '"service/placement".*"own_token"'),
    Case("role: a token that we did not sign", signing("user_ada", "planner", "front door", rogue_key=True),
         "not one that our front door signed", '"front-door/cli".*"token_not_ours"', "sound-people"),
]  # fmt: skip
