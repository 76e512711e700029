"""What the panel's office looks at: days that pass, offers, consultations, files that grow old."""

from __future__ import annotations

from deploy.grafana.panels import COUNT, DAYS, SECONDS, Panel, build_dashboard, lines, quantile, stat

RPC_SECONDS, RECOMMEND = "grpc_server_handling_seconds", '{grpc_method="RecommendOptions"}'

DEADLINES: list[Panel] = [
    lines(
        "Deadlines within 14 days",
        "Statutory clocks, and days set by a panel.",
        COUNT,
        ('max by (clock) (inborough_deadlines{state="within_14_days"})', "{{clock}}"),
    ),
    lines(
        "Deadlines that have passed",
        "By clock.",
        COUNT,
        ('max by (clock) (inborough_deadlines{state="overdue"})', "{{clock}}"),
    ),
    lines(
        "Decisions due",
        "By the first day of the placement.",
        COUNT,
        ("max by (first_day) (inborough_decisions_due)", "{{first_day}}"),
    ),
    lines(
        "Decisions by how they stand",
        "Requested and naming are under way: they should not stay.",
        COUNT,
        ("max by (state) (inborough_decisions)", "{{state}}"),
    ),
]
OFFERS: list[Panel] = [
    stat("Offers that stand", "Not yet confirmed.", COUNT, "max(inborough_offers_open)"),
    stat("That end within a week", "", COUNT, "max(inborough_offers_expiring)"),
    stat("That end within two days", "", COUNT, "max(inborough_offers_ending)"),
    stat("Places oversold", "Anything but 0 is a fault.", COUNT, "max(inborough_places_oversold)"),
    lines("Consultations without a reply", "", COUNT, ("max by (state) (inborough_consultations)", "{{state}}")),
    lines(
        "Days since files were brought in",
        "Recommendations work on what they said.",
        DAYS,
        ("(time() - max by (kind) (inborough_import_accepted_timestamp_seconds)) / 86400", "{{kind}}"),
    ),
]
ADVICE: list[Panel] = [
    lines(
        "Recommendations",
        "An hour's count, by policy.",
        COUNT,
        ("sum by (policy) (increase(inborough_recommendations_total[1h]))", "{{policy}}"),
    ),
    lines(
        "How long a recommendation takes",
        "The middle one, and the 95th of 100.",
        SECONDS,
        (quantile(0.5, RPC_SECONDS, chosen=RECOMMEND), "middle"),
        (quantile(0.95, RPC_SECONDS, chosen=RECOMMEND), "95th"),
    ),
]
ROWS = {"Deadlines and decisions": DEADLINES, "Offers and consultations": OFFERS, "Advice": ADVICE}
BOARD = build_dashboard("Inborough: panel", "inborough-panel", "now-30d", ROWS)
