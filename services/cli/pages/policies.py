"""Policies: what each weighs, in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import RenderableType

from inborough.placement.v1 import placement_pb2
from services import words
from services.cli import terminal
from shared.pence import pounds


def policies_page(found: Sequence[placement_pb2.Policy]) -> Iterator[RenderableType]:
    """Each policy with its terms, heaviest first."""
    for policy in found:
        yield terminal.heading(f"{policy.name}/{policy.version}{' (the default)' if policy.is_default else ''}")
        yield policy.summary
        for place, term in enumerate(("unplaced", *policy.terms), start=1):
            yield f"  {place}. {words.term(term)}"
        threshold = pounds(policy.request_threshold_pence)
        yield f"  A request dearer at the margin by more than {threshold} a year is flagged, not given."


def policies_json(found: Sequence[placement_pb2.Policy]) -> dict[str, Any]:
    """The policies; `terms` come after "unplaced", which is always first."""
    return {"policies": [_policy(policy) for policy in found]}


def _policy(policy: placement_pb2.Policy) -> dict[str, Any]:
    return {
        "name": policy.name,
        "version": policy.version,
        "summary": policy.summary,
        "terms": list(policy.terms),
        "is_default": policy.is_default,
        "request_threshold_pence": policy.request_threshold_pence,
    }
