"""Which parts a run has, and in which order."""

from __future__ import annotations

from tests.benchmarks.runs import Part

OPTIMISER = "How fast is the optimiser beside others?"
AGAIN = "How fast is one change planned again?"
ANSWER = "What does one answer take?"
PLAN = "Where does a plan's time go, and how does it grow?"
IMPORTS = "What does bringing files in take?"
MEMORY = "What do starting and resting take?"
PLANNERS = "What do planners' questions take?"
NATION = "And a nation?"
OTHERS = "What do runs, and planning with them or for later, give for their time?"
TRUE = "And is it true?"

QUICK_PARTS = (
    Part("core_figures", OPTIMISER, "core_figures.measure"),
    Part("races", OPTIMISER, "races.quick"),
    Part("replans", AGAIN, "core_figures.replans"),
    Part("one_change", AGAIN, "one_change.measure"),
    Part("recommend_path", ANSWER, "recommend_path.measure"),
    Part("whole_path", PLAN, "whole_path.measure"),
    Part("starting", MEMORY, "starting.measure"),
    Part("siting", PLANNERS, "siting.measure"),
    Part("scenarios", PLANNERS, "scenarios.measure"),
)
"""Minutes together."""

FULL_PARTS = (
    Part("slow_races", OPTIMISER, "races.slow"),
    Part("nation_core", NATION, "national.measure"),
    Part("importing", IMPORTS, "importing.measure"),
    Part("traced", ANSWER, "traced.measure"),
    Part("simulate", PLANNERS, "simulate.measure"),
    Part("replay", OTHERS, "replay.brief"),
    Part("joint", OTHERS, "joint.measure"),
    Part("quotes_by_runs", OTHERS, "quotes_by_runs.measure"),
    Part("routes", OTHERS, "routes.measure"),
    Part("truth", TRUE, "truth.measure"),
    Part("nation", NATION, "nation.measure"),
)
"""What takes minutes each."""

ASKED_FOR = (Part("nation_sample", NATION, "nation.sample"),)
"""Measured only when asked for by name."""

ALL = {part.name: part for part in (*QUICK_PARTS, *FULL_PARTS, *ASKED_FOR)}
