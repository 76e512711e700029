"""A recommendation for a person: ranked options, why the first is first, the family's request, and who was refused."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table

from inborough.caseload.v1 import caseload_pb2
from inborough.common.v1 import common_pb2
from inborough.cost.v1 import cost_pb2
from inborough.placement.v1 import placement_pb2
from services.cli import terminal, words
from services.cli.pages.cases import case_line
from services.cli.pages.refused import refused_lines
from shared.pence import pounds

ADVICE = "Advice only: the panel decides."


def recommendation_page(
    given: placement_pb2.Recommendation, case: caseload_pb2.Case | None
) -> Iterator[RenderableType]:
    """The page, part by part."""
    yield from recommendation_summary(given, case)
    if given.options:
        yield from _first_option(given.options[0])
    yield from _requests(given)
    if given.refused:
        yield terminal.heading(f"Refused: {words.counted(len(given.refused), 'place pool')}")
        yield from refused_lines(given.refused)
    yield f"\n{ADVICE}"


def recommendation_summary(
    given: placement_pb2.Recommendation, case: caseload_pb2.Case | None, most: int = 50
) -> Iterator[RenderableType]:
    """The case and its ranked options, at most `most`."""
    yield terminal.heading(case_line(case) if case else given.case_id)
    yield f"First day {words.day(given.first_day)}, policy {given.policy}, {given.recommendation_id}\n"
    if given.options:
        yield _options(list(given.options)[:most])
    else:
        yield "No place pool could meet the need on that day; the reasons are below."
    hidden = given.options_not_shown + max(0, len(given.options) - most)
    if hidden:
        yield f"{words.counted(hidden, 'more option')} could meet the need."


def _options(options: list[placement_pb2.Option]) -> Table:
    columns = ("#", "Setting", "Journey", "Free", "Cost a year", "Effect on others")
    return terminal.table(columns, [_option_row(option) for option in options], right=("#", "Free"), spaced=True)


def _option_row(option: placement_pb2.Option) -> tuple[str, ...]:
    where = "in borough" if option.in_borough else "out of borough"
    asked = "\nrequested by the family" if option.requested else ""
    return (
        str(option.rank),
        f"{option.setting_name}\n{words.kind(option.kind)},\n{where}{asked}",
        _journey(option),
        str(option.places_free) if option.HasField("places_free") else "any",
        f"{pounds(option.annual_budget_cost_pence)}\nmarginal {pounds(option.annual_marginal_cost_pence)}",
        words.knock_on(option.knock_on.terms) if option.HasField("knock_on") else "not known: no place is free",
    )


def _journey(option: placement_pb2.Option) -> str:
    known = []
    if option.HasField("distance_metres"):
        known.append(words.miles(option.distance_metres))
    if option.HasField("travel_minutes"):
        known.append(words.counted(option.travel_minutes, "minute"))
    return "\n".join(known) or "not known"


def _first_option(option: placement_pb2.Option) -> Iterator[RenderableType]:
    yield terminal.heading(f"What {option.setting_name} costs a year")
    rows = [
        (line.label, _ledger(line.ledger), pounds(line.annual_pence), f"{line.basis.replace('_', ' ')}: {line.source}")
        for line in option.cost_lines
    ]
    yield terminal.table(("For", "Ledger", "A year", "Basis and source"), rows, right=("A year",))
    if option.travel_eligibility.reason:
        yield f"Travel: {option.travel_eligibility.reason}"
    doubts = [v for v in option.verdicts if v.outcome == common_pb2.OUTCOME_NEEDS_JUDGEMENT]
    if doubts:
        yield terminal.heading("For the panel to judge")
        for verdict in doubts:
            yield f"- {verdict.reason}{f' ({verdict.evidence})' if verdict.evidence else ''}"


def _ledger(ledger: cost_pb2.Ledger.ValueType) -> str:
    return "marginal" if ledger == cost_pb2.LEDGER_MARGINAL else "budget"


def _requests(given: placement_pb2.Recommendation) -> Iterator[RenderableType]:
    asked = [option for option in given.options if option.requested]
    if not asked:
        return
    yield terminal.heading("The family's request, and what the law asks")
    for option in asked:
        yield f"- {option.setting_name} (ranked {option.rank}). {option.legal_note}".rstrip()
        yield from (f"  {flag.replace('_', ' ').capitalize()}." for flag in option.flags)
