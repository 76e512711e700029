"""Ranked options for a case, side by side; a what-if ranks on another first day or policy, or without settings."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from starlette.responses import Response

from inborough.placement.v1 import consultations_pb2, placement_pb2
from inborough.provision.v1 import provision_pb2
from services.web.calls import READ_SECONDS
from services.web.failures import in_words
from services.web.forms import Answers
from services.web.pages.asking_again import TOPS, WITHOUT, form_of, put_back, question_of, url_of
from services.web.pages.options_map import map_of_options
from services.web.pages.reading import read_case, read_names, urns_of
from services.web.visit import Visit
from services.web.words.ranking import refused
from services.words.cases import case_facts
from services.words.options import expected_later, policy_used
from services.words.what_if import left_out_pools, refused_by_rules
from shared.errors import InvalidInput


async def rank(visit: Visit) -> Response:
    """Rank now, and go on to the ranking, which stays the same however often it is looked at."""
    case_id, asked = visit.part("case_id"), visit.request.query_params
    form = Answers({name: asked.getlist(name) for name in asked})
    question = question_of(case_id, form)
    if form.errors:
        return await visit.show("cases/what_if.html", 422, **await _what_if(visit, form))
    try:
        given = (await visit.services.placement.RecommendOptions(question, timeout=READ_SECONDS)).recommendation
    except InvalidInput as error:
        form.wrong("", in_words(error))
        form.put(WITHOUT)
        return await visit.show("cases/what_if.html", 422, **await _what_if(visit, form))
    return await visit.go(visit.url("options", case_id=case_id, recommendation_id=given.recommendation_id))


async def _what_if(visit: Visit, form: Answers) -> dict[str, object]:
    policies = await visit.services.placement.ListPolicies(placement_pb2.ListPoliciesRequest(), timeout=READ_SECONDS)
    case_id = visit.part("case_id")
    return {"form": form, "policies": policies.policies, "case_id": case_id, "back": visit.url("case", case_id=case_id)}


async def show(visit: Visit) -> Response:
    """The ranking with all that a panel weighs."""
    case_id, recommendation_id = visit.part("case_id"), visit.part("recommendation_id")
    ranked = await _read(visit, recommendation_id)
    given, form = ranked.recommendation, form_of(ranked.recommendation)
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
    shown = list(given.options)
    located = {pool.setting.urn: pool.setting.location for pool in pools.pools if pool.setting.HasField("location")}
    return await visit.show(
        "cases/options.html",
        case=case,
        given=given,
        shown=shown,
        map=map_of_options(
            case.home if case.HasField("home") else None, shown, located, await visit.house.outline.rings()
        ),
        more=url_of(visit, form, form.many(WITHOUT), top=str(TOPS[-1])),
        everything=url_of(visit, form),
        put_back=list(put_back(visit, form, given)),
        later=ranked.later_arrivals,
        later_of=expected_later(ranked.later_arrivals),
        case_facts=case_facts(case, names),
        policy=policy_used(given, policies.policies),
        policies=policies.policies,
        refused=refused(refused_by_rules(given.refused)),
        left_out=refused(left_out_pools(given.refused)),
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
    return (await _read(visit, recommendation_id)).recommendation


async def _read(visit: Visit, recommendation_id: str) -> placement_pb2.GetRecommendationResponse:
    request = placement_pb2.GetRecommendationRequest(recommendation_id=recommendation_id)
    return await visit.services.placement.GetRecommendation(request, timeout=READ_SECONDS)
