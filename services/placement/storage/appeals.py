"""Keep and find steps of representation and appeal. A step is added and never changed; a later one may replace it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from services.placement.domain.appeals import Outcome, Step, StepKind
from services.placement.storage.tables import appeal_steps, decisions
from shared.days import in_utc


@dataclass(frozen=True)
class StoredStep:
    """A step as kept. `outcome` is "" where there is none."""

    decision_id: str
    number: int
    kind: str
    happened_on: date | None
    outcome: str
    reference: str
    replaces: int
    recorded_by: str
    recorded_at_utc: datetime

    @property
    def step(self) -> Step:
        """The fact without who recorded it."""
        outcome = Outcome(self.outcome) if self.outcome else None
        return Step(self.number, StepKind(self.kind), self.happened_on, outcome, self.reference, self.replaces)


def keep_step(connection: Connection, step: StoredStep) -> None:
    """Keep one more step. Raises IntegrityError when its number is taken."""
    connection.execute(appeal_steps.insert(), vars(step))


def list_steps(connection: Connection, decision_ids: Collection[str]) -> dict[str, list[StoredStep]]:
    """The steps of decisions in the order in which they were recorded, by decision; none for one that has none."""
    query = select(appeal_steps).where(appeal_steps.c.decision_id.in_(decision_ids))
    found: dict[str, list[StoredStep]] = {}
    for row in connection.execute(query.order_by(appeal_steps.c.decision_id, appeal_steps.c.number)):
        found.setdefault(row.decision_id, []).append(_stored(row))
    return found


def list_cases_under_appeal(connection: Connection, case_ids: Collection[str]) -> frozenset[str]:
    """Those of the cases about which an appeal is under way."""
    query = select(decisions.c.case_id).where(decisions.c.case_id.in_(case_ids), is_under_appeal())
    return frozenset(row.case_id for row in connection.execute(query))


def is_under_appeal() -> ColumnElement[bool]:
    """Of a decision's row: an appeal stands on it as registered, and none as decided."""
    return _stands(StepKind.APPEAL_REGISTERED) & ~_stands(StepKind.APPEAL_DECIDED)


def _stands(kind: StepKind) -> ColumnElement[bool]:
    """Whether the decision has a step of a kind that has a day and that no later one replaces."""
    step, later = appeal_steps.alias(), appeal_steps.alias()
    replaced = select(later.c.number).where(
        later.c.decision_id == step.c.decision_id, later.c.replaces == step.c.number
    )
    standing = select(step.c.number).where(
        step.c.decision_id == decisions.c.decision_id,
        step.c.kind == kind,
        step.c.happened_on.is_not(None),
        ~replaced.exists(),
    )
    return standing.exists()


def _stored(row: Row[Any]) -> StoredStep:
    values = {column.name: getattr(row, column.name) for column in appeal_steps.c}
    return StoredStep(**{**values, "recorded_at_utc": in_utc(row.recorded_at_utc)})
