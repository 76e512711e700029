"""A panel's work with words about children in every field that takes words, at the pages and over the wire."""

from __future__ import annotations

from typing import Any

from inborough.common.v1 import common_pb2
from inborough.placement.v1 import appeals_pb2, consultations_pb2, decisions_pb2, panels_pb2
from shared.ids import new_id
from tests.builders.deciding import ASH, ASKS_BIRCH, ASKS_BIRCH_TOO, ASKS_DOGWOOD, BIRCH, DOGWOOD, FREE
from tests.service.privacy.canaries import FORENAME, POSTCODES, WORDS
from tests.service.privacy.office import Office

PLACEMENT = "placement.v1.PlacementService"
CONSULTATION = "placement.v1.ConsultationService"
DECISION = "placement.v1.DecisionService"
PANEL = "placement.v1.PanelService"
TODAY = common_pb2.Date(year=2024, month=2, day=1)


def recommend(office: Office) -> None:
    """Rankings of every child who is due, read again, and asked for with a child's facts for ids."""
    for child in (FREE, ASKS_BIRCH, ASKS_BIRCH_TOO, ASKS_DOGWOOD):
        case_id = office.case_ids[child]
        given = office.ask(f"{PLACEMENT}/RecommendOptions", "panel_member", case_id=case_id, top=50).recommendation
        again = f"{PLACEMENT}/GetRecommendation"
        assert office.ask(again, "auditor", recommendation_id=given.recommendation_id).recommendation.options
    what_if: dict[str, Any] = {"case_id": office.case_ids[ASKS_BIRCH], "excluded_urns": [BIRCH]}
    assert office.ask(f"{PLACEMENT}/RecommendOptions", "caseworker", **what_if).recommendation.left_out
    for wrong in (f"case_{FORENAME}", POSTCODES[0], WORDS):
        office.refuse(f"{PLACEMENT}/RecommendOptions", case_id=wrong)
        office.refuse(f"{PLACEMENT}/RecommendOptions", case_id=office.case_ids[FREE], policy=wrong)
        office.refuse(f"{PLACEMENT}/GetRecommendation", recommendation_id=wrong)
        office.refuse("caseload.v1.CaseloadService/GetCase", case_id=wrong)


def consult(office: Office) -> None:
    """Replies with a setting's words kept, corrected, refused; at the pages and over the wire."""
    case_id = office.case_ids[ASKS_BIRCH]
    chair = office.at_pages("panel_chair").open(f"/cases/{case_id}/consult").send(urn=str(BIRCH))
    chair.follow("Record the reply").send(reply="full", text=WORDS)
    assert FORENAME not in chair.text
    sent = office.ask(f"{CONSULTATION}/SendConsultation", "caseworker", case_id=office.case_ids[FREE], urn=ASH)
    kept = sent.consultation
    reply: dict[str, Any] = {"consultation_id": kept.consultation_id, "reply": consultations_pb2.REPLY_FULL}
    request_id = new_id("req")
    office.ask(f"{CONSULTATION}/RecordReply", "caseworker", text=WORDS, request_id=request_id, **reply)
    for wrong in (
        {"text": f"{WORDS}!", "request_id": request_id},
        {"text": WORDS * 400},
        {"text": f"{WORDS}\0"},
        {"text": WORDS, "etag": WORDS},
        {"text": WORDS, "reply": 0},
        {"text": WORDS, "request_id": WORDS},
        {"text": WORDS, "consultation_id": WORDS},
    ):
        office.refuse(f"{CONSULTATION}/RecordReply", **{**reply, **wrong})
    other = office.ask(f"{CONSULTATION}/SendConsultation", case_id=office.case_ids[FREE], urn=DOGWOOD).consultation
    office.ask(f"{CONSULTATION}/WithdrawConsultation", consultation_id=other.consultation_id)
    office.refuse(f"{CONSULTATION}/WithdrawConsultation", consultation_id=WORDS)
    asked = {"case_id": office.case_ids[FREE]}
    whole = office.ask(f"{CONSULTATION}/ListConsultations", "auditor", **asked)
    assert WORDS in [one.text for one in whole.consultations], "whoever works on the case reads them"
    assert office.ask(f"{CONSULTATION}/ListConsultations", "caseworker", page_size=1, **asked).next_page_token
    office.refuse(f"{CONSULTATION}/ListConsultations", page_token=WORDS)


