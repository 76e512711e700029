"""What the scenario builder's fields offer: pools, settings, kinds, needs, phases, years."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from inborough.placement.v1 import placement_pb2
from inborough.provision.v1 import provision_pb2
from services import words
from services.web.calls import CHANGE_SECONDS, READ_SECONDS
from services.web.forms import Answers
from services.web.pages.planning.levers import OPEN, name_of, rows_of
from services.web.pages.planning.years import first_day, next_year
from services.web.visit import Visit
from services.words.pool_names import build_names
from services.words.scenarios import academic_year

NEEDS = "SPLD MLD SLD PMLD SEMH SLCN HI VI MSI PD ASD DS OTH".split()
PHASES = {
    "early_years": "early years",
    "KS1": "KS1, with Reception",
    "KS2": "KS2",
    "KS3": "KS3",
    "KS4": "KS4",
    "post_16": "post-16",
}
Offered = list[tuple[str, str]]


@dataclass(frozen=True)
class Choices:
    """What each select offers, by name, and the policies there are."""

    by_name: Mapping[str, Offered]
    policies: list[placement_pb2.Policy]


async def read_choices(visit: Visit, form: Answers) -> Choices:
    """From the pools on file on the first day simulated."""
    year = next_year()
    request = provision_pb2.ListPlacePoolsRequest(first_day=first_day(year))
    answer, policies = await asyncio.gather(
        visit.services.provision.ListPlacePools(request, timeout=CHANGE_SECONDS),
        visit.services.placement.ListPolicies(placement_pb2.ListPoliciesRequest(), timeout=READ_SECONDS),
    )
    names = build_names(answer.pools).pools
    pools = sorted(names.items(), key=lambda item: item[1])
    opening = [form.text(name_of(OPEN, row, "name")) for row in range(rows_of(form, OPEN))]
    settings = sorted({(str(pool.setting.urn), pool.setting.name) for pool in answer.pools}, key=lambda item: item[1])
    offered: dict[str, Offered] = {
        "pools": [("", "Choose a pool"), *pools],
        "pools_to_copy": [("", "The pool of its kind that shares most needs"), *pools],
        "pools_and_opening": [
            ("", "Choose a pool"),
            *((f"lever:{name}", f"{name}, which opens above") for name in opening if name),
            *pools,
        ],
        "settings": [("", "None: in an area instead"), *settings],
        "kinds": sorted(words.KINDS.items(), key=lambda kind: kind[0] != "resource_base"),
        "needs": [("", "Any need"), *((need, need) for need in NEEDS)],
        "phases": [("", "Any phase"), *PHASES.items()],
        "years": [("", "The first"), *((str(each), academic_year(each)) for each in range(year, year + 15))],
    }
    return Choices(offered, list(policies.policies))
