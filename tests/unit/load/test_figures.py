"""What a run's figures say, and what of it counts as a failure."""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.load.document import BEGINS, DOCUMENT, ENDS, write_down
from tests.load.figures import percentile, rows, what_limits
from tests.load.people.outcomes import DONE, FAILED, STOOD_IN_THE_WAY, TOO_OFTEN, Asked, Played, outcome, why
from tests.load.people.person import Answer
from tests.load.run import PEOPLE, Measured, Wanted
from tests.load.sampling import Machine, Meter, Usage


def measured(played: Played | None = None, busy: float = 10.0, **cpu_seconds: float) -> Measured:
    """Ten seconds of two cores."""
    used = {name: Usage(seconds, 100, 120) for name, seconds in {"web": 4.0, "placement": 3.0, **cpu_seconds}.items()}
    return Measured(
        ended_at=datetime(2026, 11, 26, 3, tzinfo=UTC),
        versions="PostgreSQL 15",
        played=played or Played([Asked("GET /", DONE, 30.0, 1.0)], [("recorded", "dec_1")], Counter(rounds=2)),
        at_rest=used,
        under_load={**used, PEOPLE: Usage(1.0, 50, 60)},
        resting=Machine(10.0, 1.0, 0.5),
        machine=Machine(10.0, busy, 2.5),
        events=Counter(decision_recorded=1),
        plan_seconds=[2.0],
        plans_failed=0,
        loaded_seconds=30.0,
        read_after_seconds=0.5,
        faults=[],
        restarts=[],
    )


@pytest.mark.parametrize(
    ("status", "asked", "ended", "expected"),
    [
        (200, "/", "/", DONE),
        (409, "/decisions/dec_1/withdraw", "/decisions/dec_1/withdraw", STOOD_IN_THE_WAY),
        (422, "/cases/case_1/decide", "/cases/case_1/decide", STOOD_IN_THE_WAY),
        (429, "/", "/", TOO_OFTEN),
        (404, "/panels/panel_1", "/panels/panel_1", FAILED),
        (503, "/", "/", FAILED),
        (0, "/", "/", FAILED),
        (200, "/cases", "/sign-in?next=/cases", FAILED),
        (200, "/sign-in", "/sign-in", DONE),
    ],
)
def test_a_page_that_says_what_stands_in_the_way_has_answered_and_a_lost_sign_in_has_not(
    status: int, asked: str, ended: str, expected: str
) -> None:
    assert outcome(Answer(status, ended, ""), asked) == expected


def test_what_stood_in_the_way_is_said_without_ids() -> None:
    listed = '<ul class="govuk-error-summary__list"><li><a href="#a">case_0123456789abcdef isn&#39;t</a></li></ul>'
    assert why(Answer(422, "/", f"<h1>Check</h1>{listed}<ul><li>else</li></ul>")) == "… isn't"
    assert why(Answer(409, "/", "<h1>This cannot be done</h1>")) == "This cannot be done"


def test_percentiles_are_values_that_somebody_waited() -> None:
    assert [percentile(list(range(1, 101)), share) for share in (0.5, 0.95, 0.99)] == [50, 95, 99]
    assert (percentile([7.0], 0.99), percentile([], 0.5)) == (7.0, 0.0)


def test_pages_are_counted_apart_and_together() -> None:
    asked = [Asked("GET /", DONE, 10, 0), Asked("GET /", FAILED, 30, 1), Asked("POST /panels/open", TOO_OFTEN, 20, 2)]
    start, opened, everything = rows(asked)
    assert (start.page, start.requests, start.failed, start.p50, start.p99) == ("GET /", 2, 1, 10, 30)
    assert (opened.too_often, opened.failed) == (1, 0)
    assert (everything.page, everything.requests, everything.p50) == ("all", 3, 20)


def test_what_limits_is_said_of_this_and_never_of_a_busy_machine_alone() -> None:
    assert what_limits(measured(busy=8.0), 2)[0].startswith("The processor had room: 0.80 of 2 cores")
    assert "web (0.40 of a core) and placement (0.30)" in what_limits(measured(busy=8.0), 2)[1]
    full = what_limits(measured(busy=19.0, web=9.0), 2)
    assert full[0].startswith("The processor limits first")
    assert full[2].startswith("0.60 cores went to programs that are not of this")
    assert full[3].startswith("web is near what one process can do")


def test_the_measured_part_of_the_document_alone_is_written_anew(tmp_path: Path) -> None:
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGINS)
    path = tmp_path / "load.md"
    path.write_text(f"{before}{BEGINS}\nold figures\n{ENDS}{rest.partition(ENDS)[2]}", encoding="utf-8")
    write_down(Wanted(minutes=1), measured(), path)
    written = path.read_text(encoding="utf-8")
    assert written.startswith(before)
    assert "old figures" not in written
    assert "26 November 2026" in written
    assert "| `GET /` | 1 | 0 | 0 | 0 | 30 | 30 | 30 |" in written
    assert "| web | 4.0 | 100 | 4.0 | 0.40 | 120 |" in written
    assert "| decisions recorded | 1 |" in written


def test_a_document_that_is_not_there_yet_is_ours_with_these_figures(tmp_path: Path) -> None:
    path = tmp_path / "load.md"
    write_down(Wanted(minutes=1), measured(), path)
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGINS)
    written = path.read_text(encoding="utf-8")
    assert (written.startswith(before), written.endswith(rest.partition(ENDS)[2])) == (True, True)
    assert "| web | 4.0 | 100 | 4.0 | 0.40 | 120 |" in written


def test_a_meter_counts_what_a_process_takes_from_where_it_began() -> None:
    meter = Meter({"this": os.getpid()}, "no such database")
    sum(number * number for number in range(3_000_000))
    meter.look()
    used = meter.usage()["this"]
    assert 0.02 < used.cpu_seconds < 60
    assert used.most_mib >= used.memory_mib > 20
