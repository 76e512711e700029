"""One place that turns whatever went wrong into a page that says what to do next."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shared.errors import (
    AlreadyExists,
    ChangedMeanwhile,
    InboroughError,
    Internal,
    InvalidInput,
    NeighbourDown,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooMuch,
    WrongState,
)

_SENTENCES = re.compile(r"(?<=[.!?]) (?=[A-Z`])")
CAN_BE_MENDED = (InvalidInput, WrongState, ChangedMeanwhile, AlreadyExists)
"""Errors after which the form is shown again: the person can mend them there."""


@dataclass(frozen=True)
class Failure:
    """A page about what went wrong: HTTP status, heading, what happened, what to do, and in how many seconds."""

    status: int
    heading: str
    happened: str
    advice: str
    retry_seconds: int = 0

    @property
    def headers(self) -> dict[str, str]:
        """What tells a program when to come again."""
        return {"Retry-After": str(self.retry_seconds)} if self.retry_seconds else {}


def failure_of(error: InboroughError, contact: str) -> Failure:
    """The page for an error."""
    said, again = without_commands(error.message), f"Try again; if it goes on, tell {contact}."
    match error:
        case NotFound():
            advice = "Check the address, or find it from the pages at the top."
            return Failure(404, "There is no such page or record", said, advice)
        case NotAllowed():
            advice = f"If your work needs it, ask {contact} for the role."
            return Failure(403, "Your role does not allow this", "It is for other roles than yours.", advice)
        case NotSignedIn():
            advice = f"Sign out and in again. If that does not help, tell {contact}: keys of different sets are in use."
            return Failure(502, "The services do not know you", said, advice)
        case NeighbourDown():
            part = "database" if error.facts.get("part") == "database" else "service"
            happened = f"The {error.facts.get('neighbour', 'needed')} {part} does not answer."
            advice = f"Nothing was changed by halves. Wait a minute and try again; if it goes on, tell {contact}."
            return Failure(503, "Sorry, a part of the service is not there", happened, advice)
        case Internal():
            return Failure(502, "Sorry, something went wrong", "A part of the service has a fault.", again)
        case TooMuch() if "retry_in_seconds" in error.facts:
            return too_often(int(error.facts["retry_in_seconds"]), error.facts.get("reason") == "at_once")
        case TooMuch():
            return Failure(413, "That is too much at once", said, "Ask for less, or in parts.")
        case InvalidInput():
            return Failure(400, "Something in the address is not right", in_words(error), "Go back and choose again.")
    return Failure(409, "This cannot be done as things stand", said, "Go back, read the page again and choose again.")


def too_often(wait: int, is_under_way: bool = False) -> Failure:
    """The page for somebody who may do it again in a while; `is_under_way`: because of what runs already."""
    happened = (
        "As much as may run at once is running already, yours or other people's."
        if is_under_way
        else "More was asked for in your name than is answered at a time, so that others are answered too."
    )
    when = "a second" if wait == 1 else f"{wait} seconds"
    advice = f"Nothing was changed. Wait {when}, then try again. If you sent a form, go back to it and send it again."
    return Failure(429, "Too many requests just now", happened, advice, wait)


def in_words(error: InboroughError) -> str:
    """An error as a form's summary says it: without the name that the wire has for the field."""
    said = without_commands(error.message)
    if isinstance(error, InvalidInput):
        said = said.removeprefix(f"{error.facts.get('field', '')}: ")
    return f"{said[:1].upper()}{said[1:]}"


def without_commands(message: str) -> str:
    """A message without the sentences that name a command, which is not what somebody at a page has."""
    kept = [sentence for sentence in _SENTENCES.split(message) if "`inborough" not in sentence]
    return " ".join(kept) or message.replace("`", "")
