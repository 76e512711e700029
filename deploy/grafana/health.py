"""What whoever runs the system looks at first: objectives, calls, events, processes."""

from __future__ import annotations

from deploy.grafana.panels import (
    A_SECOND,
    BYTES,
    COUNT,
    DAYS,
    RATIO,
    SECONDS,
    Panel,
    build_dashboard,
    lines,
    quantile,
    stat,
)

OBJECTIVES: list[Panel] = [
    stat("Calls that fail, last hour", "0.5 % are allowed.", RATIO, "max(grpc_service:rpc_errors:ratio_rate1h)"),
    stat("Recommendations over 1 s", "5 % are allowed.", RATIO, "recommendations:slow:ratio_rate1h"),
    stat("Pages that fail, last hour", "0.5 % are allowed.", RATIO, "pages:errors:ratio_rate1h"),
    stat("Pages over 2.5 s", "5 % are allowed.", RATIO, "pages:slow:ratio_rate1h"),
]
CALLS: list[Panel] = [
    lines(
        "Calls",
        "By service.",
        A_SECOND,
        ("sum by (grpc_service) (rate(grpc_server_handled_total[$__rate_interval]))", "{{grpc_service}}"),
    ),
    lines(
        "Calls that did not succeed",
        "INVALID_ARGUMENT and the like are the caller's doing; INTERNAL and UNAVAILABLE are ours.",
        A_SECOND,
        (
            'sum by (grpc_code) (rate(grpc_server_handled_total{grpc_code!="OK"}[$__rate_interval]))',
            "{{grpc_code}}",
        ),
    ),
    lines(
        "How long calls take",
        "95 of 100 are quicker.",
        SECONDS,
        (
            quantile(0.95, "grpc_server_handling_seconds", by="grpc_service"),
            "{{grpc_service}}",
        ),
    ),
    lines(
        "How long pages take",
        "95 of 100 are quicker.",
        SECONDS,
        (quantile(0.95, "http_request_seconds"), "pages"),
    ),
]
EVENTS: list[Panel] = [
    lines(
        "How far behind readers are",
        "All that happened before was taken. Some seconds are usual.",
        SECONDS,
        ("service_source:event_lag:seconds", "{{service}} of {{source}}"),
    ),
    lines(
        "Events that wait, and dead letters",
        "Both should be none.",
        COUNT,
        ("service_source:events_not_taken:count", "{{service}} of {{source}}"),
        ("max by (service, source) (inborough_dead_letters)", "set aside: {{service}} of {{source}}"),
    ),
]
MACHINE: list[Panel] = [
    lines("Processes that answer", "1 is up.", COUNT, ('up{job="inborough"}', "{{process}}")),
    lines(
        "Memory",
        "Of each process, without its workers.",
        BYTES,
        ("max by (process) (process_resident_memory_bytes)", "{{process}}"),
    ),
    lines(
        "Errors of databases",
        "Constraint: two at once, one refused, as it should be.",
        A_SECOND,
        (
            "sum by (process, kind) (rate(inborough_database_errors_total[$__rate_interval]))",
            "{{process}} {{kind}}",
        ),
    ),
    lines(
        "Lost worker processes, and readings that failed",
        "An hour's count.",
        COUNT,
        ("sum by (module) (increase(inborough_workers_died_total[1h]))", "{{module}}"),
        (
            "sum by (service, error_type) (increase(inborough_event_pulls_failed_total[1h]))",
            "{{service}} {{error_type}}",
        ),
    ),
    stat(
        "Days to the first end of a certificate",
        "Renew in time.",
        DAYS,
        "(min(inborough_certificate_not_after_timestamp_seconds) - time()) / 86400",
    ),
    stat(
        "Days since the journal was verified",
        "Weekly.",
        DAYS,
        "(time() - max(inborough_journal_verified_timestamp_seconds)) / 86400",
    ),
    stat(
        "Entries in the journal",
        "All services together.",
        COUNT,
        "sum(max by (source) (inborough_journal_entries))",
    ),
    stat(
        "Builds that run",
        "More than one while a release goes out.",
        COUNT,
        "count(count by (version, revision) (inborough_build_info))",
    ),
]
ROWS = {"Objectives": OBJECTIVES, "Calls and pages": CALLS, "Events": EVENTS, "Processes": MACHINE}
BOARD = build_dashboard("Inborough: health", "inborough-health", "now-6h", ROWS)
