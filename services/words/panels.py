"""Panels in words."""

from __future__ import annotations

from collections.abc import Iterable

from inborough.placement.v1 import panels_pb2
from services import words


def same_day(opened: panels_pb2.Panel, still_open: Iterable[panels_pb2.Panel]) -> str:
    """Which other panels that are not closed meet on the day of the one just opened; "" for none."""
    that_day = (panel.panel_id for panel in still_open if panel.meets_on == opened.meets_on)
    others = [panel_id for panel_id in that_day if panel_id != opened.panel_id]
    if not others:
        return ""
    which = f"{' and '.join(others)} {'meets' if len(others) == 1 else 'meet'} on {words.day(opened.meets_on)} too"
    return f"{which}, and {'is' if len(others) == 1 else 'are'} not closed. Put cases on one, unless more are meant."
