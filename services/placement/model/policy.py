"""Policies: which terms count, in which order. Data, named and versioned; suitability always comes before cost."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.placement.model.later import LATER_TERMS

FOLDER = Path(__file__).parent / "policies"
TERMS = (
    "needs_judgement",
    "request_not_given",
    "inmss_or_out_of_borough",
    "annual_cost_pence",
    "travel_minutes",
    *LATER_TERMS,
)
"""Terms that a policy may order; `objective.py` says what each counts."""


@dataclass(frozen=True)
class Policy:
    """The tiers that compare options, most important first, after "unplaced", which always leads.

    Parameters
    ----------
    name, version
        Together they name one content for ever; `version` is 1 or more.
    summary
        One sentence for the panel.
    terms
        From TERMS, each at most once. "needs_judgement" is first: suitability is never weighed against cost.
    request_threshold_pence
        A suitable s.38(3) request is honoured unless its marginal cost exceeds the cheapest suitable option's by more
        than this, pence a year; then it is flagged, never hidden. 0 or more.
    is_default
        Used when no policy is named.
    """

    name: str
    version: int
    summary: str
    terms: tuple[str, ...]
    request_threshold_pence: int
    is_default: bool = False

    def __post_init__(self) -> None:
        if self.version < 1:
            raise ValueError("version must be 1 or more.")
        if unknown := [term for term in self.terms if term not in TERMS]:
            raise ValueError(f"terms may only be {', '.join(TERMS)}; not {', '.join(unknown)}.")
        if len(set(self.terms)) != len(self.terms):
            raise ValueError("a term may appear only once.")
        if self.terms[:1] != ("needs_judgement",):
            raise ValueError("needs_judgement must come first: suitability is never weighed against cost.")
        if self.request_threshold_pence < 0:
            raise ValueError("request_threshold_pence must be 0 or more.")

    @property
    def keeps_places(self) -> bool:
        """Whether what later arrivals would lose by a place is weighed."""
        return any(term in LATER_TERMS for term in self.terms)

    @property
    def label(self) -> str:
        """ "name/version", as it is stored with every recommendation."""
        return f"{self.name}/{self.version}"


@cache
def list_policies() -> tuple[Policy, ...]:
    """Every policy shipped, ordered by name. Raises ValueError naming the file when one breaks a rule."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.toml")))


def find_policy(name: str) -> Policy | None:
    """The policy of that name or "name/version", the default one for "", or None."""
    return next((p for p in list_policies() if (name in (p.name, p.label) if name else p.is_default)), None)


def _read(path: Path) -> Policy:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        return Policy(name=path.stem, **{**content, "terms": tuple(content["terms"])})
    except (TypeError, ValueError, KeyError) as error:
        raise ValueError(f"{path.name}: {error}") from None