def decide(office: Office) -> None:
    """A panel's day at the pages: forms refused, kept as drafts, sent; a place offered; a request refused."""
    chair = office.at_pages("panel_chair").open("/panels/open").send()
    panel = "/".join(chair.path.split("/")[:3])
    chair.send(on=[office.case_ids[FREE], office.case_ids[ASKS_BIRCH]])
    chair.open(f"/cases/{office.case_ids[FREE]}/options").follow("Choose")
    words = {"section_33_steps": WORDS, "views_of_child": WORDS, "views_of_parents": WORDS, "reason": WORDS}
    chair.send("/decide", **{**words, "panel_id": WORDS})
    chair.send("/decide", **{**words, "panel_id": panel.rpartition("/")[2]})
    chair.send()
    assert chair.path.startswith("/decisions/dec_"), "it is recorded"
    office.recording.note("kept paths", chair.path)
    chair.open(f"/cases/{office.case_ids[ASKS_BIRCH]}/options").follow("Choose Cedar High")
    chair.send("/decide", reason=WORDS)
    said = {f"ground-{BIRCH}": "incompatible_with_resources", f"evidence-{BIRCH}": WORDS}
    chair.send("/decide", reason=WORDS, **said).send()
    chair.follow("Take it back").send(reason="")
    chair.send(reason=WORDS)
    chair.open(f"{panel}/close").send(sat__2="user_invented", capacity__2=WORDS)
    sat = [panels_pb2.Attendance(user_id="user_panel_chair", capacity="chair")]
    closing: dict[str, Any] = {"attendance": sat, "carried_over_case_ids": [office.case_ids[ASKS_BIRCH]]}
    office.ask(f"{PANEL}/ClosePanel", "panel_chair", panel_id=panel.rpartition("/")[2], **closing)


def read_papers(office: Office) -> None:
    """The pack of the panel, as a page and as a file; the record of each decision."""
    chair = office.at_pages("panel_chair")
    for panel in office.ask(f"{PANEL}/ListPanels", "panel_member").panels:
        chair.open(f"/panels/{panel.panel_id}/pack")
        assert chair.client.get(f"/panels/{panel.panel_id}/pack.pdf").content.startswith(b"%PDF")
        assert office.ask(f"{PANEL}/GetPanel", "auditor", panel_id=panel.panel_id).panel.agenda
    chair.open("/decisions")
    for decision in office.ask(f"{DECISION}/ListDecisions", "auditor").decisions:
        chair.open(f"/decisions/{decision.decision_id}")
        assert WORDS in chair.text, "whoever works on the case reads why"
        office.ask(f"{DECISION}/GetDecision", "auditor", decision_id=decision.decision_id)
    office.refuse(f"{DECISION}/GetDecision", decision_id=WORDS)
    office.refuse(f"{PANEL}/GetPanel", panel_id=WORDS)


def appeal(office: Office) -> None:
    """A place named, the letter, representation and appeal; and steps that are refused, with words for numbers."""
    path = office.recording.sinks["decide"]["kept paths"][0]
    letter = {"appeal_letter_on__day": "1", "appeal_letter_on__month": "2", "appeal_letter_on__year": "2024"}
    chair = office.at_pages("panel_chair").open(path).follow("Name it in the plan").send(**letter)
    day = {"happened_on__day": "1", "happened_on__month": "2", "happened_on__year": "2024"}
    for kind, more in (("representation", {}), ("appeal_registered", {"reference": "EH876/24/00012"})):
        chair.open(path).follow("Record a step of representation").send(kind=kind, **day, **more)
    chair.open(path).follow("Record a step of representation").send(kind="hearing", **day, reference=WORDS)
    decision_id = path.rpartition("/")[2]
    registered = appeals_pb2.APPEAL_STEP_KIND_APPEAL_REGISTERED
    office.refuse(
        f"{DECISION}/RecordAppealStep", decision_id=decision_id, kind=registered, happened_on=TODAY, reference=WORDS
    )
    office.refuse(f"{DECISION}/NamePlacement", decision_id=WORDS)
    record = office.ask(f"{DECISION}/GetDecision", "panel_member", decision_id=decision_id).record
    assert record.decision.appeal.steps
    office.ask(f"{PLACEMENT}/RecommendOptions", "caseworker", case_id=office.case_ids[ASKS_BIRCH_TOO])


