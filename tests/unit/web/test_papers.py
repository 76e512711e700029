"""A panel's papers as a file: tagged, and whatever a record holds is shown as it is, never obeyed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inborough.caseload.v1 import caseload_pb2
from inborough.common.v1 import common_pb2
from inborough.cost.v1 import cost_pb2
from inborough.placement.v1 import panels_pb2, placement_pb2
from services.web.pages import pack
from services.web.papers.document import Paper, document_of
from services.web.papers.letters import NO_SHAPE, SHAPED, shown
from services.web.papers.process import typeset
from shared.settings import ServiceSettings
from tests.builders.pdf import ReadPdf, read_pdf

HOSTILE = '#panic("x") #[b] ]} \\ \\u{41} " \' $x^2$ <a> @b `c` = d - e // f /* g */ *h* _i_ ~ -- https://a.example'
DAY = common_pb2.Date(year=2024, month=5, day=1)


def papers_with(text: str, count: int = 1) -> dict[str, Any]:
    """Papers of cases that hold a text wherever a record may have one."""
    verdict = common_pb2.Verdict(rule="need_met", outcome=common_pb2.OUTCOME_MEETS, reason=text, evidence=text)
    line = placement_pb2.CostLine(
        label=text, annual_pence=123456, ledger=cost_pb2.LEDGER_BUDGET, basis="rate_card", source=text
    )
    option = placement_pb2.Option(
        rank=1,
        setting_name=text,
        legal_note=text,
        verdicts=[verdict],
        cost_lines=[line],
        annual_budget_cost_pence=123456,
    )
    ranking = placement_pb2.Recommendation(
        recommendation_id="rec_1", first_day=DAY, policy=text, rules_version="1", options=[option]
    )
    paper = Paper(caseload_pb2.Case(case_id="case_1", year_group=7), [("Asked for", text)], ranking)
    return document_of(panels_pb2.Panel(meets_on=DAY), [paper] * count, text, "on 1 May 2024 at 9:30am")


def file_of(document: dict[str, Any]) -> ReadPdf:
    return read_pdf(typeset(json.dumps(document)))


def test_the_file_is_tagged_and_claims_to_be_for_everybody() -> None:
    found = file_of(papers_with("Invented text.", count=2))
    assert found.marked
    assert found.language == "en-GB"
    assert found.title == "Papers of the panel on 1 May 2024"
    assert found.shows_title
    assert "<pdfuaid:part>1</pdfuaid:part>" in found.claims


def test_headings_tables_and_lists_are_what_they_look_like() -> None:
    found = file_of(papers_with("Invented text.", count=2))
    assert (found.tags["H1"], found.tags["H2"], found.tags["H3"]) == (1, 2, 2)
    assert (found.tags["Table"], found.tags["Caption"], found.tags["THead"]) == (4, 4, 4)
    assert found.header_scopes == ["/Column"] * 14, "three heads of criteria and four of costs, for each case"
    assert found.tags["Lbl"] == found.tags["LBody"] > 0
    assert found.tags["TOCI"] == 2, "a panel turns to a case by the list at the front"


def test_every_page_says_which_it_is() -> None:
    pages = file_of(papers_with("Invented text. " * 200)).pages
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert page.splitlines()[-1].endswith(f"Page {number} of {len(pages)}")


def test_a_case_begins_on_a_page_of_its_own() -> None:
    assert len(file_of(papers_with("Invented text.", count=3)).pages) == 1 + 3


def test_what_a_record_holds_is_shown_and_never_obeyed() -> None:
    text = file_of(papers_with(HOSTILE)).text
    assert text.count("".join(HOSTILE.split())) == 8, "in every place that had it"


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=40))
def test_any_text_can_be_set(text: str) -> None:
    assert file_of(papers_with(text)).marked


def test_every_letter_that_is_let_through_has_a_shape() -> None:
    letters = " ".join(shown(chr(code)) for first, last in SHAPED for code in range(first, last + 1))
    assert file_of(papers_with("") | {"about": letters}).marked


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Ysgol Tŷ Gŵyr, £1,234 – “né”", "Ysgol Tŷ Gŵyr, £1,234 – “né”"),
        ("e\u0301", "é"),
        ("a\x00b\nc\u2028d", "a b c d"),
        ("a\u200bb\u202ec\u00add", "abcd"),
        ("学校", NO_SHAPE * 2),
        ("\U0001f600", NO_SHAPE),
        ("\ue000", NO_SHAPE),
    ],
)
def test_letters_without_a_shape_are_marked(text: str, seen: str) -> None:
    assert shown(text) == seen


def test_what_is_expected_of_later_arrivals_is_said_where_it_was_worked_out() -> None:
    option = placement_pb2.Option(rank=1, pool_id="pool_1", setting_name="Invented School")
    given = placement_pb2.Recommendation(first_day=DAY, options=[option])
    panel, case = panels_pb2.Panel(meets_on=DAY), caseload_pb2.Case(case_id="case_1")
    said = [
        str(document_of(panel, [Paper(case, [], given, later=later)], "Invented council", "now"))
        for later in ({"pool_1": "0.2 children more in INMSS"}, {})
    ]
    assert ["0.2 children more in INMSS" in each for each in said] == [True, False]
    assert ["Expected of children who come later" in each for each in said] == [True, False]


def test_no_options_and_no_cases_are_said() -> None:
    panel = panels_pb2.Panel(meets_on=DAY)
    assert "Nothingisontheagenda." in file_of(document_of(panel, [], "Invented council", "now")).text
    case = caseload_pb2.Case(case_id="case_1")
    none = Paper(case, [], placement_pb2.Recommendation(first_day=DAY))
    refused = Paper(case, [], None, "Invented reason.")
    text = file_of(document_of(panel, [none, refused], "Invented council", "now")).text
    assert "Noplacecouldmeettheneedonthatday." in text
    assert "Nooptionscouldberanked:Inventedreason." in text


def test_papers_of_many_cases_ask_for_fewer_at_a_time_than_a_service_answers_one_person() -> None:
    assert ServiceSettings().calls_at_once > pack.AT_ONCE
