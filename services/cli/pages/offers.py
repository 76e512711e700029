"""Offers of places, and places by date."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from inborough.provision.v1 import provision_pb2
from services import words
from services.cli import terminal
from services.cli.pages.paging import more
from services.cli.typed import typed

REASONS = {"withdrawn": "decision taken back", "declined": "declined", "left": "left", "mistaken": "made by mistake"}


def how_it_stands(offer: provision_pb2.Offer) -> str:
    """ "stands until 29 Feb 2024", "named in the plan", "given back: declined", "ran out on 29 Feb 2024"."""
    beyond = ", beyond its number" if offer.over_number else ""
    match offer.state:
        case provision_pb2.OFFER_STATE_OFFERED:
            return f"stands until {words.short_day(offer.expires_on)}{beyond}"
        case provision_pb2.OFFER_STATE_CONFIRMED:
            return f"named in the plan{beyond}"
        case provision_pb2.OFFER_STATE_RELEASED:
            return f"given back: {words.codes([offer.reason_code], REASONS)}"
        case provision_pb2.OFFER_STATE_EXPIRED:
            return f"ran out on {words.short_day(offer.expires_on)}"
    return "unknown"


def offers_page(page: provision_pb2.ListOffersResponse, filtered: bool) -> Iterator[RenderableType]:
    """Those that expire soonest first; when there are none, how an offer comes about."""
    if not page.offers:
        yield "No offer is like that." if filtered else "No place is offered yet."
        yield f"A decision makes an offer: `{typed('decide CASE_ID --option 1')}`."
        return
    columns = ("Offer", "Case", "Pool and how it stands")
    rows = [(offer.offer_id, offer.case_id, _what(offer)) for offer in page.offers]
    yield terminal.table(columns, rows, whole=columns[:2], spaced=True)
    yield from more(page.next_page_token)
    yield f"Next: {typed('offers extend OFFER_ID --until DAY')}"


def _what(offer: provision_pb2.Offer) -> str:
    return f"{offer.pool_id} from {words.short_day(offer.first_day)}\n{how_it_stands(offer)}"


def offer_page(offer: provision_pb2.Offer) -> Iterator[RenderableType]:
    """One offer just changed."""
    yield f"{offer.offer_id} for {offer.case_id} {how_it_stands(offer)}."
    yield f"Next: {typed(f'decisions show {offer.decision_id}') if offer.decision_id else typed('offers')}"


def places_page(answer: provision_pb2.ListPlacesResponse) -> Iterator[RenderableType]:
    """A row for each pool, and for each day on which its numbers change."""
    if not answer.places:
        yield f"There are no place pools yet. Bring them with `{typed('import pools')}`."
        return
    columns = ("Pool", "From", "Places", "Held", "Offered", "Free")
    yield terminal.table(columns, [_places_row(step) for step in answer.places], right=columns[2:], whole=("From",))
    yield f"Next: {typed('offers --pool POOL_ID')}"


def _places_row(step: provision_pb2.PlacesOnDay) -> tuple[str, ...]:
    beyond = f"\n{step.places_over_number} beyond its number" if step.places_over_number else ""
    return (
        f"{step.pool_id}{beyond}",
        words.short_day(step.day),
        f"{step.places_commissioned:,}" if step.HasField("places_commissioned") else "any",
        f"{step.places_filled:,}",
        f"{step.places_offered:,}" if step.places_offered else "",
        f"{step.places_free:,}" if step.HasField("places_free") else "any",
    )
