"""Administrators' pages. Who may see each is in services/web/access.py."""

from __future__ import annotations

from services.web.pages.administering import imports, reference, system
from services.web.pages.administering.kinds import KINDS
from services.web.serving import Page

_OF_A_KIND = tuple(
    page
    for kind in KINDS
    for page in (
        Page(
            f"import_{kind.code}",
            f"/imports/{kind.code}",
            imports.show_of(kind.code),
            imports.act_of(kind.code),
            kind.most_files,
        ),
        *(
            [Page(f"template_{kind.code}", f"/templates/{kind.code}", imports.template_of(kind.code))]
            if kind.template
            else []
        ),
        Page(
            f"imported_{kind.code}",
            f"/imports/{kind.code}/{{task_id}}",
            imports.show_report_of(kind.code),
            imports.confirm_of(kind.code),
        ),
    )
)
ADMINISTERING = (
    Page("imports", "/imports", imports.show_all),
    *_OF_A_KIND,
    Page("rate_cards", "/rate-cards", reference.show_rate_cards),
    Page("rate_card", "/rate-cards/{rate_card_id}", reference.show_rate_card),
    Page("policies", "/policies", reference.show_policies),
    Page("roles", "/roles", reference.show_roles),
    Page("event_logs", "/event-logs", system.show_logs, system.retry),
    Page("health_of_services", "/services", system.show_health),
)
