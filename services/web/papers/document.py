"""What a panel's papers say, as plain text, lists and tables: the same as services/web/templates/panels/pack.html."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from inborough.caseload.v1 import caseload_pb2
from inborough.placement.v1 import panels_pb2, placement_pb2
from services import words
from services.web.papers.letters import shown
from services.web.words import ranking
from services.words.cases import case_line
from services.words.options import effect
from shared.pence import pounds

NONE_SUITABLE = "No place could meet the need on that day."
NO_AGENDA = "Nothing is on the agenda."
ADVICE = "Advice only: the panel decides."
LATER = "Expected of children who come later this year, if it is taken"


@dataclass(frozen=True)
class Paper:
    """One case's papers. `given` is its ranking; None where there is none, and `why_not` says why.

    `later` says by pool id what is expected of children who come later, where that was worked out.
    """

    case: caseload_pb2.Case
    facts: Sequence[tuple[str, str]]
    given: placement_pb2.Recommendation | None
    why_not: str = ""
    later: Mapping[str, str] = field(default_factory=dict)

    @property
    def line(self) -> str:
        """The case in one sentence."""
        return case_line(self.case)


def document_of(panel: panels_pb2.Panel, papers: Sequence[Paper], council: str, ranked: str) -> dict[str, Any]:
    """What services/web/papers/pack.typ sets, as JSON can hold it. `ranked`: when, "on 1 May 2024 at 9:30am"."""
    title = f"Papers of the panel on {words.day(panel.meets_on)}"
    about = f"{words.counted(len(papers), 'case')}. Ranked {ranked}. {ADVICE}"
    cases = [_case(number, paper) for number, paper in enumerate(papers, 1)]
    found = {"title": title, "council": council, "about": about, "none": NO_AGENDA, "cases": cases}
    return {name: readable(part) for name, part in found.items()}


def readable(part: Any) -> Any:
    """The same with every text in letters that the fonts have."""
    if isinstance(part, str):
        return shown(part)
    if isinstance(part, dict):
        return {name: readable(each) for name, each in part.items()}
    return [readable(each) for each in part] if isinstance(part, list) else part


def _case(number: int, paper: Paper) -> dict[str, Any]:
    given = paper.given
    found = {"heading": f"{number}. {paper.line}", "facts": _told(paper.facts)}
    if given is None:
        return found | {"note": f"No options could be ranked: {paper.why_not}", "options": [], "none": ""}
    note = (
        f"Ranking {given.recommendation_id}, {words.day(given.first_day)}, policy {given.policy}, "
        f"rules {given.rules_version}."
    )
    none = "" if given.options else NONE_SUITABLE
    return found | {"note": note, "options": [_option(option, paper.later) for option in given.options], "none": none}


def _option(option: placement_pb2.Option, later: Mapping[str, str]) -> dict[str, Any]:
    facts = [
        ("It is", ", ".join(ranking.marks(option))),
        ("Journey", ranking.journey(option)),
        ("Places free", ranking.free(option)),
        ("Effect on others", effect(option)),
        (LATER, later.get(option.pool_id, "")),
        ("What the law asks", option.legal_note),
    ]
    tables = [_verdicts(option), *([_costs(option)] if option.cost_lines else [])]
    return {"heading": ranking.title(option), "facts": _told(facts), "tables": tables}


def _told(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    return [[name, value] for name, value in pairs if value]


def _verdicts(option: placement_pb2.Option) -> dict[str, Any]:
    rows = [
        [ranking.rule(each.rule), ranking.outcome(each), " ".join(filter(None, (each.reason, each.evidence)))]
        for each in option.verdicts
    ]
    return {
        "caption": "Suitability by criterion",
        "heads": ["Criterion", "Outcome", "Why, and on what evidence"],
        "widths": [3, 2, 6],
        "numeric": -1,
        "rows": rows,
        "totals": [],
    }


def _costs(option: placement_pb2.Option) -> dict[str, Any]:
    rows = [
        [line.label, ranking.ledger(line), pounds(line.annual_pence), f"{line.basis.replace('_', ' ')}: {line.source}"]
        for line in option.cost_lines
    ]
    return {
        "caption": "What it costs a year, line by line",
        "heads": ["For", "Ledger", "A year", "Basis and source"],
        "widths": [4, 2, 2, 5],
        "numeric": 2,
        "rows": rows,
        "totals": [["Total", name, pounds(total), ""] for name, total in ranking.totals(option)],
    }
