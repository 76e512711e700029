"""Cases in words: the line that names one, and what a panel's record says beside its needs."""

from __future__ import annotations

from collections.abc import Mapping

from inborough.caseload.v1 import caseload_pb2
from inborough.placement.v1 import panels_pb2
from services import words

PARTS = {
    caseload_pb2.PLACEMENT_PART_RESOURCE_BASE: ", resource base",
    caseload_pb2.PLACEMENT_PART_SEN_UNIT: ", SEN unit",
}
CLASSES = {
    caseload_pb2.LEGAL_CLASS_S38_3: "s.38(3)",
    caseload_pb2.LEGAL_CLASS_WHOLLY_INDEPENDENT: "wholly independent, Education Act 1996 s.9",
}


def case_line(case: caseload_pb2.Case) -> str:
    """A case in one sentence: needs, year group, why a decision is due and by when."""
    facts = [needs_in_order(case) or "no need recorded", words.year_group(case.year_group)]
    if case.HasField("decision_due"):
        due = case.decision_due
        facts.append(f"{words.DUE_REASONS.get(due.reason, '')} for {words.day(due.first_day)}")
        facts.append(f"decide by {words.day(due.deadline)}" if due.HasField("deadline") else "no deadline recorded")
    else:
        facts.append("no decision due")
    return f"{case.case_id}: {', '.join(facts)}"


def needs_in_order(case: caseload_pb2.Case) -> str:
    """ "SEMH then ASD"."""
    return " then ".join(need.code for need in case.needs)


def agenda_item(item: panels_pb2.AgendaItem) -> str:
    """ "SEMH then ASD, Year 9" of a case on an agenda; "" where it is no longer due."""
    if not item.HasField("year_group"):
        return ""
    needs = " then ".join(item.need_codes) or "no need recorded"
    return f"{needs}, {words.year_group(item.year_group)}"


def agenda_line(item: panels_pb2.AgendaItem) -> str:
    """ "case_…: SEMH then ASD, Year 9, decide by 28 January 2024", as far as that is known."""
    decide_by = f"decide by {words.day(item.deadline)}" if item.HasField("deadline") else ""
    facts = ", ".join(filter(None, (agenda_item(item), decide_by)))
    return f"{item.case_id}: {facts}" if facts else item.case_id


def case_facts(case: caseload_pb2.Case, names: Mapping[int, str]) -> list[tuple[str, str]]:
    """Labels and values. `names` are settings by URN, as far as known."""
    clocks = case.clocks
    return [
        ("Age", f"{case.age_years} on {words.day(case.on_day)}" if case.HasField("on_day") else ""),
        ("Placed now", _placed_now(case, names)),
        ("Asked for", "; ".join(_asked_for(asked, names) for asked in case.preferences) or "nothing on file"),
        ("Last review", words.day(clocks.last_review) if clocks.HasField("last_review") else "none on file"),
        ("Advice on file", _advice(case)),
        ("Travel needs", travel_needs(case)),
    ]


def travel_needs(case: caseload_pb2.Case) -> str:
    """ "travels in a wheelchair, cannot share a vehicle with 1 other child"; "" for none on file.

    Who the others are is no part of this child's record.
    """
    needs = case.travel_needs
    others = words.counted(len(needs.apart_from), "other child", "other children")
    said = {
        "travels in a wheelchair": needs.wheelchair,
        "needs a passenger assistant": needs.passenger_assistant,
        "cannot share a vehicle": needs.solo,
        f"cannot share a vehicle with {others}": bool(needs.apart_from) and not needs.solo,
    }
    return ", ".join(words_of for words_of, so in said.items() if so)


def _placed_now(case: caseload_pb2.Case, names: Mapping[int, str]) -> str:
    if not case.HasField("current_placement"):
        return "no placement on file"
    placed = case.current_placement
    where = setting(placed.urn, names) if placed.urn else f"no setting with a URN ({placed.sen_setting})"
    since = f" since {words.day(placed.first_day)}" if placed.HasField("first_day") else ""
    return f"{where}{PARTS.get(placed.part, '')}{since}"


def _asked_for(asked: caseload_pb2.Preference, names: Mapping[int, str]) -> str:
    ground = f", ground recorded: {asked.ground_recorded.replace('_', ' ')}" if asked.ground_recorded else ""
    return f"{setting(asked.urn, names)} ({CLASSES.get(asked.legal_class, 'legal class not known')}{ground})"


def _advice(case: caseload_pb2.Case) -> str:
    if not case.HasField("decision_due"):
        return ""
    return ", ".join(map(words.kind, case.decision_due.advised_kinds)) or "none yet"


def setting(urn: int, names: Mapping[int, str]) -> str:
    """ "Ashley School (111486)", or "URN 111486"."""
    return f"{names[urn]} ({urn})" if urn in names else f"URN {urn}"