def decide_over_the_wire(office: Office) -> None:
    """Every field of words too long, or with what no text has; ids that are words; then a decision put off."""
    case_id = office.case_ids[ASKS_DOGWOOD]
    panel = office.ask(f"{PANEL}/OpenPanel", "caseworker", meets_on=TODAY).panel
    asked = {"panel_id": panel.panel_id, "case_ids": [case_id, office.case_ids[ASKS_BIRCH_TOO]]}
    office.ask(f"{PANEL}/AddToAgenda", "caseworker", **asked)
    office.ask(f"{PANEL}/RemoveFromAgenda", panel_id=panel.panel_id, case_ids=[office.case_ids[ASKS_BIRCH_TOO]])
    office.refuse(f"{PANEL}/AddToAgenda", panel_id=panel.panel_id, case_ids=[WORDS])
    advice = office.ask(f"{PLACEMENT}/RecommendOptions", case_id=case_id).recommendation
    put_off = {
        "case_id": case_id,
        "recommendation_id": advice.recommendation_id,
        "kind": decisions_pb2.DECISION_KIND_DEFER,
        "deferred_until": common_pb2.Date(year=2024, month=2, day=15),
        "panel_id": panel.panel_id,
    }
    texts = ("reason", "views_of_child", "views_of_parents", "section_33_steps", "urgency")
    words = dict.fromkeys(texts, WORDS)
    for field in texts:
        office.refuse(f"{DECISION}/RecordDecision", **put_off, **words | {field: WORDS * 400})
        office.refuse(f"{DECISION}/RecordDecision", **put_off, **words | {field: f"{WORDS}\0"})
    for field in ("case_id", "recommendation_id", "pool_id", "panel_id", "case_etag"):
        office.refuse(f"{DECISION}/RecordDecision", **{**put_off, **words, field: WORDS})
    words["urgency"] = ""
    decided = office.ask(f"{DECISION}/RecordDecision", "panel_chair", **put_off, **words).decision
    office.refuse(f"{DECISION}/WithdrawDecision", decision_id=decided.decision_id, reason=WORDS * 400)
    office.ask(f"{DECISION}/WithdrawDecision", "panel_chair", decision_id=decided.decision_id, reason=WORDS)
    sat = [panels_pb2.Attendance(user_id="user_panel_chair", capacity="chair")]
    office.refuse(f"{PANEL}/ClosePanel", panel_id=panel.panel_id, attendance=[panels_pb2.Attendance(user_id=WORDS)])
    closing: dict[str, Any] = {"panel_id": panel.panel_id, "attendance": sat, "carried_over_case_ids": [case_id]}
    office.ask(f"{PANEL}/ClosePanel", "panel_chair", **closing)
    _hold_and_release(office)


def _hold_and_release(office: Office) -> None:
    """Offers as placement makes, extends, confirms and gives them up; and ones with words for ids."""
    provision = "provision.v1.ProvisionService"
    pool = office.ask(f"{provision}/ListPlacePools", "service", first_day=first_day_due()).pools[1].pool_id
    offer = {
        "case_id": office.case_ids[ASKS_DOGWOOD],
        "pool_id": pool,
        "first_day": first_day_due(),
        "decision_id": new_id("dec"),
        "expires_on": common_pb2.Date(year=2024, month=2, day=20),
    }
    made = office.ask(f"{provision}/OfferPlace", "service", **offer).offer
    later = common_pb2.Date(year=2024, month=2, day=25)
    office.ask(f"{provision}/ExtendOffer", "caseworker", offer_id=made.offer_id, expires_on=later)
    office.ask(f"{provision}/ConfirmPlace", "service", offer_id=made.offer_id)
    office.ask(f"{provision}/ReleasePlace", "service", offer_id=made.offer_id, reason_code="withdrawn")
    office.refuse(f"{provision}/OfferPlace", "service", **offer | {"case_id": WORDS})
    office.refuse(f"{provision}/ReleasePlace", "service", offer_id=WORDS, reason_code=WORDS)
    caseload = "caseload.v1.CaseloadService"
    ground = {"case_id": offer["case_id"], "urn": DOGWOOD, "decision_id": offer["decision_id"]}
    office.ask(f"{caseload}/RecordGround", "service", ground="unsuitable", **ground)
    office.ask(f"{caseload}/RecordGround", "service", ground="", **ground)
    office.refuse(f"{caseload}/RecordGround", "service", **ground | {"ground": WORDS})
    office.refuse(f"{caseload}/WithdrawDecisionDue", case_id=offer["case_id"], reason_code=WORDS)


def first_day_due() -> common_pb2.Date:
    """On which the placements of all who are due begin."""
    return common_pb2.Date(year=2024, month=9, day=1)
