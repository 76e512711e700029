"""A panel's day at the pages: agenda, options, decision, signature, name; with the forms alone, no JavaScript."""

from __future__ import annotations

import pytest

from tests.builders.deciding import ASH, ASKS_BIRCH, ASKS_BIRCH_TOO, ASKS_DOGWOOD, BIRCH, FREE
from tests.builders.pages import Authority, Somebody

STEPS = "Invented steps."


def open_panel(chair: Somebody, *case_ids: str) -> str:
    """Open a panel for today with these cases on its agenda; its path."""
    chair.open("/panels/open").send()
    assert chair.heading.startswith("Agenda of the panel on 1 February 2024")
    chair.send(on=list(case_ids))
    assert "The agenda is changed." in chair.text
    return chair.path


def test_a_decision_takes_five_interactions_or_fewer(chair: Somebody, services: Authority) -> None:
    panel = open_panel(chair, services.case_ids[FREE])
    assert "SEMH, Year 7" in chair.text
    before = chair.steps
    chair.follow("Options for the next case")
    assert "Advice only: the panel decides." in chair.text
    chair.follow("Choose")
    chair.send("/decide", section_33_steps=STEPS, views_of_child="Invented views.")
    assert chair.heading == "Check before it is recorded"
    assert "Invented views." in chair.text
    assert "the parents" in chair.text
    chair.send()
    assert chair.steps - before <= 5
    assert "A place at Ash School is held until 29 February 2024" in chair.text
    assert chair.path.startswith("/decisions/dec_")

    decided = chair.path
    assert "Its panel is not signed off yet" in chair.text
    assert ", pool_" not in chair.text, "a place is said in words"
    assert "A decision is in hand" in chair.open(f"/cases/{services.case_ids[FREE]}").text
    assert chair.open(f"/cases/{services.case_ids[FREE]}/options").follow("Choose").path == decided
    assert "Take it back before another is recorded." in chair.text
    chair.open(f"{panel}/close").send(sat__2="user_invented", capacity__2="educational psychologist")
    assert "closed and signed" in chair.text
    chair.open(decided).follow("Name it in the plan").send()
    assert "Named: A place at Ash School from" in chair.text
    chair.follow("Record the appeal letter").send(
        appeal_letter_on__day="1", appeal_letter_on__month="2", appeal_letter_on__year="2024"
    )
    assert "Appeal letter" in chair.text


def test_a_request_is_refused_on_a_ground_with_evidence_or_not_at_all(chair: Somebody, services: Authority) -> None:
    case_id = services.case_ids[ASKS_BIRCH]
    open_panel(chair, case_id)
    chair.open(f"/cases/{case_id}/options")
    assert "Birch School" in chair.text
    assert "s.39(4)" in chair.text
    chair.follow("Choose Cedar High")
    assert ", pool_" not in chair.text, "other places are said in words"
    chair.send("/decide", reason="Invented reason.")
    assert chair.status == 422
    assert chair.page.links[:1]
    wrong = [href for href, text in chair.page.links if href.startswith("#")][1:]
    assert set(wrong) == {f"#ground-{BIRCH}", f"#evidence-{BIRCH}", f"#not_consulted-{BIRCH}"}
    assert {each[1:] for each in wrong} <= set(chair.page.ids), "each error leads to its field"
    assert "Invented reason." in chair.text

    chair.open(f"/cases/{case_id}/consult").send(urn=str(BIRCH))
    assert "Recorded: Birch School, sent 1 Feb 2024" in chair.text
    chair.follow("Record the reply").send(reply="full", text="Invented words of the school.")
    assert "it says that it is full, which is evidence and no ground" in chair.text

    chair.open(f"/cases/{case_id}/decide")
    assert "is here again" in chair.text
    said = {f"ground-{BIRCH}": "incompatible_with_resources", f"evidence-{BIRCH}": "Invented evidence."}
    chair.send("/decide", **said)
    assert "Invented evidence." in chair.text
    chair.send()
    assert "Cedar High" in chair.heading
    assert "Invented words of the school." in chair.text
    chair.follow("Take it back").send(reason="")
    assert chair.status == 422
    chair.send(reason="Invented mistake.")
    assert "Taken back. It stays on the record" in chair.text


