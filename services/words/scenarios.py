"""Figures of scenarios in words: numbers with their bands, and differences that say which way."""

from __future__ import annotations

from inborough.placement.v1 import scenarios_pb2
from services import words
from services.words.pool_names import PlanNames

PROBE = "probe:"
NO_NAMES = PlanNames()
MILLION_PENCE = 100_000_000
THOUSAND_PENCE = 100_000
MEASURES = {
    "children": "Children with a plan",
    "new_plans": "New plans",
    "ceased": "Plans that ceased",
    "decisions_due": "Decisions due",
    "inmss": "In INMSS",
    "unmet": "Without a place",
    "out_of_borough": "Out of borough",
    "spend": "Spend",
    "income": "Income",
    "deficit": "Deficit at the end",
}
"""Whole-authority figures, in the order in which they are shown, as headings of rows."""
UNDER_WAY = (
    scenarios_pb2.SCENARIO_STATE_WAITING,
    scenarios_pb2.SCENARIO_STATE_RUNNING,
    scenarios_pb2.SCENARIO_STATE_SUMMING_UP,
)
FINISHED = scenarios_pb2.SCENARIO_STATE_FINISHED


def title(scenario: scenarios_pb2.Scenario) -> str:
    """Its name and version."""
    return f"{scenario.name}, version {scenario.version}"


def state(scenario: scenarios_pb2.Scenario) -> str:
    """How it stands, and how far it has come."""
    done, said = scenario.progress, doing(scenario)
    if scenario.state not in UNDER_WAY:
        return f"{said} {words.instant(scenario.ended_time)}"
    return (
        f"{said}: {done.replicates_done:,} of {words.counted(done.replicates, 'replicate')}, its baseline's among them"
    )


def span(scenario: scenarios_pb2.Scenario) -> str:
    """ "2024/25 to 2028/29"."""
    first, last = (academic_year(year) for year in (scenario.first_year, scenario.first_year + scenario.years - 1))
    return first if first == last else f"{first} to {last}"


def academic_year(start: int) -> str:
    """ "2028/29"."""
    return f"{start}/{(start + 1) % 100:02}"


def doing(scenario: scenarios_pb2.Scenario) -> str:
    """What is being done to a scenario."""
    if scenario.state == scenarios_pb2.SCENARIO_STATE_WAITING and scenario.progress.replicates_done:
        return "Simulating the baseline"
    return {
        scenarios_pb2.SCENARIO_STATE_WAITING: "Waiting for a worker",
        scenarios_pb2.SCENARIO_STATE_RUNNING: "Simulating",
        scenarios_pb2.SCENARIO_STATE_SUMMING_UP: "Summing up",
        scenarios_pb2.SCENARIO_STATE_FINISHED: "Finished",
        scenarios_pb2.SCENARIO_STATE_CANCELLED: "Cancelled",
        scenarios_pb2.SCENARIO_STATE_FAILED: "Failed",
    }[scenario.state]


def number(value: float, unit: str) -> str:
    """ "133", "2.4" (few, and not whole), "£12.3m", "£48k", "£8,200"."""
    if unit == "pence":
        return _money(value)
    whole = abs(value) >= 10 or abs(value - round(value)) < 0.05
    return f"{value:,.0f}".replace("-0", "0") if whole else f"{value:,.1f}"


def _money(pence: float) -> str:
    sign, size = ("-" if pence < 0 else ""), abs(pence)
    if round(size / THOUSAND_PENCE) >= 1000:
        return f"{sign}£{size / MILLION_PENCE:,.1f}m"
    return f"{sign}£{size / 100:,.0f}" if size < 10 * THOUSAND_PENCE else f"{sign}£{size / THOUSAND_PENCE:,.0f}k"


def banded(band: scenarios_pb2.ScenarioBand, unit: str) -> str:
    """The mean with the span of four fifths of the replicates: "133 (128 to 140)"; alone where they do not differ."""
    mean, low, high = (number(value, unit) for value in (band.mean, band.p10, band.p90))
    return mean if mean == low == high else f"{mean} ({low} to {high})"


def changed(band: scenarios_pb2.ScenarioBand, unit: str) -> str:
    """A difference with its sign, for a table: "-4.2 (-9 to -2)"; "no change" where every replicate has none."""
    if not (band.mean or band.p10 or band.p90):
        return "no change"
    low, high = (_signed(value, unit) for value in (band.p10, band.p90))
    return f"{_signed(band.mean, unit)} ({low} to {high})"


def _signed(value: float, unit: str) -> str:
    said = number(value, unit)
    return f"+{said}" if value > 0 and said.strip("£0.mk") else said


def more_or_fewer(band: scenarios_pb2.ScenarioBand, unit: str, than: str) -> str:
    """A difference within a sentence: "4.2 fewer than the baseline (9 fewer to 2 fewer)"."""
    if not (band.mean or band.p10 or band.p90):
        return f"no different from {than}"
    return f"{_way(band.mean, unit)} than {than} ({_way(band.p10, unit)} to {_way(band.p90, unit)})"


def _way(value: float, unit: str) -> str:
    fewer = "less" if unit == "pence" else "fewer"
    return f"{number(abs(value), unit)} {'more' if value > 0 else fewer}" if value else "none"


def pool_name(pool_id: str, names: PlanNames) -> str:
    """A pool as the register or the definition names it; "" for a probe, which its need, phase and area name."""
    if pool_id.startswith(PROBE):
        return ""
    return names.pool(pool_id).removeprefix("lever:")


def breakdown(figure: scenarios_pb2.ScenarioFigure, names: PlanNames = NO_NAMES) -> tuple[str, ...]:
    """What a figure is broken down by, in words; none for the whole authority."""
    parts = (figure.need, figure.phase.replace("_", " "), figure.area, words.kind(figure.kind) if figure.kind else "")
    line = "INMSS fee" if figure.line == "inmss_fee" else figure.line.replace("hn_", "HN ").replace("_", " ")
    return tuple(part for part in (*parts, pool_name(figure.pool_id, names), line) if part)
