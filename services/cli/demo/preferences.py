"""Which settings families ask for: mostly near ones, some dear ones, some that are full."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from services.cli.demo.children import Child
from services.cli.demo.days import EXPORT_DAY, FIRST_DAY
from services.cli.demo.due import DecisionDue
from services.cli.demo.pools import PlacePool
from services.cli.demo.seating import metres_between
from services.cli.demo.settings import Setting

STATED_SHARE = 0.45
INDEPENDENT_WISH = 0.10
SECOND_CHOICE = 0.15
GROUND_SHARE = 0.06
LOOKED_AT = 5
"""Families choose among this many settings nearest to home."""
GROUNDS = ("unsuitable", "incompatible_with_others", "incompatible_with_resources")
ADULT_CHOICE_AGE = 16
INMSS = ("independent_special", "non_maintained_special")


@dataclass(frozen=True, slots=True)
class Preference:
    """A setting that a family or young person asks the council to name."""

    child: Child
    setting: Setting
    rank: int
    legal_class: str
    stated_by: str
    stated_on: date
    ground_recorded: str


def state_preferences(due: Sequence[DecisionDue], pools: Sequence[PlacePool], draw: Random) -> list[Preference]:
    """Preferences of some 45 % of the cases due, in the order of `due`."""
    stating = sorted(draw.sample(range(len(due)), k=round(len(due) * STATED_SHARE)))
    return [preference for i in stating for preference in _preferences_of(due[i], pools, draw)]


def legal_class(setting: Setting) -> str:
    """`s38_3`, Children and Families Act 2014 section 38(3), or outside it."""
    if setting.column == "mainstream_independent":
        return "wholly_independent"
    approvable = setting.column in ("special_independent", "specialist_post_16_institutions")
    return "s38_3" if setting.section_41 or not approvable else "wholly_independent"


def _preferences_of(decision: DecisionDue, pools: Sequence[PlacePool], draw: Random) -> list[Preference]:
    kinds = INMSS if draw.random() < INDEPENDENT_WISH else decision.advised_kinds
    settings = _near_settings(decision, pools, kinds)
    wanted = 2 if draw.random() < SECOND_CHOICE else 1
    chosen = draw.sample(settings[:LOOKED_AT], k=min(wanted, len(settings)))
    return [
        Preference(
            child=decision.child,
            setting=setting,
            rank=rank,
            legal_class=legal_class(setting),
            stated_by=_stated_by(decision.child),
            stated_on=EXPORT_DAY - timedelta(days=draw.randint(5, 90)),
            ground_recorded=draw.choice(GROUNDS) if draw.random() < GROUND_SHARE else "",
        )
        for rank, setting in enumerate(chosen, start=1)
    ]


def _near_settings(decision: DecisionDue, pools: Sequence[PlacePool], kinds: Sequence[str]) -> list[Setting]:
    """Settings with a pool of these kinds (any, if none are advised) that would suit, nearest
    first."""
    child = decision.child
    suited = [
        pool
        for pool in pools
        if (pool.kind in kinds or not kinds)
        and pool.admits(decision.next_year, child.sex)
        and any(map(pool.caters_for, child.needs))
        and pool.places_on(FIRST_DAY) != 0
    ]
    suited.sort(key=lambda pool: (metres_between(child.home, pool), pool.order))
    return list(dict.fromkeys(pool.setting for pool in suited))


def _stated_by(child: Child) -> str:
    """Young people over compulsory school age speak for themselves (section 83 of the Act)."""
    return "young_person" if child.age >= ADULT_CHOICE_AGE else "parent"
