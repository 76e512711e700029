"""The measured part of docs/load.md: everything between its two marks is written anew by each run."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.architecture.source import ROOT
from tests.load.figures import Row, deeds, rows, what_limits
from tests.load.run import PEOPLE, Measured, Wanted
from tests.load.surroundings import commit, machine

DOCUMENT = ROOT / "docs" / "load.md"
BEGINS, ENDS = "<!-- measured: begins -->", "<!-- measured: ends -->"
EVENTS = {
    "options_ranked": "rankings kept",
    "decision_recorded": "decisions recorded",
    "decision_withdrawn": "of them taken back",
    "decision_named": "places named in plans",
    "scenario_finished": "scenarios simulated",
    "plan_proposed": "plans of everything due",
}


def write_down(wanted: Wanted, measured: Measured, path: Path) -> None:
    """Put the figures in the place of the last ones; a document that is not there yet is ours with these."""
    before, _, rest = (path if path.exists() else DOCUMENT).read_text(encoding="utf-8").partition(BEGINS)
    after = rest.partition(ENDS)[2]
    told = "\n".join(line.rstrip() for line in lines(wanted, measured))
    path.write_text(f"{before}{BEGINS}\n{told}\n{ENDS}{after}", encoding="utf-8")


def lines(wanted: Wanted, measured: Measured) -> Iterator[str]:
    """The whole measured part."""
    yield from _where(wanted, measured)
    yield "\n### What limits first\n"
    yield from (f"- {each}" for each in what_limits(measured, os.cpu_count() or 1))
    yield "\n### What was done\n"
    yield from _done(measured)
    yield "\n### Pages\n"
    yield from _pages(rows(measured.played.asked))
    yield "\n### Processes\n"
    yield from _processes(measured)
    yield "\n### What held\n"
    yield from _held(measured)
    yield from _why(measured)


def _where(wanted: Wanted, measured: Measured) -> Iterator[str]:
    yield f"{measured.ended_at:%-d %B %Y}, commit {commit()}: {wanted.panel_users} panel users (a click "
    yield f"every {_span(wanted.thinks['panel'])} s) and {wanted.planners} planners (every "
    yield f"{_span(wanted.thinks['planner'])} s) for {wanted.minutes:g} min, the first {wanted.arrive_seconds:g} s "
    yield f"of which they come in; {wanted.workers} events processes of placement.\n"
    yield _row_of("machine", "system", "load average before and at the end")
    yield _row_of("---", "---", "---")
    loads = f"{measured.resting.load_average:.2f} and {measured.machine.load_average:.2f}"
    yield _row_of(machine(), measured.versions, loads)


def _span(seconds: Sequence[float]) -> str:
    return " to ".join(f"{each:g}" for each in seconds)


def _done(measured: Measured) -> Iterator[str]:
    yield _row_of("what", "how often")
    yield _row_of("---", "---:")
    for name, said in EVENTS.items():
        yield _row_of(said, f"{measured.events[name]:,}")
    for said, count in sorted(measured.played.counts.items()):
        yield _row_of(said, f"{count:,}")
    if measured.plan_seconds:
        took = sorted(measured.plan_seconds)
        yield f"\nA plan of everything due by the command took {took[len(took) // 2]:.1f} s (median of {len(took)})."


def _pages(found: Sequence[Row]) -> Iterator[str]:
    yield "Milliseconds from the click to the whole page, redirects included. **In the way**: the page says "
    yield "what stands in the way, such as what others have just done to the same case (409, 422): answered, no "
    yield "failure. **Too often**: 429.\n"
    yield _row_of("page", "requests", "failed", "in the way", "too often", "p50", "p95", "p99")
    yield _row_of("---", *["---:"] * 7)
    for row in found:
        page = row.page if row.page == "all" else f"`{row.page}`"
        counts = (row.requests, row.failed, row.stood_in_the_way, row.too_often)
        waited = (f"{each:,.0f}" for each in (row.p50, row.p95, row.p99))
        yield _row_of(page, *(f"{count:,}" for count in counts), *waited)


def _processes(measured: Measured) -> Iterator[str]:
    resting, worked = measured.resting.seconds, measured.machine.seconds
    yield f"At rest for {resting:.0f} s before anybody came, then for the {worked:.0f} s with people, each "
    yield "with its children (optimiser, scenario workers, papers). Memory is resident, in MiB; of "
    yield "PostgreSQL, that of our connections.\n"
    yield _row_of("process", "CPU at rest, s", "memory at rest", "CPU, s", "of a core", "most memory")
    yield _row_of("---", *["---:"] * 5)
    for name, used in sorted(measured.under_load.items(), key=lambda item: -item[1].cpu_seconds):
        rest = measured.at_rest.get(name)
        before = (f"{rest.cpu_seconds:.1f}", f"{rest.memory_mib:,.0f}") if rest else ("", "")
        share = used.cpu_seconds / measured.machine.seconds
        yield _row_of(name, *before, f"{used.cpu_seconds:.1f}", f"{share:.2f}", f"{used.most_mib:,.0f}")
    ours = [name for name in measured.under_load if name != PEOPLE]
    most = sum(measured.under_load[name].most_mib for name in ours)
    idle = sum(usage.memory_mib for usage in measured.at_rest.values())
    yield f"\nTogether {idle:,.0f} MiB at rest, and at most {most:,.0f} MiB with people. Connections to PostgreSQL: "
    yield f"{measured.machine.connections} at the most (its `max_connections` is 100 unless it is told otherwise)."


def _held(measured: Measured) -> Iterator[str]:
    recorded = deeds(measured)["decisions recorded"]
    yield f"- Decisions that a page said were recorded: {recorded}; lost, oversold, doubled, without a journal entry, "
    yield f"or in a log with a gap: {len(measured.faults)}."
    yield f"- Every reader of events was at the end of every log {measured.read_after_seconds:.1f} s after people left."
    yield f"- Processes started again: {len(measured.restarts)}."


def _why(measured: Measured) -> Iterator[str]:
    parts = {
        "What stood in the way": measured.played.not_done,
        "What people were about to do and the page no longer had": measured.played.no_way_on,
        "What failed": measured.played.broken,
    }
    for title, found in parts.items():
        if found:
            yield f"\n### {title}\n"
            yield _row_of("what", "times")
            yield _row_of("---", "---:")
            yield from (_row_of(what.replace("|", "/"), str(count)) for what, count in found.most_common(12))


def _row_of(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
