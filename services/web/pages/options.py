"""Ranked options for a case, side by side; a what-if ranks again under another first day or policy."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import date

from starlette.responses import Response

from inborough.placement.v1 import consultations_pb2, placement_pb2
from inborough.provision.v1 import provision_pb2
from services.web.calls import READ_SECONDS
from services.web.forms import Answers
from services.web.pages.options_map import map_of_options
from services.web.pages.reading import read_case, read_names, urns_of
from services.web.visit import Visit
from services.web.words.ranking import refused
from services.words.cases import case_facts
from services.words.options import policy_used
from shared.days import to_wire

SIDE_BY_SIDE = 5
MOST = 50


async def rank(visit: Visit) -> Response:
    """Rank now, and go on to the ranking, which stays the same however often it is looked at."""
    case_id = visit.part("case_id")
    form = Answers({name: [value] for name, value in visit.request.query_params.items()})
    day = form.day("first_day")
    if form.errors:
        return await visit.show("cases/what_if.html", 422, **await _what_if(visit, form))
    asked = placement_pb2.RecommendOptionsRequest(
        case_id=case_id,
        first_day=to_wire(day) if day else None,
        top=min(form.number("top") or SIDE_BY_SIDE, MOST),
        policy=form.text("policy"),
    )
    given = (await visit.services.placement.RecommendOptions(asked, timeout=READ_SECONDS)).recommendation
    return await visit.go(visit.url("options", case_id=case_id, recommendation_id=given.recommendation_id))


async def _what_if(visit: Visit, form: Answers) -> dict[str, object]:
    policies = await visit.services.placement.ListPolicies(placement_pb2.ListPoliciesRequest(), timeout=READ_SECONDS)
    case_id = visit.part("case_id")
    return {"form": form, "policies": policies.policies, "case_id": case_id, "back": visit.url("case", case_id=case_id)}


async def show(visit: Visit) -> Response:
    """The ranking with all that a panel weighs."""
    case_id, recommendation_id = visit.part("case_id"), visit.part("recommendation_id")
    given = await read_ranking(visit, recommendation_id)
    case, policies, consultations, pools = await asyncio.gather(
        read_case(visit, case_id),
        visit.services.placement.ListPolicies(placement_pb2.ListPoliciesRequest(), timeout=READ_SECONDS),
        visit.services.consultations.ListConsultations(
            consultations_pb2.ListConsultationsRequest(case_id=case_id, page_size=50), timeout=READ_SECONDS
        ),
        visit.services.provision.ListPlacePools(
            provision_pb2.ListPlacePoolsRequest(first_day=given.first_day), timeout=READ_SECONDS
        ),
    )
    names = await read_names(visit, urns_of(case))
    form = Answers({"policy": [given.policy.partition("/")[0]], "top": [str(SIDE_BY_SIDE)]})
    form.put_day("first_day", date(given.first_day.year, given.first_day.month, given.first_day.day))
    left_out = set(visit.request.query_params.getlist("without"))
    shown = [option for option in given.options if option.pool_id not in left_out or not option.pool_id]
    located = {pool.setting.urn: pool.setting.location for pool in pools.pools if pool.setting.HasField("location")}
    return await visit.show(
        "cases/options.html",
        case=case,
        given=given,
        shown=shown,
        map=map_of_options(
            case.home if case.HasField("home") else None, shown, located, await visit.house.outline.rings()
        ),
        left_out=left_out,
        case_facts=case_facts(case, names),
        policy=policy_used(given, policies.policies),
        policies=policies.policies,
        refused=refused(given.refused),
        consulted={asked.urn: asked for asked in consultations.consultations},
        offered={pool.pool_id: pool.places_offered for pool in pools.pools},
        form=form,
        requests=_requests(given.options),
        back=visit.url("case", case_id=case_id),
    )


def _requests(options: Iterable[placement_pb2.Option]) -> list[list[placement_pb2.Option]]:
    """Options at settings that the family asked for, by setting."""
    found: dict[int, list[placement_pb2.Option]] = {}
    for option in options:
        if option.requested:
            found.setdefault(option.urn, []).append(option)
    return list(found.values())


async def read_ranking(visit: Visit, recommendation_id: str) -> placement_pb2.Recommendation:
    """A ranking as it was given. Raises NotFound."""
    request = placement_pb2.GetRecommendationRequest(recommendation_id=recommendation_id)
    return (await visit.services.placement.GetRecommendation(request, timeout=READ_SECONDS)).recommendation
