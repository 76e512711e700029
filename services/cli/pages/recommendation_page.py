"""A recommendation for a person: ranked options, why the first is first, the family's request, and who was refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from rich.console import RenderableType
from rich.table import Table

from inborough.caseload.v1 import caseload_pb2
from inborough.common.v1 import common_pb2
from inborough.placement.v1 import placement_pb2
from services import words
from services.cli import terminal
from services.cli.pages.cost_table import cost_table
from services.cli.pages.refused import left_out_lines, refused_lines
from services.cli.pages.requests import request_lines, verdict_lines
from services.cli.typed import typed
from services.words import what_if
from services.words.cases import case_line
from services.words.options import (
    about,
    effect,
    effect_later,
    needs_judgement,
    offered_instead,
    order,
    transport_priced,
    travel_owed,
)
from shared.pence import pounds

NONE_OFFERED: Mapping[str, int] = MappingProxyType({})
ADVICE = "Advice only: the panel decides."


def recommendation_page(
    given: placement_pb2.Recommendation,
    case: caseload_pb2.Case | None,
    policy: placement_pb2.Policy | None = None,
    offered: Mapping[str, int] = NONE_OFFERED,
    later: placement_pb2.LaterArrivals | None = None,
) -> Iterator[RenderableType]:
    """The page, part by part.

    `policy` is the one used, where known; `offered` are places by pool id that offers hold; `later` is what was worked
    out of children who come later.
    """
    yield from recommendation_summary(given, case, offered=offered)
    if policy:
        yield f"\nCompared in this order, each with the effect on others: {order(policy)}."
    if priced := transport_priced(given.options):
        yield priced
    if later and later.pools:
        yield from _later(given, later)
    if given.options and given.options[0].rank:
        yield from _first_option(given.options[0])
    yield from request_lines(given, policy)
    if given.left_out:
        yield from left_out_lines(given)
    if refused := what_if.refused_by_rules(given.refused):
        yield terminal.heading(f"Refused: {words.counted(len(refused), 'place pool')}")
        yield from refused_lines(refused)
    yield f"\n{ADVICE}"
    if any(option.rank for option in given.options):
        yield f"Next: {typed(f'decide {given.case_id} --option 1')} \\\n  --recommendation {given.recommendation_id}"


def recommendation_summary(
    given: placement_pb2.Recommendation,
    case: caseload_pb2.Case | None,
    most: int = 50,
    offered: Mapping[str, int] = NONE_OFFERED,
) -> Iterator[RenderableType]:
    """The case and its ranked options, at most `most`."""
    yield terminal.heading(case_line(case) if case else given.case_id)
    yield f"First day {words.day(given.first_day)}, policy {given.policy}, {given.recommendation_id}\n"
    if given.left_out:
        yield f"{what_if.headline(given)}. {what_if.EXPLAINED}\n"
        yield from (f"Warning: {each}\n" for each in what_if.warnings(given))
    if not any(option.rank for option in given.options):
        yield "No place pool could meet the need on that day; the reasons are below."
    if given.options:
        yield _options(list(given.options)[:most], offered)
    hidden = given.options_not_shown + sum(option.rank > 0 for option in given.options[most:])
    if hidden:
        yield f"{words.counted(hidden, 'more option')} could meet the need."


def _options(options: list[placement_pb2.Option], offered: Mapping[str, int]) -> Table:
    columns = ("#", "Setting", "Journey", "Free", "Cost a year", "Effect on others")
    rows = [_option_row(option, offered.get(option.pool_id, 0)) for option in options]
    return terminal.table(columns, rows, right=("#", "Free"), spaced=True)


def _option_row(option: placement_pb2.Option, offered: int) -> tuple[str, ...]:
    return (
        str(option.rank or "-"),
        "\n".join((option.setting_name, *_marks(option))),
        _journey(option),
        f"{_free(option)}\n{offered} held" if offered else _free(option),
        _cost(option),
        effect(option),
    )


def _marks(option: placement_pb2.Option) -> Iterator[str]:
    yield ",\n".join(about(option))
    marks = {
        "requested by the family": option.requested,
        "not ranked": not option.rank,
        "level with option 1": option.level_with_best and option.rank > 1,
        "needs judgement": needs_judgement(option),
    }
    yield from (mark for mark, holds in marks.items() if holds)


def _journey(option: placement_pb2.Option) -> str:
    known = []
    if option.HasField("distance_metres"):
        known.append(words.miles(option.distance_metres))
    if option.HasField("travel_minutes"):
        known.append(words.counted(option.travel_minutes, "minute"))
    return "\n".join(known) or "not known"


def _free(option: placement_pb2.Option) -> str:
    if not option.pool_id:
        return "-"
    return str(option.places_free) if option.HasField("places_free") else "any"


def _cost(option: placement_pb2.Option) -> str:
    if not option.HasField("annual_budget_cost_pence"):
        return "not known"
    return f"{pounds(option.annual_budget_cost_pence)}\nmarginal {pounds(option.annual_marginal_cost_pence)}"


def _later(given: placement_pb2.Recommendation, later: placement_pb2.LaterArrivals) -> Iterator[RenderableType]:
    """A place given today is not there for the child who comes in November."""
    of_pool = {pool.pool_id: pool for pool in later.pools}
    rows = [
        (str(option.rank), option.setting_name, effect_later(of_pool[option.pool_id]))
        for option in given.options
        if option.rank and option.pool_id in of_pool
    ]
    if rows:
        yield terminal.heading("Expected of children who come later this year, if the place is taken")
        yield terminal.table(("#", "Setting", "Effect on them"), rows, right=("#",))


def _first_option(option: placement_pb2.Option) -> Iterator[RenderableType]:
    yield terminal.heading(f"What {option.setting_name} costs a year")
    yield cost_table(option)
    yield from filter(None, (travel_owed(option), offered_instead(option)))
    doubts = list(verdict_lines(option, common_pb2.OUTCOME_NEEDS_JUDGEMENT))
    if doubts:
        yield terminal.heading("For the panel to judge")
        yield from doubts
