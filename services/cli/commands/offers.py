"""`offers`: places held for children until they are named or run out."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from services.cli.commands.options import (
    Etag,
    Json,
    OnlyCase,
    PageSize,
    PageToken,
    RequestId,
    day_on_wire,
)


class State(StrEnum):
    """How an offer stands, as on the wire."""

    OFFERED = "offered"
    CONFIRMED = "confirmed"
    RELEASED = "released"
    EXPIRED = "expired"


OnlyPool = Annotated[str, typer.Option("--pool", metavar="POOL_ID", help="Only of this pool; see inborough pools.")]

offers = typer.Typer(rich_markup_mode="rich", invoke_without_command=True)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(offers, name="offers")


@offers.callback()
def list_offers(
    context: typer.Context,
    expiring_by: Annotated[str | None, typer.Option(metavar="DAY", help="Only those that run out by this day.")] = None,
    pool: OnlyPool = "",
    case: OnlyCase = "",
    state: Annotated[list[State] | None, typer.Option(help="Only those that stand so; again for another.")] = None,
    page_size: PageSize = 20,
    page_token: PageToken = "",
    json: Json = False,
) -> None:
    """Places held for children, those that run out soonest first.

    A decision makes an offer: a real place, held so that nobody else can be
    given it. It becomes the child's when it is named in the plan, and is free
    again when it runs out or the decision is taken back.

    Example:
      inborough offers --state offered --expiring-by 2024-03-01
      inborough offers --pool pool_111217-RB-SEMH

    Next: inborough offers extend OFFER_ID --until DAY
    """
    from inborough.provision.v1 import provision_pb2
    from services.cli import terminal
    from services.cli.calls import Services, ask
    from services.cli.pages.message_json import message_json
    from services.cli.pages.offers import offers_page

    if context.invoked_subcommand:
        return
    request = provision_pb2.ListOffersRequest(
        pool_id=pool,
        case_id=case,
        states=[provision_pb2.OfferState.Value(f"OFFER_STATE_{each.upper()}") for each in state or ()],
        expiring_by=day_on_wire(expiring_by, "--expiring-by"),
        page_size=page_size,
        page_token=page_token,
    )
    with Services() as services:
        page = ask(services.provision.ListOffers, request, "Reading offers")
    if json:
        terminal.show_json(message_json(page))
    else:
        terminal.show(*offers_page(page, bool(expiring_by or pool or case or state)))


@offers.command()
def extend(
    offer_id: Annotated[str, typer.Argument(metavar="OFFER_ID", help="From inborough offers.")],
    until: Annotated[str, typer.Option(metavar="DAY", help="New last day, at most 180 days from today.")],
    etag: Etag = "",
    request_id: RequestId = "",
    json: Json = False,
) -> None:
    """Let an offer stand until a later day.

    Example:
      inborough offers extend offer_5f0c9a7be21d4433 --until 2024-03-15

    Next: inborough offers
    """
    from inborough.provision.v1 import provision_pb2
    from services.cli import terminal
    from services.cli.calls import Services, ask_once
    from services.cli.pages.message_json import message_json
    from services.cli.pages.offers import offer_page

    request = provision_pb2.ExtendOfferRequest(
        request_id=request_id, offer_id=offer_id, etag=etag, expires_on=day_on_wire(until, "--until")
    )
    with Services() as services:
        offer = ask_once(services.provision.ExtendOffer, request, "Extending the offer").offer
    if json:
        terminal.show_json(message_json(offer))
    else:
        terminal.show(*offer_page(offer))


@offers.command()
def places(
    pool: Annotated[
        list[str] | None, typer.Option(metavar="POOL_ID", help="Only this pool; again for another. Default: all.")
    ] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DAY", help="First day. Default: today.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DAY", help="Last day. Default: the first.")] = None,
    json: Json = False,
) -> None:
    """Places in pools over a period, with a row for each day on which they change.

    Counts alone: who holds a place is not told.

    Example:
      inborough offers places --pool pool_111217-RB-SEMH --from 2024-09-01
        --to 2025-08-31

    Next: inborough offers --pool POOL_ID
    """
    from inborough.provision.v1 import provision_pb2
    from services.cli import terminal
    from services.cli.calls import Services, ask
    from services.cli.pages.message_json import message_json
    from services.cli.pages.offers import places_page
    from shared.clock import today
    from shared.days import to_wire

    request = provision_pb2.ListPlacesRequest(
        pool_ids=pool or (),
        first_day=day_on_wire(first, "--from") or to_wire(today()),
        last_day=day_on_wire(last, "--to"),
    )
    with Services() as services:
        answer = ask(services.provision.ListPlaces, request, "Counting places")
    if json:
        terminal.show_json(message_json(answer))
    else:
        terminal.show(*places_page(answer))
