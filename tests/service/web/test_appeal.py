"""Representation and appeal at the pages: recorded, corrected, refused and shown, with the forms alone."""

from __future__ import annotations

import pytest

from tests.builders.deciding import ASKS_BIRCH, ASKS_DOGWOOD, FREE
from tests.builders.pages import Authority, Somebody, somebody
from tests.builders.pdf import read_pdf

DAY = ("day", "month", "year")


def on(day: str, field: str = "happened_on") -> dict[str, str]:
    """The three fields of a day such as 1 2 2024."""
    return {f"{field}__{part}": value for part, value in zip(DAY, day.split(), strict=True)}


def record(chair: Somebody, kind: str, day: str, **more: str) -> Somebody:
    return chair.follow("Record a step of representation").send(kind=kind, **on(day), **more)


@pytest.fixture(scope="module")
def named(services: Authority, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of a decision whose place is named, with its letter."""
    with somebody(services, tmp_path_factory.mktemp("named")) as chair:
        chair.sign_in("panel_chair").open(f"/cases/{services.case_ids[FREE]}/options").follow("Choose")
        chair.send("/decide", panel_id="none", urgency="Invented urgency.", section_33_steps="Invented steps.")
        chair.send().follow("Name it in the plan").send(**on("1 2 2024", "appeal_letter_on"))
        return chair.path


def test_a_decision_without_any_step_says_what_to_record_first(chair: Somebody, services: Authority) -> None:
    chair.open(f"/cases/{services.case_ids[ASKS_BIRCH]}/options").follow("Choose")
    chair.send("/decide", panel_id="none", urgency="Invented urgency.", reason="Invented reason.").send()
    assert chair.path.startswith("/decisions/dec_")
    assert "Begin with the day on which the draft plan was sent" in chair.text
    record(chair, "appeal_registered", "1 2 2024")
    assert chair.status == 422
    assert "mediation and appeal follow a place that is named in the plan" in chair.text
    assert "inborough decisions name" not in chair.text, "a page names no command"


def test_an_appeal_is_recorded_corrected_and_shown_wherever_the_case_is(
    chair: Somebody, services: Authority, named: str
) -> None:
    chair.open(named)
    assert "Last day for the family to appeal: 1 Apr 2024" in chair.text
    assert "Two months from the letter of 1 February 2024: 1 April 2024." in chair.text
    record(chair, "draft_sent", "8 1 2024")
    assert "Recorded: draft plan sent 8 Jan 2024." in chair.text
    assert "the first being 8 January 2024, when the draft was sent: 22 January 2024." in chair.text
    record(chair, "appeal_registered", "1 2 2024", reference="EH876/24/00012")
    assert "Appeal under way; appeal registered 1 Feb 2024 (EH876/24/00012)" in chair.text
    record(chair, "hearing", "9 9 2024")
    chair.follow("Correct step 1").send(**on("9 1 2024"))
    assert "replaced by step 4" in chair.text
    assert "23 January 2024." in chair.text
    chair.follow("Correct step 3").send(never="yes")
    assert "Recorded: hearing: taken back." in chair.text

    case_id = services.case_ids[FREE]
    chair.open(f"/cases/{case_id}")
    assert chair.text.count("Appeal under way; appeal registered 1 Feb 2024") == 2
    chair.open("/decisions?appeal=yes")
    assert case_id in chair.text
    assert services.case_ids[ASKS_BIRCH] not in chair.text
    chair.open(named)
    record(chair, "appeal_decided", "1 2 2024", outcome="conceded")
    assert "appeal ended 1 Feb 2024: conceded by the authority" in chair.text
    assert "No decision is like that." in chair.open("/decisions?appeal=yes").text


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({}, "#kind", "Say what happened"),
        ({"kind": "draft_sent"}, "#happened_on-day", "Enter the day that it happened"),
        ({"kind": "draft_sent", **on("31 2 2024")}, "#happened_on-day", "Enter a real date"),
        ({"kind": "draft_sent", **on("2 2 2024")}, "#happened_on-day", "Must not be after today"),
        (
            {"kind": "draft_sent", **on("8 1 2024"), "reference": "Jo"},
            "#reference",
            "Leave it out: only a registered appeal has it",
        ),
        ({"kind": "appeal_decided", **on("1 2 2024")}, "#outcome", "Say how the appeal ended"),
    ],
)
def test_what_is_wrong_leads_to_its_field_and_nothing_is_lost(
    chair: Somebody, named: str, sent: dict[str, str], field: str, said: str
) -> None:
    chair.open(f"{named}/appeal").send(**sent)
    assert chair.status == 422
    assert said in chair.text
    assert field in [href for href, _ in chair.page.links]
    assert field.removeprefix("#") in chair.page.ids
    if "kind" in sent:
        assert chair.form().fields["kind"] == [sent["kind"]]


def test_somebody_who_may_not_record_sees_the_facts_alone(visitor: Somebody, named: str) -> None:
    visitor.sign_in("auditor").open(named)
    assert "Representation and appeal" in visitor.text
    assert not [href for href, _ in visitor.page.links if href.endswith("/appeal")]


def test_a_panels_papers_have_it_on_the_page_and_in_the_file(chair: Somebody, services: Authority) -> None:
    case_id = services.case_ids[ASKS_DOGWOOD]
    chair.open(f"/cases/{case_id}/options").follow("Put the decision off")
    chair.send("/decide", panel_id="none", urgency="Invented urgency.", reason="Invented reason.").send()
    record(chair, "draft_sent", "22 1 2024")
    chair.open("/panels/open").send()
    panel = chair.send(on=[case_id]).path
    said = "draft plan sent 22 Jan 2024; last day for the family's views on the draft: 5 Feb 2024, in 4 days."
    assert said in chair.open(f"{panel}/pack").text.replace("&#39;", "'")
    assert "".join(said.split()) in read_pdf(chair.client.get(f"{panel}/pack.pdf").content).text