def test_a_decision_is_put_off_outside_a_panel_by_a_chair_alone(chair: Somebody, services: Authority) -> None:
    case_id = services.case_ids[ASKS_DOGWOOD]
    chair.open(f"/cases/{case_id}/options").follow("Put the decision off")
    chair.send("/decide", panel_id="none", until__day="31", until__month="2", until__year="2024")
    assert "Enter a real date" in chair.text
    assert "Say why it could not wait for a panel" in chair.text
    chair.send("/decide", until__day="15", urgency="Invented urgency.", reason="Advice is awaited.")
    chair.send()
    assert "Put off until 15 Feb 2024" in chair.text


def test_settings_are_left_out_and_ranked_again_until_that_is_undone(chair: Somebody, services: Authority) -> None:
    case_id = services.case_ids[ASKS_BIRCH_TOO]
    open_panel(chair, case_id)
    chair.open(f"/cases/{case_id}/options?policy=suitable-then-least-cost")
    usual = chair.path
    assert "1. Birch School" in chair.text
    assert "What-if" not in chair.text.split("What if")[0]
    chair.send("/options", without=[str(BIRCH)])
    assert "What-if: Birch School (100002) left out" in chair.text
    assert "Leaving out Birch School answers nothing about the family&#39;s request for it" in chair.text
    assert "policy suitable-then-least-cost" in chair.text, "what else was asked is asked again"
    assert "1. Birch School" not in chair.text
    assert "Left out by whoever asked, not refused by a rule: 1 place pool" in chair.text
    assert "not a finding about the setting" in chair.text
    assert "Birch School (100002): left out of this what-if" in chair.text

    assert chair.form("/options").fields["without"] == [str(BIRCH)], "what is left out stays so"
    chair.send("/options", without=[str(BIRCH), str(ASH)])
    assert "What-if: Ash School (100001) and Birch School (100002) left out" in chair.text
    both = chair.path
    chair.follow("with Birch School again")
    assert "What-if: Ash School (100001) left out" in chair.text
    chair.open(both).follow("Rank again with everything")
    assert chair.path == usual, "the same question again has the same answer"


def test_a_decision_on_a_what_if_shows_that_it_was_one(chair: Somebody, services: Authority) -> None:
    case_id = services.case_ids[ASKS_DOGWOOD]
    open_panel(chair, case_id)
    chair.open(f"/cases/{case_id}/options?without={ASH}").follow("Put the decision off")
    assert "What-if: Ash School (100001) left out" in chair.text
    chair.send("/decide", reason="")
    assert "Say why: the ranking is a what-if that leaves settings out" in chair.text
    chair.send("/decide", reason="Invented reason.")
    assert "What-if: Ash School (100001) left out" in chair.text
    chair.send()
    assert chair.path.startswith("/decisions/dec_")
    assert chair.text.count("What-if: Ash School (100001) left out") == 2
    assert "put off (what-if)" in chair.open("/decisions").text


def test_a_second_panel_on_a_day_is_opened_with_a_warning_that_names_the_first(chair: Somebody) -> None:
    day = {f"meets_on__{part}": value for part, value in (("day", "9"), ("month", "5"), ("year", "2024"))}
    chair.open("/panels/open").send(**day)
    first = chair.path.split("/")[2]
    assert "too, and is not closed" not in chair.text
    chair.open("/panels/open").send(**day)
    assert f"{first} meets on 9 May 2024 too, and is not closed." in chair.text


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("?policy=keeps-places-for-later-arrivals", 200, "Expected of children who come later this year"),
        ("?without=999999", 422, "URN 999999 is no setting on file today"),
        ("?without=Ash", 422, "a URN is a number"),
        ("?" + "&".join(f"without={urn}" for urn in range(100001, 100023)), 422, "at most 20 settings"),
        ("?policy=none-such", 404, "There is no policy none-such"),
        ("?first_day-day=99&first_day-month=1", 422, "Enter a real date"),
        ("?top=500", 200, "Advice only"),
    ],
)
def test_a_what_if_ranks_again_or_says_why_not(
    chair: Somebody, services: Authority, query: str, status: int, said: str
) -> None:
    chair.open(f"/cases/{services.case_ids[ASKS_DOGWOOD]}/options{query}")
    assert chair.status == status
    assert said in chair.text


def test_the_papers_of_a_panel_have_each_case_with_its_options(chair: Somebody, services: Authority) -> None:
    panel = open_panel(chair, services.case_ids[ASKS_DOGWOOD])
    chair.open(f"{panel}/pack")
    assert services.case_ids[ASKS_DOGWOOD] in chair.text
    assert "Suitability by criterion" in chair.text
    assert "What it costs a year, line by line" in chair.text
