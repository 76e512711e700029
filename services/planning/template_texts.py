"""Templates of files: static, one with the heading and example rows, one that says what each column means."""

from __future__ import annotations

import csv
from pathlib import Path

RATES_NEEDED = (
    "A card must have: transport and transport_solo from 0 metres, transport_wheelchair, passenger_assistant, "
    "transport_days, and an inmss_fee with kind, need, band and URN blank. A kind of place is priced by place_funding "
    "or top_up, hn_unit by hn_unit_block; a kind that no row prices cannot be quoted."
)
FOLDER = Path(__file__).resolve().parent / "templates"


def text(name: str) -> str:
    """The template as CSV text."""
    return (FOLDER / f"{name}.csv").read_text(encoding="utf-8")


def columns(name: str) -> list[dict[str, str]]:
    """Each column's `column`, `needed` (yes or no) and `meaning`, in order."""
    with (FOLDER / f"{name}.columns.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
