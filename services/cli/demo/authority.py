"""The invented authority as a whole: settings, places, children, and what is to be decided."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.cli.demo.ageing import pools_by_setting, settle_places
from services.cli.demo.children import Births, Child, invent_children
from services.cli.demo.closed import ClosedPlan, invent_closed_plans
from services.cli.demo.draws import Draws
from services.cli.demo.due import DecisionDue, choose_decisions
from services.cli.demo.homes import list_homes
from services.cli.demo.invented import invent_settings
from services.cli.demo.pools import PlacePool, read_pools
from services.cli.demo.preferences import Preference, state_preferences
from services.cli.demo.published import PublishedCaseload
from services.cli.demo.seating import UNKNOWN_URNS, seat_children
from services.cli.demo.settings import Setting, read_settings


@dataclass(frozen=True, slots=True)
class InventedAuthority:
    """Everything that the files of a demonstration say."""

    published: PublishedCaseload
    settings: Sequence[Setting]
    pools: Sequence[PlacePool]
    children: Sequence[Child]
    decisions: Sequence[DecisionDue]
    preferences: Sequence[Preference]
    closed: Sequence[ClosedPlan]

    @property
    def unknown_urn_children(self) -> int:
        """Children at settings that the settings file does not have."""
        return sum(child.urn in UNKNOWN_URNS for child in self.children)


def invent_authority(
    published: PublishedCaseload, *, real_settings: bool, due: int | None, draws: Draws
) -> InventedAuthority:
    """People to fit the published caseload, seated in real settings or invented ones.

    `due` is the number of decisions due; None for what the published figures suggest.
    """
    homes = list_homes(published.ons_code)
    if real_settings:
        settings = read_settings()
        pools = read_pools(settings)
    else:
        settings, pools = invent_settings(published, homes, draws.of("settings"))
    births = Births(published, homes, draws.of("people"))
    children = invent_children(published, births, draws.of("children"))
    seat_children(children, pools, published.la_code, draws.of("places"))
    pools = settle_places(children, pools)
    by_setting = pools_by_setting(pools)
    decisions = choose_decisions(published, children, by_setting, births, due, draws.of("due"))
    return InventedAuthority(
        published=published,
        settings=settings,
        pools=pools,
        children=children,
        decisions=decisions,
        preferences=state_preferences(decisions, pools, draws.of("preferences")),
        closed=invent_closed_plans(published, pools, births, draws.of("closed")),
    )
