"""What the family asked for: the law once for each setting, then what speaks for and against each place there."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from inborough.common.v1 import common_pb2
from inborough.placement.v1 import placement_pb2
from services import words
from services.cli import terminal
from services.cli.pages.cost_table import cost_table
from services.words.options import REGISTER_DIFFERS, over_threshold

ABOVE = "Its costs, travel and what the panel must judge are above."


def request_lines(given: placement_pb2.Recommendation, policy: placement_pb2.Policy | None) -> Iterator[RenderableType]:
    """Nothing when the family asked for none; `policy` is the one used, where known."""
    settings: dict[int, list[placement_pb2.Option]] = {}
    for option in given.options:
        if option.requested:
            settings.setdefault(option.urn, []).append(option)
    if settings:
        yield terminal.heading("The family's request, and what the law asks")
    for place, options in enumerate(settings.values()):
        between = "\n" if place else ""
        yield f"{between}- {options[0].setting_name}. {options[0].legal_note}".rstrip()
        for option in options:
            yield from _place(option, given, policy)


def _place(
    option: placement_pb2.Option, given: placement_pb2.Recommendation, policy: placement_pb2.Policy | None
) -> Iterator[RenderableType]:
    ranked = f"ranked {option.rank}" if option.rank else "not ranked"
    yield f"{words.kind(option.kind).capitalize() if option.kind else 'Place'}: {ranked}."
    if "request_over_threshold" in option.flags:
        yield over_threshold(option, given.options, policy)
    if "legal_class_differs_from_register" in option.flags:
        yield REGISTER_DIFFERS
    if option.rank == 1:
        yield ABOVE
        return
    yield from verdict_lines(option, common_pb2.OUTCOME_FAILS, "A rule fails: ")
    yield from verdict_lines(option, common_pb2.OUTCOME_NEEDS_JUDGEMENT, "For the panel to judge: ")
    if option.travel_eligibility.reason:
        yield f"Travel: {option.travel_eligibility.reason}"
    if option.cost_lines:
        yield cost_table(option)


def verdict_lines(
    option: placement_pb2.Option, outcome: common_pb2.Outcome.ValueType, before: str = ""
) -> Iterator[str]:
    """The sentences of the rules that came out so, each with its evidence."""
    for verdict in option.verdicts:
        if verdict.outcome == outcome:
            yield f"- {before}{verdict.reason}{f' ({verdict.evidence})' if verdict.evidence else ''}"
