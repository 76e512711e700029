"""Who sat on a panel, as its chair writes it down."""

from __future__ import annotations

import pytest

from services.web.forms import Answers
from services.web.pages.one_panel import attendance


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("chair", "chair"),
        ("Educational Psychologist", "educational_psychologist"),
        ("Educational Psychologist (locum)", "educational_psychologist_locum"),
        ("SEN co-ordinator", "sen_co_ordinator"),
    ],
)
def test_a_capacity_is_kept_as_its_words(said: str, kept: str) -> None:
    form = Answers({"sat-1": ["user_ed"], "capacity-1": [said]})
    assert [sat.capacity for sat in attendance(form)] == [kept]
    assert form.errors == {}


def test_a_capacity_without_a_word_is_asked_for() -> None:
    form = Answers({"sat-1": ["user_ed"], "capacity-1": ["-"]})
    attendance(form)
    assert list(form.errors) == ["capacity-1"]
