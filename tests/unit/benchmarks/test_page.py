"""docs/performance.md: what it says of figures, races, curves and breakdowns, and what it keeps."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as bench
from tests.benchmarks import runs
from tests.benchmarks.figures import Figure
from tests.benchmarks.findings import NOT_ATTRIBUTED, Breakdown, Curve, Finding, Race, from_json, to_json
from tests.benchmarks.page import BUSY, FULL, QUICK, page
from tests.benchmarks.pictures import draw
from tests.benchmarks.runs import Outcome, Part, Run, measured
from tests.benchmarks.tables import tables

FIGURE = Figure("4", "An answer", [9.0, 10.0, 14.0], "x echo", 8, "Four calls.", "An answer takes {}.")
RACE = Race("halton", 2_000, 85_000, "PuLP + CBC", "MIT", "integer programme", [0.1, 0.1, 0.2], [3.0, 4.0, 4.0], 60)
STOPPED = Race("county", 20_000, 859_000, "CP-SAT", "MIT", "integer programme", [2.0], [], 60, "not in 60 s")
CURVE = Curve("optimiser", "core", [100, 1_000, 10_000], [[5.0, 5.0], [1.0, 1.0], [10.0, 100.0]], 1_000, [])
PARTS = Breakdown("Plan, county", {"judge": [1.0, 1.0], "solve": [2.0, 3.0]}, [4.0, 6.0], drawn=True)
EVERYTHING: list[Finding] = [FIGURE, RACE, STOPPED, CURVE, PARTS]


def run(found: list[Finding], *, failed: str = "", command: str = "make bench") -> Run:
    """A run of one part."""
    outcome = Outcome("part", "How fast?", found, 1.0, failed)
    return Run(command, "1 May 2026, 12:00 UTC", 2.0, "a processor", "0 at the start", "Python", [outcome])


def test_a_figure_above_what_is_wanted_is_behind_and_says_why() -> None:
    shown = page({QUICK: run([FIGURE])}, "")
    assert "0 of 1 figures with a target meet it." in shown
    assert "- An answer: 10 x echo, wanted at most 8. Four calls." in shown
    assert "| 4 | An answer | 10 x echo | 9 to 14 | 3 | at most 8 | **behind** | Four calls. |" in shown


def test_a_figure_may_be_wanted_high() -> None:
    quick, slow = (Figure("2", "As quick", [value], "x core", at_least=40.0) for value in (41.0, 39.0))
    assert (quick.met, slow.met, slow.wanted) == (True, False, "at least 40")


def test_a_figure_with_a_headline_is_in_the_summary() -> None:
    assert "- An answer takes 10 times the echo's time." in page({QUICK: run([FIGURE])}, "")


def test_a_run_beside_others_is_told_as_such() -> None:
    busy = replace(run([FIGURE]), load="7.2 at the start, 0.1 at the end")
    assert [BUSY in page({QUICK: one}, "") for one in (run([FIGURE]), busy)] == [False, True]


def test_a_race_is_told_turn_by_turn_with_its_spread() -> None:
    assert RACE.ratios == pytest.approx([30, 40, 20])
    assert "| 4 s | 100 ms | **30** | 20 to 40 | 3 |" in tables([RACE])


def test_a_race_that_was_stopped_says_above_what_its_ratio_is() -> None:
    assert "| not in 60 s | 2 s | above 30 |  | 0 |" in tables([STOPPED])


def test_who_is_quicker_than_the_core_is_named() -> None:
    quicker = Race("halton", 1, 1, "LEMON network simplex", "BSL", "flow", [1.0], [0.25], 60)
    assert "LEMON network simplex (halton 0.25)" in page({QUICK: run([quicker])}, "")


def test_another_optimum_is_told_at_the_top() -> None:
    wrong = Race("halton", 1, 1, "POT", "MIT", "transport", [1.0], [], 60, "another optimum: 2 pence, not 1")
    assert "**POT at halton size: another optimum: 2 pence, not 1**" in page({QUICK: run([wrong])}, "")


def test_an_exponent_is_fitted_from_the_size_that_says_so() -> None:
    assert CURVE.exponents == pytest.approx([1.0, 2.0])


def test_what_no_part_explains_is_shown() -> None:
    assert PARTS.middles == {"judge": 1.0, "solve": 2.5, NOT_ATTRIBUTED: 1.5}
    assert f"| {NOT_ATTRIBUTED} | 1.5 s | 30.0% |" in tables([PARTS])


@pytest.mark.parametrize("finding", EVERYTHING, ids=lambda found: type(found).__name__)
def test_what_is_kept_comes_back_as_it_was(finding: Finding) -> None:
    assert from_json(json.loads(json.dumps(to_json(finding)))) == finding


def test_pictures_are_the_same_bytes_twice_and_have_words(tmp_path: Path) -> None:
    first, second = (draw(EVERYTHING, tmp_path / name) for name in ("a", "b"))
    assert first.replace("a/performance", "b/performance") == second
    assert first.count("![Chart") + first.count("![Stacked bars") == 3
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


def test_nothing_found_draws_nothing(tmp_path: Path) -> None:
    assert draw([], tmp_path) == ""


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the page."""
    monkeypatch.setattr(bench, "ROOT", tmp_path)
    monkeypatch.setattr(bench, "draw", lambda found, _: f"{len(found)} drawn")
    for name, path in (("PAGE", "performance.md"), ("KEPT", "performance.json"), ("PICTURES", "pictures")):
        monkeypatch.setattr(bench, name, tmp_path / path)
    return tmp_path


def test_the_quick_run_leaves_the_full_runs_figures_on_the_page(docs: Path) -> None:
    bench.keep({QUICK: run([FIGURE]), FULL: run([STOPPED], command="make bench-full")})
    bench.keep({QUICK: run([RACE])})
    shown = (docs / "performance.md").read_text(encoding="utf-8")
    assert ("An answer" in shown, "**30**" in shown, "not in 60 s" in shown) == (False, True, True)
    assert "2 drawn" in shown
    assert "`make bench-full`, 1 May 2026, 12:00 UTC" in shown


def test_a_part_that_fails_leaves_the_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks() -> list[Finding]:
        raise RuntimeError("no room")

    found: dict[str, Callable[[], list[Finding]]] = {"breaks": breaks, "works": lambda: [FIGURE]}
    monkeypatch.setattr(
        runs, "import_module", lambda _: type("Module", (), {n: staticmethod(f) for n, f in found.items()})
    )
    made = measured([Part(name, "How fast?", f"module.{name}") for name in found], "make bench")
    assert (made.found, [one.failed for one in made.failed]) == ([FIGURE], ["RuntimeError: no room"])
    assert "**Failed: breaks** (RuntimeError: no room)." in page({QUICK: made}, "")
    assert "works: done" in capsys.readouterr().err
