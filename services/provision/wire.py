"""Messages <-> settings and places."""

from __future__ import annotations

import re
from collections.abc import Sequence

from inborough.common.v1 import common_pb2
from inborough.provision.v1 import provision_pb2
from services.provision.domain.places import GroupOnDay, PlacesOnDay, PoolOnDay, Unpooled
from services.provision.domain.settings import Setting
from services.provision.domain.timeline import Period, Step
from shared.days import from_wire, to_wire
from shared.errors import InvalidInput

DEFAULT_PAGE, LARGEST_PAGE = 100, 500
MOST_POOLS = 500
LONGEST_PERIOD_YEARS = 10


def page_size(asked: int) -> int:
    """How many to send; 0 means 100. Raises InvalidInput beyond 1 to 500."""
    if not 0 <= asked <= LARGEST_PAGE:
        raise InvalidInput("page_size", f"must be from 1 to {LARGEST_PAGE}, or 0 for {DEFAULT_PAGE}")
    return asked or DEFAULT_PAGE


def page_token(last_urn: int) -> str:
    """The token of the page after this URN."""
    return f"after-{last_urn}"


def urn_of_page_token(token: str) -> int:
    """The URN that a page begins after; 0 for the first. Raises InvalidInput for a token not given by ListSettings."""
    if not token:
        return 0
    if not re.fullmatch(r"after-[1-9][0-9]{5}", token, re.ASCII):
        raise InvalidInput("page_token", "was not given by ListSettings; send next_page_token as it came, or none")
    return int(token.removeprefix("after-"))


def setting_to_wire(setting: Setting, la_code: int) -> provision_pb2.Setting:
    """A setting; `la_code` is the three-digit code of the authority planned for."""
    at = setting.location
    return provision_pb2.Setting(
        urn=setting.urn,
        name=setting.name,
        type_code=setting.type_code,
        type_name=setting.type_name,
        la_code=setting.la_code,
        la_name=setting.la_name,
        location=common_pb2.GridReference(easting=at.easting, northing=at.northing) if at else None,
        low_age=setting.low_age,
        high_age=setting.high_age,
        admits_sex=setting.admits_sex,
        status=setting.status,
        section_41_approved=setting.section_41_approved,
        needs=setting.needs,
        in_borough=setting.is_in(la_code),
        s38_3=setting.s38_3,
        school_capacity=setting.school_capacity,
        number_on_roll=setting.number_on_roll,
    )


def pool_ids_from_wire(pool_ids: Sequence[str]) -> frozenset[str]:
    """The pools asked for; none for all. Raises InvalidInput for more than 500, or what is no pool id."""
    if len(pool_ids) > MOST_POOLS:
        raise InvalidInput("pool_ids", f"names more than {MOST_POOLS} pools; ask in parts, or for all with none")
    return frozenset(need_pool_id(pool_id, "pool_ids") for pool_id in pool_ids)


def need_pool_id(pool_id: str, field: str = "pool_id") -> str:
    """The id. Raises InvalidInput when it has not a pool's shape."""
    if not re.fullmatch(r"pool_[A-Za-z0-9-]{1,40}", pool_id, re.ASCII):
        raise InvalidInput(field, "must be pool_ and the authority's reference, as ListPlacePools gives it")
    return pool_id


def period_from_wire(request: provision_pb2.ListPlacesRequest) -> Period:
    """The period asked about. Raises InvalidInput for days out of order or more than 10 years apart."""
    first_day = from_wire(request.first_day, "first_day")
    last_day = from_wire(request.last_day, "last_day") if request.HasField("last_day") else first_day
    if last_day < first_day:
        raise InvalidInput("last_day", "must not be before first_day")
    if last_day.year - first_day.year > LONGEST_PERIOD_YEARS:
        raise InvalidInput("last_day", f"must be within {LONGEST_PERIOD_YEARS} years of first_day")
    return Period(first_day, last_day)


def step_to_wire(step: Step) -> provision_pb2.PlacesOnDay:
    """The places of a pool from a day on."""
    return provision_pb2.PlacesOnDay(
        pool_id=step.pool_id,
        day=to_wire(step.day),
        places_commissioned=step.commissioned,
        places_filled=step.filled,
        places_offered=step.offered,
        places_free=step.free,
        places_over_number=step.over_number,
    )


def places_to_wire(
    revision: str,
    places: PlacesOnDay,
    authority: str,
    la_code: int,
    known: PlacesOnDay | None = None,
    *,
    shows_cases: bool,
) -> provision_pb2.ListPlacePoolsResponse:
    """The places on a first day; `authority` is the ONS code of the authority planned for.

    Where it is remembered what the caller holds, `known`, pools that are as they were then are left out. Who holds
    places and whom they are offered to is left out unless `shows_cases`.
    """
    as_held = {found.pool.pool_id: found for found in known.pools} if known else {}
    return provision_pb2.ListPlacePoolsResponse(
        revision=revision,
        pools=[
            _pool(found, la_code, shows_cases) for found in places.pools if as_held.get(found.pool.pool_id) != found
        ],
        groups=map(_group, places.groups),
        authority=authority,
        unpooled=map(_unpooled, places.unpooled),
        changes_only=known is not None,
        gone_ids=sorted(as_held.keys() - {found.pool.pool_id for found in places.pools}),
    )


def _pool(found: PoolOnDay, la_code: int, shows_cases: bool) -> provision_pb2.PlacePool:
    pool = found.pool
    return provision_pb2.PlacePool(
        pool_id=pool.pool_id,
        setting=setting_to_wire(found.setting, la_code),
        kind=pool.kind,
        needs=pool.needs,
        year_group_low=pool.year_group_low,
        year_group_high=pool.year_group_high,
        admits_sex=found.admits_sex,
        places_commissioned=found.commissioned,
        places_filled=found.filled,
        places_leaving=found.leaving,
        places_free=found.free,
        confirmed=found.confirmed,
        opens_on=to_wire(found.opens_on) if found.opens_on else None,
        wheelchair_accessible=pool.wheelchair_accessible,
        basis=found.basis,
        group_id=pool.group_id,
        held_by=found.held_by if shows_cases else (),
        places_offered=found.offered,
        places_over_number=found.over_number,
        offered_to=found.offered_to if shows_cases else (),
    )


def _group(group: GroupOnDay) -> provision_pb2.PoolGroup:
    return provision_pb2.PoolGroup(
        group_id=group.group_id,
        places_commissioned=group.commissioned,
        places_filled=group.filled,
        places_free=group.free,
        places_offered=group.offered,
        pool_ids=group.pool_ids,
    )


def _unpooled(unpooled: Unpooled) -> provision_pb2.UnpooledPlacements:
    return provision_pb2.UnpooledPlacements(urn=unpooled.urn, part=unpooled.part, placements=unpooled.placements)
