"""Every page of ours. Who may see each is in services/web/access.py."""

from __future__ import annotations

from services.web.pages import (
    appeal,
    case,
    cases,
    confirm,
    consultations,
    decide,
    decisions,
    journal,
    one_panel,
    options,
    pack,
    panels,
    start,
    verification,
)
from services.web.pages.administering.table import ADMINISTERING
from services.web.pages.planning.table import PLANNING
from services.web.pages.runs import planning, showing
from services.web.serving import Page

PAGES = (
    Page("start", "/", start.show),
    Page("panels", "/panels", panels.show_all),
    Page("open_panel", "/panels/open", panels.show_open, panels.open_one),
    Page("panel", "/panels/{panel_id}", one_panel.show),
    Page("change_agenda", "/panels/{panel_id}/agenda", one_panel.show_change, one_panel.change),
    Page("close_panel", "/panels/{panel_id}/close", one_panel.show_close, one_panel.close),
    Page("pack", "/panels/{panel_id}/pack", pack.show),
    Page("pack_file", "/panels/{panel_id}/pack.pdf", pack.download),
    Page("cases", "/cases", cases.show),
    Page("case", "/cases/{case_id}", case.show),
    Page("rank", "/cases/{case_id}/options", options.rank),
    Page("options", "/cases/{case_id}/options/{recommendation_id}", options.show),
    Page("decide", "/cases/{case_id}/decide", decide.show, decide.check),
    Page("confirm", "/cases/{case_id}/decide/confirm", confirm.show, confirm.record),
    Page("consult", "/cases/{case_id}/consult", consultations.show_send, consultations.send),
    Page(
        "reply", "/cases/{case_id}/consultations/{consultation_id}/reply", consultations.show_reply, consultations.reply
    ),
    Page(
        "withdraw_consultation",
        "/cases/{case_id}/consultations/{consultation_id}/withdraw",
        consultations.show_withdraw,
        consultations.withdraw,
    ),
    Page("consultations", "/consultations", consultations.show_all),
    Page("decisions", "/decisions", decisions.show_all),
    Page("decision", "/decisions/{decision_id}", decisions.show),
    Page("name_placement", "/decisions/{decision_id}/name", decisions.show_name, decisions.name),
    Page("withdraw_decision", "/decisions/{decision_id}/withdraw", decisions.show_withdraw, decisions.withdraw),
    Page("record_appeal_step", "/decisions/{decision_id}/appeal", appeal.show, appeal.record),
    Page("runs", "/runs", planning.show_all, planning.plan),
    Page("planned_runs", "/runs/planning/{task_id}", planning.show_planned),
    Page("stop_planning_runs", "/runs/planning/{task_id}/stop", act=planning.stop),
    Page("run_plan", "/runs/{run_plan_id}", showing.show),
    Page("run_plan_file", "/runs/{run_plan_id}/all.xlsx", showing.download),
    Page("run", "/runs/{run_plan_id}/{number}", showing.show_run),
    Page("journal", "/journal", journal.show),
    Page("verify_journal", "/journal/verify", verification.verify),
    Page("verified_journal", "/journal/verify/{task_id}", verification.show),
    Page("stop_verifying", "/journal/verify/{task_id}/stop", act=verification.stop),
    *PLANNING,
    *ADMINISTERING,
)
