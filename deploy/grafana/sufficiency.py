"""What planners look at: places free, the last plan, scenarios. Counts alone, of every setting together."""

from __future__ import annotations

from deploy.grafana.panels import COUNT, SECONDS, Panel, build_dashboard, lines, quantile, stat

PLACES: list[Panel] = [
    lines(
        "Places free, by kind",
        "On the first day last asked about, in the borough.",
        COUNT,
        ('max by (kind) (inborough_places_free{in_borough="yes"})', "{{kind}}"),
    ),
    lines(
        "Places free elsewhere",
        "In pools outside the borough that are on file.",
        COUNT,
        ('max by (kind) (inborough_places_free{in_borough="no"})', "{{kind}}"),
    ),
    stat(
        "Places named over number",
        "Knowingly, for a family's request.",
        COUNT,
        "max(inborough_places_over_number)",
    ),
    stat("Settings on file", "", COUNT, "max(inborough_settings)"),
    stat("Plans in force", "Children and young people.", COUNT, 'max(inborough_cases{stage="open_plan"})'),
    stat("Being assessed", "", COUNT, 'max(inborough_cases{stage="assessment"})'),
]
PLANS: list[Panel] = [
    lines(
        "The last plan",
        "Cases without a place, and in independent and non-maintained special schools (INMSS).",
        COUNT,
        ("max by (outcome) (inborough_plan_cases)", "{{outcome}}"),
    ),
    lines(
        "Time inside the optimiser",
        "95 of 100 plans are quicker.",
        SECONDS,
        (
            quantile(0.95, "inborough_solve_seconds"),
            "one plan",
        ),
    ),
]
SCENARIOS: list[Panel] = [
    lines(
        "Shards of scenarios under way",
        "Ready ones wait for a worker.",
        COUNT,
        ("max by (state) (inborough_scenario_shards)", "{{state}}"),
    ),
    lines(
        "How long the first in the queue has waited",
        "",
        SECONDS,
        ("max(inborough_scenario_shard_wait_seconds)", "waits"),
    ),
    lines("Workers", "Of all events processes.", COUNT, ("sum(inborough_scenario_workers)", "workers")),
    lines(
        "What became of shards",
        "An hour's count.",
        COUNT,
        ("sum by (became) (increase(inborough_scenario_shards_ended_total[1h]))", "{{became}}"),
    ),
]
ROWS = {"Places": PLACES, "Plans": PLANS, "Scenarios": SCENARIOS}
BOARD = build_dashboard("Inborough: sufficiency", "inborough-sufficiency", "now-90d", ROWS)
