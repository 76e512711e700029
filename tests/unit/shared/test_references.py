"""The id of a request, and the part of it that people quote."""

from __future__ import annotations

import re

import pytest

from shared import logs
from shared.references import new_request_id, reference


def test_an_id_says_who_began_and_is_never_the_same() -> None:
    made = {new_request_id("page") for _ in range(1000)}
    assert len(made) == 1000
    assert all(re.fullmatch("page_[0-9a-hjkmnp-tv-z]{10}", each) for each in made)


@pytest.mark.parametrize(
    ("request_id", "quoted"), [("page_4h9x0c7mqt", "4h9x0c7mqt"), ("", ""), ("odd", "odd"), ("a_b_c", "b_c")]
)
def test_people_quote_what_comes_after_who_began(request_id: str, quoted: str) -> None:
    with logs.in_request(request_id):
        assert reference() == quoted
