"""Which role may see which page and do what there: one table, and nobody where it says nothing.

It follows what the roles may call (docs/access.md): a page is open to those who may make every call that it cannot do
without. A test walks it, every page with every role.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shared.identity import ADMINISTRATOR, AUDITOR, CASEWORKER, PANEL_CHAIR, PANEL_MEMBER, PEOPLES_ROLES, PLANNER

EVERYBODY = frozenset(PEOPLES_ROLES)
SIT = frozenset({PANEL_MEMBER, PANEL_CHAIR})
PREPARE = frozenset({PANEL_CHAIR, CASEWORKER})
CHAIR = frozenset({PANEL_CHAIR})
SEE_CASES = SIT | PREPARE
SEE_RECORDS = SEE_CASES | {AUDITOR}
PLAN = frozenset({PLANNER})
SEE_SCENARIOS = PLAN | {ADMINISTRATOR, AUDITOR}
BRING = frozenset({ADMINISTRATOR})
BRING_OF_CASES = frozenset({ADMINISTRATOR, CASEWORKER})
SEE_RUNS = frozenset({CASEWORKER, PLANNER, ADMINISTRATOR, AUDITOR})
PLAN_RUNS = frozenset({CASEWORKER, PLANNER, ADMINISTRATOR})
SEE_WHO_RIDES = frozenset({CASEWORKER, AUDITOR})
KEEP = frozenset({ADMINISTRATOR, AUDITOR})
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Allowed:
    """Roles that may see a page, and those that may send its form."""

    see: frozenset[str] = NOBODY
    act: frozenset[str] = NOBODY


ALLOWED: dict[str, Allowed] = {
    "start": Allowed(EVERYBODY),
    "panels": Allowed(SEE_RECORDS),
    "open_panel": Allowed(PREPARE, PREPARE),
    "panel": Allowed(SEE_RECORDS),
    "change_agenda": Allowed(PREPARE, PREPARE),
    "close_panel": Allowed(CHAIR, CHAIR),
    "pack": Allowed(SEE_CASES),
    "pack_file": Allowed(SEE_CASES),
    "cases": Allowed(SEE_CASES),
    "case": Allowed(SEE_CASES),
    "rank": Allowed(SEE_CASES),
    "options": Allowed(SEE_CASES),
    "decide": Allowed(SIT, SIT),
    "confirm": Allowed(SIT, SIT),
    "decisions": Allowed(SEE_RECORDS),
    "decision": Allowed(SEE_RECORDS),
    "name_placement": Allowed(PREPARE, PREPARE),
    "withdraw_decision": Allowed(CHAIR, CHAIR),
    "record_appeal_step": Allowed(PREPARE, PREPARE),
    "consultations": Allowed(SEE_RECORDS),
    "consult": Allowed(PREPARE, PREPARE),
    "reply": Allowed(PREPARE, PREPARE),
    "withdraw_consultation": Allowed(PREPARE, PREPARE),
    "runs": Allowed(SEE_RUNS, PLAN_RUNS),
    "planned_runs": Allowed(PLAN_RUNS),
    "stop_planning_runs": Allowed(NOBODY, PLAN_RUNS),
    "run_plan": Allowed(SEE_WHO_RIDES),
    "run_plan_file": Allowed(SEE_WHO_RIDES),
    "run": Allowed(SEE_WHO_RIDES),
    "journal": Allowed(frozenset({AUDITOR})),
    "verify_journal": Allowed(KEEP),
    "verified_journal": Allowed(KEEP),
    "stop_verifying": Allowed(NOBODY, KEEP),
    "imports": Allowed(BRING_OF_CASES),
    "import_gias": Allowed(BRING, BRING),
    "imported_gias": Allowed(BRING, BRING),
    "import_pools": Allowed(BRING, BRING),
    "template_pools": Allowed(BRING),
    "imported_pools": Allowed(BRING, BRING),
    "import_rates": Allowed(BRING, BRING),
    "template_rates": Allowed(BRING),
    "imported_rates": Allowed(BRING, BRING),
    "import_fleet": Allowed(BRING, BRING),
    "template_fleet": Allowed(BRING),
    "imported_fleet": Allowed(BRING, BRING),
    "import_bell-times": Allowed(BRING, BRING),
    "template_bell-times": Allowed(BRING),
    "imported_bell-times": Allowed(BRING, BRING),
    "import_travel-matrix": Allowed(BRING, BRING),
    "template_travel-matrix": Allowed(BRING),
    "imported_travel-matrix": Allowed(BRING, BRING),
    "import_sen2": Allowed(BRING, BRING),
    "imported_sen2": Allowed(BRING, BRING),
    "import_preferences": Allowed(BRING_OF_CASES, BRING_OF_CASES),
    "template_preferences": Allowed(BRING_OF_CASES),
    "imported_preferences": Allowed(BRING_OF_CASES, BRING_OF_CASES),
    "import_due": Allowed(BRING_OF_CASES, BRING_OF_CASES),
    "template_due": Allowed(BRING_OF_CASES),
    "imported_due": Allowed(BRING_OF_CASES, BRING_OF_CASES),
    "import_travel-needs": Allowed(BRING_OF_CASES, BRING_OF_CASES),
    "template_travel-needs": Allowed(BRING_OF_CASES),
    "imported_travel-needs": Allowed(BRING_OF_CASES, BRING_OF_CASES),
    "rate_cards": Allowed(KEEP | PLAN),
    "rate_card": Allowed(KEEP | PLAN),
    "policies": Allowed(KEEP | PLAN),
    "roles": Allowed(KEEP),
    "event_logs": Allowed(KEEP, BRING),
    "health_of_services": Allowed(KEEP),
    "board": Allowed(PLAN),
    "scenarios": Allowed(SEE_SCENARIOS),
    "new_scenario": Allowed(PLAN, PLAN),
    "scenario_text": Allowed(PLAN, PLAN),
    "making_scenario": Allowed(PLAN),
    "stop_making_scenario": Allowed(NOBODY, PLAN),
    "compare_scenarios": Allowed(SEE_SCENARIOS),
    "scenario": Allowed(SEE_SCENARIOS),
    "cancel_scenario": Allowed(NOBODY, PLAN),
    "clone_scenario": Allowed(NOBODY, PLAN),
    "worth": Allowed(SEE_SCENARIOS),
    "export_scenario": Allowed(NOBODY, PLAN),
    "exported": Allowed(PLAN),
    "stop_export": Allowed(NOBODY, PLAN),
    "forecast": Allowed(PLAN),
    "backtest": Allowed(PLAN),
    "money": Allowed(PLAN),
    "hn_unit": Allowed(PLAN),
    "trajectories": Allowed(PLAN, PLAN),
    "opportunities": Allowed(PLAN, PLAN),
    "siting": Allowed(PLAN, PLAN),
    "sited": Allowed(PLAN),
    "stop_siting": Allowed(NOBODY, PLAN),
    "template_bids": Allowed(PLAN),
    "measures": Allowed(SEE_SCENARIOS, PLAN),
    "template_kpi": Allowed(PLAN),
}


def may_see(page: str, roles: Iterable[str]) -> bool:
    """Whether somebody with these roles may see a page."""
    return bool(ALLOWED.get(page, Allowed()).see & frozenset(roles))


def may_act(page: str, roles: Iterable[str]) -> bool:
    """Whether somebody with these roles may send a page's form."""
    return bool(ALLOWED.get(page, Allowed()).act & frozenset(roles))
