"""What the system works with: rate cards, policies, and which role may do what."""

from __future__ import annotations

from starlette.responses import Response

from inborough.cost.v1 import cost_pb2
from inborough.placement.v1 import placement_pb2
from services.web.access import ALLOWED
from services.web.calls import READ_SECONDS
from services.web.visit import Visit
from shared.identity import PEOPLES_ROLES


async def show_rate_cards(visit: Visit) -> Response:
    """Every version, by the day from which it is in force."""
    answer = await visit.services.cost.ListRateCards(cost_pb2.ListRateCardsRequest(), timeout=READ_SECONDS)
    cards = sorted(
        answer.rate_cards,
        key=lambda card: (card.first_day.year, card.first_day.month, card.first_day.day, card.version),
    )
    return await visit.show("administering/rate_cards.html", cards=cards[::-1])


async def show_rate_card(visit: Visit) -> Response:
    """One version with its rates and where each is from."""
    request = cost_pb2.GetRateCardRequest(rate_card_id=visit.part("rate_card_id"))
    card = (await visit.services.cost.GetRateCard(request, timeout=READ_SECONDS)).rate_card
    back = visit.url("rate_cards")
    return await visit.show("administering/rate_card.html", card=card, back=back, back_text="Rate cards")


async def show_policies(visit: Visit) -> Response:
    """What each policy weighs, in order."""
    answer = await visit.services.placement.ListPolicies(placement_pb2.ListPoliciesRequest(), timeout=READ_SECONDS)
    return await visit.show("administering/policies.html", policies=answer.policies)


async def show_roles(visit: Visit) -> Response:
    """Pages by role, as services/web/access.py has them."""
    rows = [(name.replace("_", " "), [_may(name, role) for role in PEOPLES_ROLES]) for name in sorted(ALLOWED)]
    return await visit.show("administering/roles.html", rows=rows, roles=PEOPLES_ROLES)


def _may(page: str, role: str) -> str:
    allowed = ALLOWED[page]
    return "send" if role in allowed.act else "see" if role in allowed.see else "–"
