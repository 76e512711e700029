"""ListPlacePools: every pool's places on a first day, counted at the time of asking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Engine, func, select

from services.provision import metrics
from services.provision.domain.places import PlacesOnDay, Seats, count_places, seat
from services.provision.gather import CaseloadReader, Placements
from services.provision.kept_answers import Kept
from services.provision.storage import offers as stored_offers
from services.provision.storage import repository
from services.provision.storage.tables import offer_revisions, offers, revisions
from shared.database import look_up, reading, revisions_of
from shared.ids import content_id


@dataclass(frozen=True)
class PlacesAnswer:
    """The places at a revision; None when the caller's known revision is current. Counted at a caseload revision."""

    revision: str
    caseload_revision: str
    places: PlacesOnDay | None


@dataclass(frozen=True)
class _Moment:
    """Where our own facts stand: revisions of pools and of offers, and the last offer handed over to caseload."""

    pools: str
    offers: str
    handed_over: int


def list_place_pools(
    engine: Engine, caseload: CaseloadReader, kept: Kept, la_code: int, first_day: date, known_revision: str
) -> PlacesAnswer:
    """The places on a first day. Raises NeighbourDown.

    Our own facts are looked at before caseload is asked: see `stored_offers.list_counted`.
    """
    before = _look(engine)
    current = caseload.current_placements()
    revision = _revision(before, current, la_code, first_day)
    if revision == known_revision:
        return PlacesAnswer(revision, current.revision, None)
    if places := kept.places.find(revision):
        return PlacesAnswer(revision, current.revision, places)
    with reading(engine) as connection:
        now = _moment(connection)
        seats = _seats(connection, kept, now, current, first_day)
        offers = stored_offers.list_counted(connection, before.handed_over)
    places, revision = count_places(seats, offers), _revision(now, current, la_code, first_day)
    kept.places.keep(revision, places)
    metrics.show_places(places, la_code)
    return PlacesAnswer(revision, current.revision, places)


_MOMENT = revisions_of(revisions, offer_revisions).add_columns(select(func.max(offers.c.handed_over)).scalar_subquery())


def _look(engine: Engine) -> _Moment:
    """The moment as it is at once, outside any transaction."""
    pools, of_offers, handed_over = look_up(engine, _MOMENT) or (None, None, None)
    return _Moment(pools or "", of_offers or "", handed_over or 0)


def _moment(connection: Connection) -> _Moment:
    return _Moment(
        repository.get_revision(connection),
        stored_offers.get_revision(connection),
        stored_offers.last_hand_over(connection),
    )


def _revision(moment: _Moment, current: Placements, la_code: int, first_day: date) -> str:
    return content_id("rev", moment.pools, moment.offers, current.revision, str(la_code), first_day.isoformat())


def _seats(connection: Connection, kept: Kept, moment: _Moment, current: Placements, first_day: date) -> Seats:
    """The placements seated: as they are kept when pools have not changed, with those placements that have."""
    key = (moment.pools, first_day)
    if (known := kept.seats.find(key)) is None:
        pools, settings = repository.list_pools(connection), repository.list_settings_with_pools(connection)
        seats = seat(pools, settings, current.placements, first_day)
    elif known.placements is current.placements:
        return known
    else:
        seats = known.after(current.placements)
    kept.seats.keep(key, seats)
    return seats
