"""`recommend`: ranked options for one case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.commands.options import FirstDay, Json, PolicyName, day_on_wire

if TYPE_CHECKING:
    from inborough.placement.v1 import placement_pb2
    from services.cli.calls import Services


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(recommend)


def recommend(
    case_id: Annotated[str, typer.Argument(metavar="CASE_ID", help="From inborough cases --due.")],
    first_day: FirstDay = None,
    top: Annotated[int, typer.Option(min=1, max=50, help="How many options to rank.")] = 5,
    policy: PolicyName = "",
    without: Annotated[
        list[int] | None,
        typer.Option(metavar="URN", help="What if this setting could not be named? Again for each."),
    ] = None,
    json: Json = False,
) -> None:
    """Rank the places that could meet one child's needs, and say why.

    Shows what each costs the public purse, what taking it does to the other
    children due, what the panel must judge, the family's request and what the
    law asks, and why every other place was refused. Advice only.

    Example:
      inborough recommend case_5f0c9a7be21d4433
      inborough recommend case_5f0c9a7be21d4433 --top 10 --json
      inborough recommend case_5f0c9a7be21d4433 --without 111217

    Next: inborough decide CASE_ID --option 1
    """
    from inborough.caseload.v1 import caseload_pb2
    from inborough.placement.v1 import placement_pb2
    from services.cli import terminal
    from services.cli.calls import Services, ask, started
    from services.cli.pages.recommendation_json import recommendation_json
    from services.cli.pages.recommendation_page import recommendation_page
    from services.words.options import policy_used

    day = day_on_wire(first_day)
    request = placement_pb2.RecommendOptionsRequest(
        case_id=case_id, first_day=day, top=top, policy=policy, excluded_urns=without or ()
    )
    with Services() as services:
        if json:
            answer = ask(services.placement.RecommendOptions, request, "Ranking places")
            terminal.show_json(recommendation_json(answer.recommendation, later_of(answer)))
            return
        asked = caseload_pb2.GetCaseRequest(case_id=case_id, on_day=day)
        case = started(services.caseload.GetCase, asked, "Reading the case")
        listed = started(services.placement.ListPolicies, placement_pb2.ListPoliciesRequest(), "Reading policies")
        answer = ask(services.placement.RecommendOptions, request, "Ranking places")
        used = policy_used(answer.recommendation, listed().policies)
        offered = _offered(services, answer.recommendation)
        page = recommendation_page(answer.recommendation, case().case, used, offered, later_of(answer))
        terminal.show(*page)


def later_of(answer: placement_pb2.RecommendOptionsResponse) -> placement_pb2.LaterArrivals | None:
    """What was worked out of children who come later, if anything was."""
    return answer.later_arrivals if answer.HasField("later_arrivals") else None


def _offered(services: Services, given: placement_pb2.Recommendation) -> dict[str, int]:
    """Places that offers hold on the first day, by pool id; pools without any are left out."""
    from inborough.provision.v1 import provision_pb2
    from services.cli.calls import ask

    request = provision_pb2.ListPlacePoolsRequest(first_day=given.first_day)
    pools = ask(services.provision.ListPlacePools, request, "Reading offers").pools
    return {pool.pool_id: pool.places_offered for pool in pools if pool.places_offered}
