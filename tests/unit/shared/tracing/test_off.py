"""With nothing set no process traces, and nothing of OpenTelemetry is loaded: not for its memory, not for its time."""

from __future__ import annotations

import os
import subprocess
import sys

from shared import tracing
from tests.architecture.source import ROOT

EVERYTHING = """
import importlib, sys
from shared import tracing
for name in ("caseload", "provision", "cost", "placement", "journal", "web"):
    importlib.import_module(f"services.{name}.main")
for name in ("services.cli.main", "shared.events.process", "shared.worker_processes"):
    importlib.import_module(name)
tracing.begin("caseload")
with tracing.span("anything") as span:
    span.say(rpc_code="OK")
print(sorted(name for name in sys.modules if name.startswith("opentelemetry") or name == "shared.tracing.recording"))
"""


def test_nothing_of_opentelemetry_is_loaded_when_no_traces_are_wanted() -> None:
    environment = {name: value for name, value in os.environ.items() if name != tracing.VARIABLE}
    command = [sys.executable, "-W", "ignore", "-c", EVERYTHING]
    found = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout == "[]\n"


def test_a_span_of_nobody_carries_nothing_and_costs_no_object() -> None:
    assert not tracing.is_on()
    with tracing.span("anything", sequence=1) as span:
        assert (span.traceparent, tracing.current()) == ("", "")
    assert tracing.span("another") is span
