"""The form on which a decision is written down."""

from __future__ import annotations

from inborough.caseload.v1 import caseload_pb2
from inborough.placement.v1 import placement_pb2
from services.web.forms import Answers
from services.web.pages.decision_form import DEFER, OUTSIDE_A_PANEL, Papers, check

FIRST = placement_pb2.Option(rank=1, pool_id="pool_first", setting_name="First School")
PAPERS = Papers(caseload_pb2.Case(), placement_pb2.Recommendation(options=[FIRST]), [], [], {})


def filled(choice: str, **fields: str) -> Answers:
    given = {"choice": choice, "panel_id": OUTSIDE_A_PANEL, "urgency": "Invented.", "reason": "Invented.", **fields}
    return Answers({name.replace("__", "-"): [value] for name, value in given.items()})


def test_until_when_matters_only_when_the_decision_is_put_off() -> None:
    agreed, put_off = filled("pool_first", until__day="x"), filled(DEFER, until__day="x")
    for form in (agreed, put_off):
        check(form, PAPERS)
    assert agreed.errors == {}
    assert list(put_off.errors) == ["until"]
