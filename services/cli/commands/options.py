"""Options that several commands have, worded once, and what they mean on the wire."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from inborough.common.v1 import common_pb2

Json = Annotated[bool, typer.Option("--json", help="For machines; the shapes are in docs/json.md.")]
FirstDay = Annotated[
    str | None, typer.Option(metavar="DAY", help="First day of the placement, such as 2024-09-02 or 02/09/2024.")
]
PolicyName = Annotated[str, typer.Option(help="Policy to rank by; see inborough policies.")]
PageSize = Annotated[int, typer.Option(min=1, max=500, help="How many to show.")]
PageToken = Annotated[str, typer.Option(help="next_page_token of the page before, from --json.")]
OnlyCase = Annotated[str, typer.Option("--case", metavar="CASE_ID", help="Only of this case.")]
Etag = Annotated[
    str, typer.Option(metavar="ETAG", help="As --json gave it: refuse, and say why, when it has changed since.")
]
RequestId = Annotated[
    str,
    typer.Option(metavar="REQ_ID", help="To repeat a command whose answer was lost: the id that it told you."),
]


def read_day(text: str, option: str = "--first-day") -> date:
    """The day that an option names. Raises typer.BadParameter, which is a usage error."""
    from shared.days import parse_day

    try:
        return parse_day(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is {error}", param_hint=option) from None


def day_on_wire(text: str | None, option: str = "--first-day") -> common_pb2.Date | None:
    """The same as a message; None when the option was left out."""
    from shared.days import to_wire

    return to_wire(read_day(text, option)) if text else None
