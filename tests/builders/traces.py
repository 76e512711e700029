"""Spans that were written a line each, as a test asks for them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from shared import tracing
from shared.tracing.exporting import JsonLines
from shared.tracing.recording import OtelRecorder


@dataclass(frozen=True)
class Spans:
    """Spans of one file, in the order in which they ended."""

    found: Sequence[dict[str, Any]]

    def called(self, name: str, kind: str = "") -> list[dict[str, Any]]:
        """Those of a name, or of a name's end; of one kind if it is given."""
        return [
            span
            for span in self.found
            if span["name"].endswith(name) and (not kind or span["kind"] == f"SpanKind.{kind}")
        ]

    def path_to(self, span: dict[str, Any]) -> list[str]:
        """Names from the first span of its trace down to it, without the services' packages."""
        by_id = {each["context"]["span_id"]: each for each in self.found}
        path = [span]
        while path[0]["parent_id"]:
            path.insert(0, by_id[path[0]["parent_id"]])
        assert len({each["context"]["trace_id"] for each in path}) == 1
        return [f"{each['resource']['attributes']['service.name']}: {each['name'].rpartition('.')[2]}" for each in path]


def read_spans(path: Path) -> Spans:
    """What is in a file so far."""
    return Spans([json.loads(line) for line in path.read_text().splitlines()] if path.exists() else [])


@contextmanager
def traced_to(path: Path, service: str) -> Iterator[None]:
    """What this process does within is traced, each span written at once."""
    recorder = OtelRecorder(SimpleSpanProcessor(JsonLines(path)), service)
    tracing.record_with(recorder)
    try:
        yield
    finally:
        tracing.end()
