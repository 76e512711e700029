"""Pages and commands asked wrongly, and every list read by everybody who may read it."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from typing import Any
from urllib.parse import quote

from inborough.provision.v1 import provision_pb2
from tests.builders.deciding import ASH, ASKS_BIRCH_TOO, FREE
from tests.service.privacy.canaries import FORENAME, POSTCODES, WORDS
from tests.service.privacy.flows.deciding import first_day_due
from tests.service.privacy.office import LOGS, Office

WRONG_PAGES = (
    "/cases/{}",
    "/cases/{}/options",
    "/decisions/{}",
    "/panels/{}",
    "/runs/{}",
    "/scenarios/{}",
    "/rate-cards/{}",
)
WRONG_QUESTIONS = (
    "/cases?page={}",
    "/cases?case={}",
    "/consultations?page={}",
    "/decisions?case={}",
    "/journal?case={}",
    "/measures?last={}",
)
WRONG_COMMANDS = (
    ("recommend", FORENAME),
    ("recommend", "case_5f0c9a7be21d4433", "--policy", WORDS),
    ("recommend", "case_5f0c9a7be21d4433", "--first-day", WORDS),
    ("decide", POSTCODES[0], "--option", "1", "--reason", WORDS),
    ("decide", "case_5f0c9a7be21d4433", "--option", WORDS),
    ("consult", "reply", WORDS, "--text", WORDS),
    ("import", "sen2", f"/nowhere/{FORENAME}.csv"),
    ("import", "due", f"{WORDS}.csv"),
    ("journal", "list", "--case", FORENAME),
    ("panel", "show", WORDS),
    ("appeal", "show", WORDS),
    (WORDS,),
    ("--as", WORDS, "cases"),
)


def ask_pages_wrongly(office: Office) -> None:
    """Somebody types a name, a postcode or words where an id belongs. They are in that address, and nowhere else."""
    before = list(office.recording.sinks[office.recording.flow]["addresses"])
    visitor = office.at_pages("panel_chair")
    for typed in (FORENAME, POSTCODES[0], WORDS):
        for page in (*WRONG_PAGES, *WRONG_QUESTIONS):
            visitor.open(page.format(quote(typed)))
            assert visitor.status < 500, page
    visitor.client.post("/cases", data={"reason": WORDS})
    visitor.client.post("/decide", content=WORDS.encode())
    visitor.open("/").client.get("/", headers={"referer": f"http://elsewhere/{FORENAME}"})
    # What somebody typed into the address line is the only thing that an address may repeat.
    office.recording.sinks[office.recording.flow]["addresses"] = before


def use_the_command(office: Office) -> None:
    """Commands with a child's facts for arguments. What they say to whoever typed them is no log."""
    terminal = io.StringIO()
    with redirect_stdout(terminal), redirect_stderr(terminal):
        for words in WRONG_COMMANDS:
            assert office.command(*words) != 0, f"{words[0]} is refused"
        for words in (
            ("cases",),
            ("deadlines",),
            ("decisions", "list"),
            ("consult", "list"),
            ("offers", "list"),
        ):
            office.command(*words)
        office.command("recommend", office.case_ids[ASKS_BIRCH_TOO], "--json")
    said = terminal.getvalue().splitlines()
    office.recording.note("logs", *(line for line in said if line.startswith('{"') and '"timestamp"' in line))
    office.recording.note("terminal", *said)


def read_everything(office: Office) -> None:
    """What is left to read, by whoever may."""
    caseload, provision = "caseload.v1.CaseloadService", "provision.v1.ProvisionService"
    for child in office.case_ids.values():
        office.ask(f"{caseload}/GetCase", "panel_member", case_id=child)
    for only_due in (True, False):
        office.ask(f"{caseload}/ListCases", "caseworker", only_due=only_due, page_size=2)
    for rpc in ("ListCasesDue", "ListOpenCases"):
        office.ask(f"{caseload}/{rpc}", "service", first_day=first_day_due())
    for rpc in ("ListPlacements", "ListPlanHistory", "ListPlanningCases"):
        office.ask(f"{caseload}/{rpc}", "service")
    office.recording.note("planners' exports", office.ask(f"{caseload}/ListPlanningCases", "planner").areas)
    for role in ("planner", "administrator", "auditor"):
        office.ask(f"{caseload}/ListFirstDays", role)
        office.ask(f"{provision}/ListSettings", role)
        office.ask("cost.v1.CostService/ListRateCards", role)
        office.ask("cost.v1.TransportService/GetFleet", role, first_day=first_day_due())
        office.ask("placement.v1.PlacementService/ListPolicies", role)
    office.ask(f"{caseload}/ListDeadlines", "panel_chair", page_size=2)
    office.refuse(f"{caseload}/ListDeadlines", page_token=WORDS)
    office.ask(f"{provision}/GetSetting", "planner", urn=ASH)
    pools = office.ask(f"{provision}/ListPlacePools", "planner", first_day=first_day_due()).pools
    wanted: dict[str, Any] = {"pool_ids": [pool.pool_id for pool in pools], "first_day": first_day_due()}
    office.ask(f"{provision}/ListPlaces", "planner", **wanted)
    office.ask(f"{provision}/ListOffers", "panel_member", page_size=1)
    office.ask(f"{provision}/ListOffers", "panel_member", states=[provision_pb2.OFFER_STATE_RELEASED])
    (card, *_) = office.ask("cost.v1.CostService/ListRateCards", "planner").rate_cards
    office.ask("cost.v1.CostService/GetRateCard", "planner", rate_card_id=card.rate_card_id)
    _read_logs(office)


def erase(office: Office) -> None:
    """A decision that is not due after all is taken back, and a child is erased from every service."""
    gone = office.case_ids[ASKS_BIRCH_TOO]
    caseload, keeping = "caseload.v1.CaseloadService", "keeping.v1.KeepingService"
    office.ask(f"{caseload}/WithdrawDecisionDue", "caseworker", case_id=gone, reason_code="entered_by_mistake")
    for process in LOGS:
        office.refuse(f"{keeping}/EraseCase", "administrator", process=process, case_id=gone, reason_code=WORDS)
        office.refuse(f"{keeping}/PruneLog", process=process, through_sequence=1)
        office.ask(f"{keeping}/ListPastTerm", "auditor", process=process)
        office.ask(f"{keeping}/ListErasedCases", "administrator", process=process)
    for process in ("caseload", "placement"):
        office.ask(f"{keeping}/EraseCase", "administrator", process=process, case_id=gone, reason_code="court_order")
    office.ask(f"{keeping}/ListErasedCases", "auditor", process="placement")


def _read_logs(office: Office) -> None:
    events = "events.v1.EventService"
    for process in LOGS:
        for rpc in ("ListCursors", "ListDeadLetters"):
            office.ask(f"{events}/{rpc}", "administrator", process=process)
        office.refuse(f"{events}/RetryDeadLetters", process=process, dead_letter_ids=[WORDS])
    office.ask(f"{events}/RetryDeadLetters", "administrator", process="cost", all=True)
    office.ask("journal.v1.JournalService/ListEntries", "auditor", case_id=office.case_ids[FREE])
    office.refuse("journal.v1.JournalService/ListEntries", "auditor", case_id=WORDS)
    office.ask("journal.v1.JournalService/VerifyJournal", "auditor")
