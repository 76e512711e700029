"""`transport-quote`: what one child's travel to one setting would cost, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from services.cli.commands.options import FirstDay, Json, day_on_wire


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command("transport-quote")(transport_quote)


def transport_quote(
    case_id: Annotated[str, typer.Argument(metavar="CASE_ID", help="From inborough cases.")],
    setting: Annotated[int, typer.Argument(metavar="URN", help="The setting; see inborough pools.")],
    first_day: FirstDay = None,
    json: Json = False,
) -> None:
    """Price one child's travel to one setting, line by line, and say why.

    Says whether free travel is owed and by which rule, how far it is, and what
    carrying the child would add: to the run plan in force if there is one,
    else by the rate card's average fares. What else could be offered is shown
    beside it. Without --first-day: the day of the decision due, else today.

    Example:
      inborough transport-quote case_5f0c9a7be21d4433 111217

    Next: inborough recommend CASE_ID
    """
    from inborough.placement.v1 import travel_pb2
    from services.cli import terminal
    from services.cli.calls import Services, ask
    from services.cli.pages.message_json import message_json
    from services.cli.pages.transport_quote import transport_quote_page

    request = travel_pb2.QuoteTransportRequest(case_id=case_id, urn=setting, first_day=day_on_wire(first_day))
    with Services() as services:
        quoted = ask(services.travel.QuoteTransport, request, "Pricing the travel")
    if json:
        terminal.show_json({"case_id": case_id, "urn": setting, **message_json(quoted)})
    else:
        terminal.show(*transport_quote_page(case_id, quoted))
