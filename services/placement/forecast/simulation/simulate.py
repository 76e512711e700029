"""Simulate one replicate of a scenario: the years of an authority, with the real optimiser for what is due in each.

README.md states sets, state, steps, draws and money in words and mathematics.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from services.placement.forecast.simulation.categories import KEEPS_PLACE, NOT_DUE
from services.placement.forecast.simulation.deciding import Decided, Room, decide, held_places, room_of
from services.placement.forecast.simulation.draws import Draws
from services.placement.forecast.simulation.falling_due import mark_due
from services.placement.forecast.simulation.joining import joiners
from services.placement.forecast.simulation.levers import Definition
from services.placement.forecast.simulation.options import Options, open_options
from services.placement.forecast.simulation.outcome import Outcome
from services.placement.forecast.simulation.place_numbers import PlaceNumbers, place_numbers
from services.placement.forecast.simulation.prepare import Prepared, prepare
from services.placement.forecast.simulation.pricing import Pricing
from services.placement.forecast.simulation.recording import outcome_of
from services.placement.forecast.simulation.state import Left, State, cease_chances, turn_of_year
from services.placement.forecast.simulation.world import NO_PLACE, BoolArray, World


@dataclass(frozen=True, eq=False)
class Year:
    """One year of a replicate.

    Parameters
    ----------
    index
        From 0.
    start
        How many children there were before anything happened.
    left, new, not_needed
        Who left, how many plans are new, and how many more would be but for an opportunity.
    before, after
        The children with their decisions due, and once those are made.
    room, decided
        The places free, and the plan.
    numbers
        The replicate's places.
    pricing
        The year's prices.
    running, opened
        bool[N], High Needs units that run, and those that opened this year.
    """

    index: int
    start: int
    left: Left
    new: State
    not_needed: int
    before: State
    after: State
    room: Room
    decided: Decided
    numbers: PlaceNumbers
    pricing: Pricing
    running: BoolArray
    opened: BoolArray


def simulate(world: World, definition: Definition, replicate: int) -> Outcome:
    """Return what one replicate comes to: a function of its three arguments alone, whichever process runs it.

    Raises ValueError naming the field of the definition that the world's facts contradict.
    """
    return Simulation(world, definition).run(replicate)


class Simulation:
    """A definition over a world, made ready once for many replicates.

    Raises ValueError naming the field of the definition that the world's facts contradict.
    """

    def __init__(self, world: World, definition: Definition) -> None:
        self._prepared = prepare(world, definition)

    def run(self, replicate: int) -> Outcome:
        """Return what one replicate comes to, as `simulate` does."""
        return outcome_of(self._prepared, replicate, list(run(self._prepared, replicate)))


def run(prepared: Prepared, replicate: int) -> Iterator[Year]:
    """Yield the years of one replicate."""
    draws = Draws(prepared.definition.seed, replicate)
    numbers = place_numbers(prepared, draws)
    state = prepared.on_file
    running = _running_on_file(prepared, state)
    for index in range(prepared.definition.years):
        year = _year(prepared, draws, numbers, state, running, index)
        yield year
        state, running = year.after, year.running


def _year(
    prepared: Prepared, draws: Draws, numbers: PlaceNumbers, state: State, running: BoolArray, index: int
) -> Year:
    """One year: who leaves, who falls due, who joins, what is free, the plan, and who sits where."""
    pricing = prepared.pricing[index]
    stayed, left = _turn(prepared, draws, state, index)
    due = mark_due(prepared, stayed, numbers.closed[:, index], index, draws)
    joined = joiners(prepared, draws, index)
    before = due.and_also(joined.state)
    places = numbers.places[:, index]
    room = room_of(prepared, before, places, numbers.group_places[:, index])
    options = open_options(prepared, before, exists(prepared, places, index), pricing, index, draws)
    decided = decide(prepared, before, options, room, pricing, running)
    after = seat(before, options, decided, index)
    held, _ = held_places(prepared, after)
    runs = np.zeros(prepared.pools.count, dtype=np.bool_)
    runs[prepared.units] = running[prepared.units] | (held[prepared.units] > 0)
    runs &= places != 0
    return Year(
        index=index,
        start=state.count,
        left=left,
        new=joined.state,
        not_needed=joined.not_needed,
        before=before,
        after=after,
        room=room,
        decided=decided,
        numbers=numbers,
        pricing=pricing,
        running=runs,
        opened=runs & ~running,
    )


def _turn(prepared: Prepared, draws: Draws, state: State, index: int) -> tuple[State, Left]:
    """The world already stands on its first 1 September: only plans that cease before it are still to go."""
    part = 1.0 if index else prepared.world.share_of_year_before
    chance = cease_chances(prepared.world.rates.cease, prepared.definition.levers.cease, part)
    return turn_of_year(state, chance, prepared.definition.first_year + index, draws, ages=index > 0)


def exists(prepared: Prepared, places: np.ndarray, index: int) -> BoolArray:
    """bool[N], pools with places this year, full or not, and the probes that ask about it."""
    exists = places != 0
    for at, probe in enumerate(prepared.definition.probes):
        exists[prepared.told_count + at] = prepared.definition.first_year + index >= probe.from_year
    found: BoolArray = exists
    return found


def seat(state: State, options: Options, decided: Decided, index: int) -> State:
    """Return the children in the places that the plan gives; who gets none stays, or is without a place."""
    pool, due, seated = state.pool.copy(), state.due.copy(), state.seated.copy()
    on_file = state.on_file.copy()
    placed = decided.pool >= 0
    pool[options.due[placed]] = decided.pool[placed]
    seated[options.due[placed]] = index
    waits = options.due[~placed]
    stays = KEEPS_PLACE[state.due[waits]] & (pool[waits] >= 0)
    pool[waits[~stays]] = NO_PLACE
    due[options.due[placed]] = NOT_DUE
    due[waits[~stays]] = NOT_DUE
    on_file[options.due[placed]] = False
    return state.but(pool=pool, due=due, seated=seated, on_file=on_file)


def _running_on_file(prepared: Prepared, state: State) -> BoolArray:
    """bool[N], High Needs units in which somebody already is."""
    held, _ = held_places(prepared, state)
    found = np.zeros(prepared.pools.count, dtype=np.bool_)
    found[prepared.units] = held[prepared.units] > 0
    return found
