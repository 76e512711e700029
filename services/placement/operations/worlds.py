"""Today's facts as a world, gathered anew only when a neighbour says that something changed."""

from __future__ import annotations

import hashlib
import time
from datetime import date
from typing import TYPE_CHECKING

from services.placement.forecast.simulation.horizon import check_horizon
from services.placement.forecast.simulation.levers import Definition
from services.placement.forecast.simulation.places_near import Located
from services.placement.forecast.simulation.prepare import check_definition
from services.placement.gather import ATTEMPTS, Neighbours
from services.placement.operations.known_worlds import KnownWorld, World
from services.placement.surveying import Survey, first_day_of, world_of
from shared import clock
from shared.errors import ChangedMeanwhile, InvalidInput, WrongState

if TYPE_CHECKING:
    from services.placement.operations.context import Context

YEARS_GATHERED = 5
"""Years of places that are gathered at least, so that shorter scenarios share the world of longer ones."""
REST_SECONDS = 60.0
"""A world is made ready for nobody in particular at most so often, however fast facts change."""


def world_for(context: Context, definition: Definition) -> World:
    """Today's world for a definition, which fits it.

    Raises InvalidInput naming the place in the definition that does not, WrongState when there is nothing to simulate,
    ChangedMeanwhile, NeighbourDown.
    """
    _need_next_year(definition)
    _need_within_horizon(definition)
    known = known_world(context, definition)
    try:
        check_definition(known.simulated, definition)
    except ValueError as error:
        raise InvalidInput("definition", str(error)) from None
    return known.world


def known_world(context: Context, definition: Definition) -> KnownWorld:
    """Today's world for a definition's first year, years and areas. Raises as `world_for`, but for InvalidInput."""
    today = clock.today()
    years = max(definition.years, YEARS_GATHERED)
    key = today, definition.first_year, years, definition.areas
    revisions = _revisions(context.neighbours, definition.first_year)
    if known := context.worlds.find(key, revisions):
        return known
    with context.worlds.making:  # whoever waits finds it made
        known = context.worlds.find(key, revisions)
        return known or context.worlds.keep(key, _survey(context, definition, today, years, revisions))


def refresh_world(context: Context) -> bool:
    """Make the coming year's world ready, so that the next scenario need not wait for it; whether it was made.

    Only what changed since is left to be made then. Raises NeighbourDown, ChangedMeanwhile.
    """
    if time.monotonic() - context.worlds.made_at < REST_SECONDS:
        return False
    before = context.worlds.made_at
    try:
        known_world(context, Definition("Coming year", coming_year(), years=YEARS_GATHERED))
    except WrongState:  # there is nothing to simulate yet
        return False
    return context.worlds.made_at != before


def coming_year() -> int:
    """The academic year of the next 1 September: what is due before it is being decided now."""
    today = clock.today()
    return today.year if today < first_day_of(today.year) else today.year + 1


def _need_next_year(definition: Definition) -> None:
    """Decisions are simulated from the next 1 September on."""
    coming = coming_year()
    if definition.first_year != coming:
        raise InvalidInput(
            "definition",
            f"first_year: {definition.first_year} is not {coming}, the year of the next 1 September from today",
        )


def _need_within_horizon(definition: Definition) -> None:
    """A lever that begins after the years simulated is a slip, and would pass for one without effect."""
    try:
        check_horizon(definition)
    except ValueError as error:
        raise InvalidInput("definition", str(error)) from None


def _revisions(neighbours: Neighbours, first_year: int) -> tuple[str, ...]:
    """Tokens that change whenever a case, a pool or a price does."""
    day = first_day_of(first_year)
    pools = neighbours.list_pools(day)
    prices = neighbours.price_revision(day)
    return pools.revision, pools.caseload_revision, prices


def _survey(
    context: Context, definition: Definition, today: date, years: int, revisions: tuple[str, ...]
) -> KnownWorld:
    """The world, under the revisions asked before: should anything change meanwhile, the next call makes it anew."""
    survey = _ask_of_one_moment(context, definition.first_year, today, years, revisions[-1])
    if not survey.cases or not survey.pools[0].pools:
        raise WrongState("There are no open cases, or no place pools, to simulate. Import them first.")
    areas = [Located(area.name, area.easting, area.northing) for area in definition.areas]
    try:
        simulated = world_of(survey, context.neighbours, context.worlds.remembered, areas, context.pseudonyms)
    except ValueError as error:
        raise WrongState(f"The facts on file cannot be simulated: {error}") from None
    content = simulated.to_bytes()
    world = World(hashlib.sha256(content).hexdigest(), content, today)
    return KnownWorld(revisions, simulated, world)


def _ask_of_one_moment(context: Context, first_year: int, today: date, years: int, price_revision: str) -> Survey:
    """Cases, and places counted at the same revision of caseload; asked again when it changed in between."""
    firsts, neighbours = [first_day_of(first_year + year) for year in range(years)], context.neighbours
    for _ in range(ATTEMPTS):
        cases = context.worlds.remembered.open_cases(neighbours, firsts[0])
        now, *pools = (neighbours.list_pools(day) for day in (today, *firsts))
        if {cases.revision} == {answer.caseload_revision for answer in (now, *pools)}:
            return Survey(first_year, today, [*cases.cases.values()], now, pools, price_revision)
    raise ChangedMeanwhile("Cases are being changed faster than they can be read. Try again when the import is done.")
