"""`pools` and `policies`: what there is to choose from, and by what rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from services.cli.commands.options import FirstDay, Json, day_on_wire

if TYPE_CHECKING:
    from inborough.common.v1 import common_pb2
    from services.cli.calls import Services


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(pools)
    app.command()(policies)


def pools(first_day: FirstDay = None, json: Json = False) -> None:
    """List place pools with their places as they will stand on a first day.

    Places are counted after those who leave by then have left. Without
    --first-day: the day with the most decisions due, else today.

    Example:
      inborough pools --first-day 2024-09-02

    Next: inborough plan
    """
    from inborough.provision.v1 import provision_pb2
    from services.cli import terminal
    from services.cli.calls import Services, ask
    from services.cli.pages.pools import pools_json, pools_page

    asked = day_on_wire(first_day)
    with Services() as services:
        day = asked or _busiest_day(services)
        request = provision_pb2.ListPlacePoolsRequest(first_day=day)
        answer = ask(services.provision.ListPlacePools, request, "Counting places")
    if json:
        terminal.show_json(pools_json(answer, day))
    else:
        terminal.show(*pools_page(answer, day))


def _busiest_day(services: Services) -> common_pb2.Date:
    """The first day with the most decisions due, the earliest on a tie; today when none is due."""
    from inborough.caseload.v1 import caseload_pb2
    from services.cli.calls import ask
    from shared.days import now_utc, to_wire

    request = caseload_pb2.ListFirstDaysRequest()
    days = ask(services.caseload.ListFirstDays, request, "Reading first days").first_days
    if not days:
        return to_wire(now_utc().date())
    return max(days, key=lambda each: each.decisions_due).first_day


def policies(json: Json = False) -> None:
    """List the policies that options can be ranked by, and what each weighs.

    Terms are compared in order; a later one only breaks ties of those before.

    Example:
      inborough policies

    Next: inborough plan --policy NAME
    """
    from inborough.placement.v1 import placement_pb2
    from services.cli import terminal
    from services.cli.calls import Services, ask
    from services.cli.pages.policies import policies_json, policies_page

    with Services() as services:
        answer = ask(services.placement.ListPolicies, placement_pb2.ListPoliciesRequest(), "Reading policies")
    if json:
        terminal.show_json(policies_json(answer.policies))
    else:
        terminal.show(*policies_page(answer.policies))
