"""RecordPlacement, RecordGround and WithdrawDecisionDue: what decisions and caseworkers change in one case.

Each runs in the transaction of `shared.event_log.requests.answer_once`, with its event as the last write.
"""

from __future__ import annotations

from sqlalchemy import Connection

from services.caseload.domain.case import Case, CaseStage, LastChange, NamedPlacement, SettledBy
from services.caseload.storage import bulk, changes, repository
from services.caseload.storage.rows import decision_row
from services.caseload.storage.tables import revisions
from shared.database import change_revision
from shared.errors import ChangedMeanwhile, NotFound, WrongState
from shared.event_log import record_event
from shared.failpoints import failpoint

SEE_CASES = "See `inborough cases`."


def record_placement(connection: Connection, case_id: str, named: NamedPlacement) -> str:
    """Place a case where a decision names it; its decision is no longer due. The case's new etag.

    Naming it once more by the same decision, as it was, changes nothing. Raises NotFound, WrongState for a ceased plan.
    """
    case, _ = _hold(connection, case_id)
    if named in bulk.list_named_placements(connection, [case_id]).get(case_id, ()):
        return case.etag
    if case.facts.stage is CaseStage.CEASED:
        raise WrongState(
            "The plan of this case has ceased, so no placement is named. Import a return that has it open, if it is."
        )
    changes.add_named_placement(connection, case_id, named)
    if case.decision:
        changes.settle_decision(connection, case_id, decision_row(case.decision), SettledBy.NAMED)
    etag = _mark(connection, case_id, LastChange.PLACEMENT)
    record_event(
        connection,
        "placement_recorded",
        case_ids=[case_id],
        urn=named.urn,
        part=named.part.value,
        pool_id=named.pool_id,
        first_day=named.first_day,
        decision_id=named.decision_id,
    )
    if __debug__:
        failpoint("caseload.record_placement.before_commit")
    return etag


def record_ground(connection: Connection, case_id: str, urn: int, ground: str, decision_id: str) -> str:
    """Write down the ground on which a decision refuses a request; "" takes that decision's back. The case's etag.

    To take back a ground that is another decision's, or gone, changes nothing. Raises NotFound.
    """
    case, _ = _hold(connection, case_id)
    preference = next((one for one in case.preferences if one.urn == urn), None)
    is_its_own = preference is not None and preference.ground_decision_id == decision_id
    if not ground and not is_its_own:
        return case.etag
    if preference is None:
        raise NotFound("preference of this case for setting", urn, "Import the family's preferences first.")
    if is_its_own and preference.decided_ground == ground:
        return case.etag
    changes.record_ground(connection, case_id, urn, ground, decision_id if ground else "")
    etag = _mark(connection, case_id, LastChange.GROUND)
    record_event(
        connection, "ground_recorded", case_ids=[case_id], urn=urn, ground=ground or "none", decision_id=decision_id
    )
    if __debug__:
        failpoint("caseload.record_ground.before_commit")
    return etag


def withdraw_decision_due(connection: Connection, case_id: str, etag: str, reason: SettledBy) -> str:
    """Take back a decision that is not due after all; `etag` "" is whatever it is. The case's new etag.

    Raises NotFound, ChangedMeanwhile.
    """
    case, last_change = _hold(connection, case_id)
    if etag and etag != case.etag:
        raise ChangedMeanwhile(
            f"The case changed meanwhile; last, {last_change.in_words}. "
            "Read it again, then withdraw if it is still right.",
            change=last_change.value,
        )
    if case.decision is None:
        raise NotFound("decision due for case", case_id, "Nothing needs to be withdrawn.")
    changes.settle_decision(connection, case_id, decision_row(case.decision), reason)
    etag = _mark(connection, case_id, LastChange.WITHDRAWAL)
    first_day = case.decision.first_day
    record_event(
        connection, "decision_due_withdrawn", case_ids=[case_id], reason_code=reason.value, first_day=first_day
    )
    if __debug__:
        failpoint("caseload.withdraw_decision_due.before_commit")
    return etag


def _hold(connection: Connection, case_id: str) -> tuple[Case, LastChange]:
    found = repository.hold_case(connection, case_id)
    if found is None:
        raise NotFound("case", case_id, SEE_CASES)
    return found


def _mark(connection: Connection, case_id: str, change: LastChange) -> str:
    etag = change_revision(connection, revisions)
    changes.give_etag(connection, [case_id], etag, change)
    return etag
