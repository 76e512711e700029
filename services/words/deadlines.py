"""Statutory clocks in words."""

from __future__ import annotations

CLOCKS = {
    "assess": "say whether to assess (6 weeks)",
    "refuse_plan": "say if no plan is issued (16 weeks)",
    "finalise_plan": "final plan (20 weeks)",
    "phase_transfer": "phase transfer named (15 February)",
    "post_16_transfer": "move to post-16 named (31 March)",
    "post_16_move": "move between post-16 institutions named (5 months before)",
    "panel": "the day on file for the decision",
}
