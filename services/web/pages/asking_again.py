"""Ask for a ranking: what the forms and links of a what-if say, and the same question asked a little differently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from inborough.placement.v1 import placement_pb2
from services.web.forms import PARTS, Answers
from services.web.visit import Visit
from shared.days import to_wire

TOPS = (5, 10, 50)
"""How many options can be asked for."""
WITHOUT = "without"
KEPT = ("policy", "top", *(f"first_day-{part}" for part in PARTS))


@dataclass(frozen=True)
class PutBack:
    """A setting left out, and where it is ranked again."""

    setting_name: str
    url: str


def question_of(case_id: str, form: Answers) -> placement_pb2.RecommendOptionsRequest:
    """The question that a form asks; what is wrong with it is said on the form."""
    day = form.day("first_day")
    urns = form.many(WITHOUT)
    if not all(urn.isascii() and urn.isdigit() and len(urn) < 10 for urn in urns):
        form.wrong("", "Leave out settings by ticking them: a URN is a number")
        form.put(WITHOUT)
    return placement_pb2.RecommendOptionsRequest(
        case_id=case_id,
        first_day=to_wire(day) if day else None,
        top=min(form.number("top") or TOPS[0], TOPS[-1]),
        policy=form.text("policy"),
        excluded_urns=map(int, form.many(WITHOUT)),
    )


def form_of(given: placement_pb2.Recommendation) -> Answers:
    """The question that a ranking answers, to be asked again."""
    ranked = sum(
        option.rank > 0 and not option.requested for option in given.options
    )  # what is asked for is shown anyhow
    top = next((top for top in TOPS if ranked <= top), TOPS[-1])
    form = Answers({"policy": [given.policy.partition("/")[0]], "top": [str(top)]})
    form.put_day("first_day", date(given.first_day.year, given.first_day.month, given.first_day.day))
    form.put(WITHOUT, *(str(left.urn) for left in given.left_out))
    return form


def url_of(visit: Visit, form: Answers, without: Iterable[str] = (), **changes: str) -> str:
    """The address that asks it again without some settings, with some answers changed."""
    answers = {name: form.text(name) for name in KEPT} | changes
    asked = urlencode([*answers.items(), *((WITHOUT, urn) for urn in without)])
    return f"{visit.url('rank', case_id=visit.part('case_id'))}?{asked}"


def put_back(visit: Visit, form: Answers, given: placement_pb2.Recommendation) -> Iterator[PutBack]:
    """Each setting left out, to be ranked again while the others stay out."""
    for left in given.left_out:
        others = [urn for urn in form.many(WITHOUT) if urn != str(left.urn)]
        yield PutBack(left.setting_name, url_of(visit, form, others))
