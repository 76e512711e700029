"""What every operation on runs needs, and the terms of a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Engine

from services.cost.carrying.people import IntArray, Owed, People, judge_people
from services.cost.carrying.solver import RunSolver
from services.cost.carrying.terms import Habits, Terms
from services.cost.domain.fleet import Fleet
from services.cost.domain.rates import RateCard
from services.cost.operations.fleets import fleet_in_force
from services.cost.shelf import no_card
from services.cost.storage import repository
from services.cost.transport.travel import Travel


@dataclass(frozen=True)
class RunsOffice:
    """What every operation on runs needs. `journeys` answers what the law and fares ask, `legs` what runs do."""

    engine: Engine
    journeys: Travel
    legs: Travel
    post_16_travel_paid: bool
    habits: Habits
    solver: RunSolver

    def get_terms(self, connection: Connection, day: date) -> Terms:
        """The terms in force on a day. Raises WrongState without a fleet or a rate card."""
        found, card = fleet_in_force(connection, day), repository.find_in_force(connection, day)
        if card is None:
            raise no_card(day)
        return self.terms_of(found.fleet, card, found.bell_minutes)

    def terms_of(self, fleet: Fleet, card: RateCard, bell_minutes: Mapping[int, int]) -> Terms:
        """Terms of a fleet and a card."""
        return Terms(fleet, card, bell_minutes, self.habits, self.legs)

    def judge(self, people: People, child_at: IntArray, setting_at: IntArray) -> Owed:
        """Who is owed travel."""
        paid = self.post_16_travel_paid
        return judge_people(self.journeys, people, child_at, setting_at, post_16_travel_paid=paid)
