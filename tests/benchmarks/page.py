"""docs/performance.md: a summary, pictures, then tables by question; what the quick run found, then the full one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tests.benchmarks.figures import Figure
from tests.benchmarks.findings import Finding, Race
from tests.benchmarks.runs import Run
from tests.benchmarks.tables import tables

QUICK, FULL = "quick", "full"
OPENING = """# Performance

`make bench` writes this page and `make bench-full` its second half; it is never edited by hand. Speed is a ratio within
one run, because machines differ: to another solver on the same arrays, to a bare gRPC echo, or to the optimiser's own
time. "Core" is the whole optimiser: arrays in; the exact plan in the policy's strict order with its proof, the price of
one more place in every pool, and what every option of every child does to all others out. Rivals are asked for one
plan at one joint cost, and no more."""
METHOD = """## How it was measured

The services are real processes on SQLite; client, echo, rivals and every service share the machine. A core and a rival
solve the same arrays in turn, in a process of their own; each answer is timed beside an echo in turn, and again with
both called back to back. What a rival proposes is checked, not its word: nobody placed twice, no pool or group over its
places, and the same cost as the optimum, on which raw flow and the core agree. Solvers run with their own defaults; one
that is stopped at its limit, or takes minutes, is not asked for a larger size. Medians are shown, with
the lowest and highest repeat.

Sizes: "panel" is 20 children and 60 pools, "phase" a year group's transfer of 300 (7,000 options), "halton" 2,000
decisions due at once (85,000), "county" 20,000 (859,000), a nation 640,000 in 153 authorities; these are arrays alone.
Of whole services, "Halton today" is the demonstration as `make run` loads it; "Halton" has 2,000 decisions due at once;
"county" is 20,000 plans with as many decisions due as open about 859,000 options, 3,500: no authority decides all its
plans for one day. How sixty people at once fare is on a page of its own: [load](load.md)."""


WHY_QUICKER = """They stop at one plan of one joint cost. For so much alone, LEMON's network simplex and POT need less
time than OR-Tools' flow, which the core stands on; why it stands there is in
[decision 2](decisions/0002-dependencies.md). On a panel's few cases the core is a millisecond of Python around arrays
that hold next to nothing."""
BUSY = "**Others were using the machine meanwhile: its seconds are too many, and ratios scatter.**"


def page(runs: Mapping[str, Run], pictures: str) -> str:
    """The whole page, from the last quick run and the last full one; either may be missing."""
    made = [runs[kind] for kind in (QUICK, FULL) if kind in runs]
    parts = [OPENING, summary([finding for run in made for finding in run.found]), _verdict(made), pictures]
    parts += [_section(kind, runs[kind]) for kind in (QUICK, FULL) if kind in runs]
    return "\n\n".join(part for part in [*parts, METHOD] if part) + "\n"


def summary(found: Sequence[Finding]) -> str:
    """The figures that have a sentence for it, and whether all optima were the same."""
    said = [f"- {one.headline.format(_words(one))}" for one in found if isinstance(one, Figure) and one.headline]
    races = [one for one in found if isinstance(one, Race)]
    ended = sum(bool(one.rival_seconds) for one in races)
    other = [f"{one.rival} at {one.size} size: {one.failed}" for one in races if one.failed.startswith("another")]
    if races:
        agreed = f"the optimum was the same in all {ended} that ended" if not other else f"**{'; '.join(other)}**"
        said.append(f"- {len(races)} races against other solvers: {agreed}.")
    return "\n".join(["## In a minute", "", *said]) if said else ""


def _words(one: Figure) -> str:
    """A figure within a sentence."""
    if one.unit == "s" and one.middle < 1:
        return f"{1_000 * one.middle:.0f} ms"
    return re.sub(r" x (.+)$", r" times the \1's time", one.measured)


def _reason(note: str) -> str:
    """A note as a sentence, or nothing."""
    return f" {note[0].upper()}{note[1:].rstrip('.')}." if note else ""


def _verdict(runs: Sequence[Run]) -> str:
    figures = [one for run in runs for one in run.found if isinstance(one, Figure) and one.met is not None]
    behind = [one for one in figures if not one.met]
    slower = _quicker_than_us(runs)
    lines = [f"{len(figures) - len(behind)} of {len(figures)} figures with a target meet it."]
    if behind:
        lines += ["", "Behind:", ""]
        lines += [f"- {one.what}: {one.measured}, wanted {one.wanted}.{_reason(one.note)}" for one in behind]
    if slower:
        lines += ["", slower]
    lines += [f"\n**Failed: {one.name}** ({one.failed})." for run in runs for one in run.failed]
    return "\n".join(["## Where it is behind", "", *lines])


def _quicker_than_us(runs: Sequence[Run]) -> str:
    quicker: dict[str, list[str]] = {}
    for run in runs:
        for one in run.found:
            if isinstance(one, Race) and one.ratios and (middle := sorted(one.ratios)[len(one.ratios) // 2]) < 1:
                quicker.setdefault(one.rival, []).append(f"{one.size} {middle:.2f}")
    if not quicker:
        return ""
    told = "; ".join(f"{rival} ({', '.join(sizes)})" for rival, sizes in quicker.items())
    return (
        f"Quicker to a plan than our core to its plan, proof, prices and knock-ons, in its time: {told}. {WHY_QUICKER}"
    )


def _section(kind: str, run: Run) -> str:
    questions = list(dict.fromkeys(one.question for one in run.outcomes))
    made = [
        f"## The {kind} run",
        f"- `{run.command}`, {run.began_at_utc}, {run.minutes:.1f} minutes\n- Machine: {run.machine}; load {run.load}\n"
        f"- Versions: {run.versions}",
    ]
    if run.is_busy:
        made.append(BUSY)
    for question in questions:
        found = [finding for one in run.outcomes if one.question == question for finding in one.found]
        if found:
            made += [f"### {question}", tables(found)]
    return "\n\n".join(made)
