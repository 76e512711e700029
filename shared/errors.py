"""The errors that cross a service's border, and the one table from each to its gRPC status.

An operation raises one of these; the server interceptor turns it into a status with details; the client interceptor
turns that status back into the same error. Anything else becomes INTERNAL: its text is withheld and a reference
logged. A refused option is data (a Verdict), never an error.
"""

from __future__ import annotations

import re
from typing import ClassVar

import grpc
from google.protobuf import any_pb2, duration_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

DOMAIN = "inborough"
OF_OURS = re.compile(
    r"[0-9]+|[a-z]+_[0-9a-f]{1,32}|(?:pool|group|card|fleet)_[\w./-]{1,60}|[a-z0-9]+(?:[-/][a-z0-9]+)+|on file"
)
"""A number, an id, a pool or rate card by the council's own reference, a policy."""

LONGEST_SAID = 80
"""Characters of what somebody sent that an error repeats: it is not to grow with the request."""


class InboroughError(Exception):
    """Base of every error with a meaning outside its service.

    `message` is one or two plain sentences, safe to show and log: it holds no name, birth date, postcode or free text.
    `facts` are short strings that a program may act on, such as the field at fault.
    """

    code: ClassVar[grpc.StatusCode] = grpc.StatusCode.INTERNAL

    def __init__(self, message: str, **facts: str) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts


class NotFound(InboroughError):
    """There is no such thing: `NotFound("case", case_id)`. An id is repeated only if it has the form of one.

    Somebody may have typed a child's name where an id belongs, and what an error says may be logged.
    """

    code = grpc.StatusCode.NOT_FOUND

    def __init__(self, what: str, identity: object, advice: str = "") -> None:
        named = str(identity)
        is_ours = len(named) <= LONGEST_SAID and OF_OURS.fullmatch(named)
        which = f"{what} {named}" if is_ours else f"{what} by the name or id given"
        super().__init__(f"There is no {which}. {advice}".rstrip(), what=what)


class InvalidInput(InboroughError):
    """A field breaks a rule: `InvalidInput("top", "must be from 1 to 50")`."""

    code = grpc.StatusCode.INVALID_ARGUMENT

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}", field=field)


class WrongState(InboroughError):
    """The request is sound but cannot be done as things stand; the message says what to do first."""

    code = grpc.StatusCode.FAILED_PRECONDITION


class ChangedMeanwhile(InboroughError):
    """The caller's etag is stale; the message says what changed."""

    code = grpc.StatusCode.ABORTED


class AlreadyExists(InboroughError):
    """The same identity with other content."""

    code = grpc.StatusCode.ALREADY_EXISTS


class NotAllowed(InboroughError):
    """The caller's role does not allow this."""

    code = grpc.StatusCode.PERMISSION_DENIED


class NotSignedIn(InboroughError):
    """The caller did not say who they are."""

    code = grpc.StatusCode.UNAUTHENTICATED


class NeighbourDown(InboroughError):
    """A service that is needed does not answer: `NeighbourDown("provision")`."""

    code = grpc.StatusCode.UNAVAILABLE

    def __init__(
        self, which: str, advice: str = "Try again; if it goes on, see `inborough health`.", **facts: str
    ) -> None:
        super().__init__(f"The {which} service does not answer. {advice}", neighbour=which, **facts)


class DatabaseDown(NeighbourDown):
    """The database of a service does not answer: `DatabaseDown("provision")`. A caller gets it as NeighbourDown."""

    def __init__(self, which: str) -> None:
        message = f"The database of {which} does not answer. Nothing was kept by halves; try again once it does."
        InboroughError.__init__(self, message, neighbour=which, part="database")


class TooMuch(InboroughError):
    """More was asked for than one call may carry, or more often than it is answered.

    The fact `retry_in_seconds` says when the same call may be answered; without it, it never is.
    """

    code = grpc.StatusCode.RESOURCE_EXHAUSTED


class Internal(InboroughError):
    """A fault of ours. Its text is withheld; `reference` finds it in the log."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"Something went wrong on our side. Quote reference {reference}.", reference=reference)


_BY_CODE: dict[grpc.StatusCode, type[InboroughError]] = {
    kind.code: kind
    for kind in (
        NotFound,
        InvalidInput,
        WrongState,
        ChangedMeanwhile,
        AlreadyExists,
        NotAllowed,
        NotSignedIn,
        NeighbourDown,
        TooMuch,
        Internal,
    )
}


def to_status(error: InboroughError) -> grpc.Status:
    """The gRPC status that carries an error whole (AIP-193: one ErrorInfo with reason, domain and metadata)."""
    detail = any_pb2.Any()
    detail.Pack(error_details_pb2.ErrorInfo(reason=type(error).__name__, domain=DOMAIN, metadata=error.facts))
    code = code_pb2.Code.Value(error.code.name)
    details = [detail, *_when_to_retry(error)]
    status: grpc.Status = rpc_status.to_status(status_pb2.Status(code=code, message=error.message, details=details))
    return status


def _when_to_retry(error: InboroughError) -> list[any_pb2.Any]:
    """The standard detail that other people's clients know, beside our own."""
    seconds = error.facts.get("retry_in_seconds", "")
    if not seconds:
        return []
    detail = any_pb2.Any()
    detail.Pack(error_details_pb2.RetryInfo(retry_delay=duration_pb2.Duration(seconds=int(seconds))))
    return [detail]


def from_call(error: grpc.Call, neighbour: str) -> InboroughError:
    """The error behind a failed call to `neighbour`; its own when it sent one, NeighbourDown when it did not answer."""
    code = error.code()
    sent = _sent_facts(error)
    if sent is None and code in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED):
        return NeighbourDown(neighbour)
    if sent is None and code is grpc.StatusCode.RESOURCE_EXHAUSTED:
        return _refused_by_grpc(error.details() or "", neighbour)
    kind = _BY_CODE.get(code, InboroughError)
    rebuilt = kind.__new__(kind)
    InboroughError.__init__(rebuilt, error.details() or f"{neighbour} answered {code.name}.", **(sent or {}))
    return rebuilt


def _refused_by_grpc(details: str, neighbour: str) -> TooMuch:
    """What gRPC refused before a service saw it: a message of too many bytes, or one call more than may wait."""
    if "message" in details:
        return TooMuch(
            f"The message to or from {neighbour} is larger than one call may carry. Ask for less, or send it in parts; "
            "INBOROUGH_SERVICE_MESSAGE_MIB is the limit.",
            neighbour=neighbour,
        )
    return TooMuch(
        f"The {neighbour} service has as many calls waiting as it takes. Try again in a moment.",
        neighbour=neighbour,
        retry_in_seconds="2",
    )


def _sent_facts(error: grpc.Call) -> dict[str, str] | None:
    """Metadata of the ErrorInfo that our servers attach, or None when the status is not one of ours."""
    status = rpc_status.from_call(error)
    for detail in status.details if status is not None else ():
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info) and info.domain == DOMAIN:
            return dict(info.metadata)
    return None
