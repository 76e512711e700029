"""What somebody filled in."""

from __future__ import annotations

from datetime import date

import pytest

from services.web.forms import LONGEST_TEXT, Answers


def test_a_text_is_stripped_and_has_newlines_alone() -> None:
    assert Answers({"reason": [" one\r\ntwo "]}).text("reason") == "one\ntwo"
    assert Answers().text("reason") == ""


def test_the_form_token_is_never_kept_with_the_answers() -> None:
    assert Answers({"form_token": ["secret"], "reason": ["x"]}).given == {"reason": ["x"]}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("27", "3", "2024"), date(2024, 3, 27)),
        (("1", "12", "2024"), date(2024, 12, 1)),
        (("29", "Feb", "2024"), date(2024, 2, 29)),
        (("2", "september", "2024"), date(2024, 9, 2)),
        (("", "", ""), None),
    ],
)
def test_a_day_is_read_from_its_three_fields(parts: tuple[str, str, str], expected: date | None) -> None:
    form = Answers({f"on-{name}": [value] for name, value in zip(("day", "month", "year"), parts, strict=True)})
    assert form.day("on") == expected
    assert form.errors == {}


@pytest.mark.parametrize(
    "parts", [("31", "2", "2024"), ("1", "", "2024"), ("1", "3", "24"), ("x", "3", "2024"), ("1", "Febber", "2024")]
)
def test_a_day_that_is_none_is_wrong(parts: tuple[str, str, str]) -> None:
    form = Answers({f"on-{name}": [value] for name, value in zip(("day", "month", "year"), parts, strict=True)})
    assert form.day("on") is None
    assert form.errors == {"on": "Enter a real date, such as 27 3 2024"}


def test_a_day_that_must_be_there_is_asked_for() -> None:
    form = Answers()
    form.day("on", "Enter the day")
    assert form.errors == {"on": "Enter the day"}


def test_a_day_filled_in_is_read_back() -> None:
    form = Answers()
    form.put_day("on", date(2024, 2, 1))
    assert form.day("on") == date(2024, 2, 1)


def test_too_long_a_text_says_by_how_much() -> None:
    form = Answers({"reason": ["x" * (LONGEST_TEXT + 1)]})
    form.fitting("reason")
    assert form.errors == {"reason": "Shorten this to 20,000 characters or fewer; it has 20,001"}


def test_a_value_that_was_not_offered_is_wrong() -> None:
    form = Answers({"reply": ["maybe"]})
    form.one_of("reply", ["can_meet"], "Choose what the setting replied")
    assert form.errors == {"reply": "Choose what the setting replied"}


@pytest.mark.parametrize(("text", "number"), [("111217", 111217), ("", 0), ("-1", 0), ("²", 0), ("9" * 12, 0)])
def test_a_number_is_whole_or_none(text: str, number: int) -> None:
    assert Answers({"urn": [text]}).number("urn") == number


def test_the_summary_leads_to_each_field() -> None:
    form = Answers()
    form.wrong("until", "Enter a real date")
    form.wrong("until", "said second")
    form.wrong("", "The panel is closed")
    assert form.summary({"until": "until-day"}) == [
        {"text": "Enter a real date", "href": "#until-day"},
        {"text": "The panel is closed"},
    ]
