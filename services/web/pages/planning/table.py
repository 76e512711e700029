"""Planners' pages. Who may see each is in services/web/access.py."""

from __future__ import annotations

from services.web.pages.planning import (
    board,
    compare,
    export,
    forecast,
    making,
    measures,
    money,
    new_scenario,
    result,
    scenarios,
    siting,
)
from services.web.serving import Page

PLANNING = (
    Page("board", "/places", board.show),
    Page("scenarios", "/scenarios", scenarios.show_all),
    Page("new_scenario", "/scenarios/new", new_scenario.show, new_scenario.act),
    Page("making_scenario", "/scenarios/being-made/{task_id}", making.show),
    Page("stop_making_scenario", "/scenarios/being-made/{task_id}/stop", act=making.stop),
    Page("scenario_text", "/scenarios/new/definition", new_scenario.show_text, new_scenario.act_text),
    Page("compare_scenarios", "/scenarios/compare", compare.show),
    Page("scenario", "/scenarios/{scenario_id}", scenarios.show),
    Page("cancel_scenario", "/scenarios/{scenario_id}/stop", act=scenarios.cancel),
    Page("clone_scenario", "/scenarios/{scenario_id}/copy", act=new_scenario.clone),
    Page("worth", "/scenarios/{scenario_id}/worth", result.show_worth),
    Page("export_scenario", "/scenarios/{scenario_id}/export", act=export.start),
    Page("exported", "/scenarios/{scenario_id}/export/{task_id}", export.show),
    Page("stop_export", "/scenarios/{scenario_id}/export/{task_id}/stop", act=export.stop),
    Page("forecast", "/forecast", forecast.show),
    Page("backtest", "/forecast/backtest", forecast.show_backtest),
    Page("money", "/money", money.show),
    Page("hn_unit", "/money/high-needs-unit", money.show_unit),
    Page("trajectories", "/money/trajectories", money.show_trajectories, money.act_trajectories, 1),
    Page("opportunities", "/money/opportunities", money.show_opportunities, money.act_opportunities, 1),
    Page("siting", "/money/bids", siting.show, siting.act, 2),
    Page("sited", "/money/bids/{task_id}", siting.show_answer),
    Page("stop_siting", "/money/bids/{task_id}/stop", act=siting.stop),
    Page("template_bids", "/templates/bids", siting.template_of_bids),
    Page("measures", "/measures", measures.show, measures.act, 1),
    Page("template_kpi", "/templates/kpi", siting.template_of_measures),
)
