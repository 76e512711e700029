"""Money: pounds as people write them become whole pence, or are refused."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.pence import parse_pounds, pounds


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("1234", 123_400),
        ("1,234.56", 123_456),
        ("£1,234.5", 123_450),
        (" £0.07 ", 7),
        ("-12.30", -1_230),
        ("-£5", -500),
        ("1234.5600", 123_456),
        ("10,000,000,000", 10**12),
    ],
)
def test_pounds_are_read_as_whole_pence(text: str, pence: int) -> None:
    assert parse_pounds(text) == pence


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not an amount"),
        ("n/a", "not an amount"),
        ("12,34", "not an amount"),
        ("1.234,56", "not an amount"),
        ("1,2345", "not an amount"),
        ("1e3", "not an amount"),
        ("1e999999999", "not an amount"),
        ("NaN", "not an amount"),
        ("sNaN", "not an amount"),
        ("Infinity", "not an amount"),
        ("1_000", "not an amount"),
        ("١٢", "not an amount"),
        ("9" * 400, "not an amount"),
        ("0.005", "at most two decimals"),
        ("10,000,000,000.01", "check the figure"),
    ],
)
def test_what_is_no_amount_is_refused_with_the_rule(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_pounds(text)


@given(st.integers(-(10**12), 10**12))
def test_an_amount_survives_writing_and_reading(pence: int) -> None:
    sign, whole = "-" if pence < 0 else "", abs(pence)
    assert parse_pounds(f"{sign}£{whole // 100:,}.{whole % 100:02}") == pence


@given(st.text())
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    with suppress(ValueError):
        assert abs(parse_pounds(text)) <= 10**12


@pytest.mark.parametrize(
    ("pence", "text"), [(4_820_049, "£48,200"), (-150_000, "-£1,500"), (0, "£0"), (50, "£0"), (150, "£2"), (-1, "£0")]
)
def test_pounds_are_shown_whole(pence: int, text: str) -> None:
    assert pounds(pence) == text
