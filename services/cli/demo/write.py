"""Write the files of the demonstration authority."""

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

from services.cli.demo.ageing import pools_by_setting, settle_places
from services.cli.demo.children import Births, Child, invent_children
from services.cli.demo.closed import invent_closed_plans
from services.cli.demo.due import REASONS, choose_decisions
from services.cli.demo.facts import FACTS
from services.cli.demo.gias import write_gias
from services.cli.demo.homes import Home, list_homes
from services.cli.demo.invented import invent_settings
from services.cli.demo.own_files import write_due, write_pools, write_preferences
from services.cli.demo.pools import PlacePool, read_pools
from services.cli.demo.preferences import state_preferences
from services.cli.demo.published import PublishedCaseload, scaled
from services.cli.demo.rates import write_rates
from services.cli.demo.read_published import (
    WHERE_PUBLISHED,
    PublishedTablesMissingError,
    read_published,
)
from services.cli.demo.readme import write_readme
from services.cli.demo.seating import UNKNOWN_URNS, seat_children
from services.cli.demo.sen2 import write_sen2
from services.cli.demo.settings import Setting, read_settings
from services.cli.demo.summary import DemonstrationSummary

HALTON = ("E06000006", "876")
LARGEST_SCALE = 20_000
DATA_VARIABLE = "INBOROUGH_DATA"


def write_demonstration(
    folder: Path,
    *,
    authority: str = HALTON[0],
    seed: int = 2024,
    scale: int | None = None,
    due: int | None = None,
    published: Path | None = None,
) -> DemonstrationSummary:
    """Write an invented authority's files into `folder`; the same arguments, the same bytes.

    `authority` is an ONS or three-digit code; any but Halton's needs the folder of the
    Department's tables, `published` or else the one named by INBOROUGH_DATA. `scale` is the
    number of active plans (1 to 20,000; then settings are invented) and `due` the number of
    decisions due; without them both are what the published figures suggest. With fewer due, the
    other children who grow out of their place count as decided already.
    Raises PublishedTablesMissingError, NoPostcodesError or ValueError, each saying what to do.
    """
    _check(scale, due)
    caseload = _published(authority, scale, published)
    draws = Draws(seed, caseload)
    homes = list_homes(caseload.ons_code)
    settings, pools = _provision(caseload, homes, real=scale is None, draws=draws)
    births = Births(caseload, homes, draws.of("people"))
    children = invent_children(caseload, births, draws.of("children"))
    seat_children(children, pools, caseload.la_code, draws.of("places"))
    pools = settle_places(children, pools)
    by_setting = pools_by_setting(pools)
    decisions = choose_decisions(caseload, children, by_setting, births, due, draws.of("due"))
    preferences = state_preferences(decisions, pools, draws.of("preferences"))
    closed = invent_closed_plans(caseload, pools, births, draws.of("closed"))

    folder.mkdir(parents=True, exist_ok=True)
    write_sen2(folder / "sen2", children, decisions, closed, draws.of("sen2"))
    write_gias(folder / "gias.csv", settings, by_setting)
    write_pools(folder / "pools.csv", pools)
    write_rates(folder / "rates.csv", pools, draws.of("rates"))
    write_preferences(folder / "preferences.csv", preferences)
    write_due(folder / "due.csv", decisions)
    by_reason = Counter(decision.reason for decision in decisions)
    summary = DemonstrationSummary(
        folder=folder,
        authority_name=caseload.name,
        la_code=caseload.la_code,
        seed=seed,
        active_plans=len(children),
        closed_plans=len(closed),
        decisions_due={reason: by_reason[reason] for reason in REASONS},
        preferences=len(preferences),
        settings=len(settings),
        pools=len(pools),
        unknown_urn_children=_count_unknown(children),
        settings_invented=not _is_real(caseload, scale is None),
        scaled=scale is not None,
        shape_from_england=caseload.shape_from_england,
    )
    write_readme(folder / "README.txt", summary)
    return summary


class Draws:
    """Independent draws by lot for each part of the work, so that none disturbs another."""

    def __init__(self, seed: int, caseload: PublishedCaseload) -> None:
        self._key = f"{seed}/{caseload.ons_code}/{caseload.total}"

    def of(self, part: str) -> Random:
        """The draws of one part; Python seeds from text alike on every machine."""
        return Random(f"{self._key}/{part}")  # noqa: S311 - an invention to be repeated, no secret


def _check(scale: int | None, due: int | None) -> None:
    if scale is not None and not 1 <= scale <= LARGEST_SCALE:
        raise ValueError(f"scale must be between 1 and {LARGEST_SCALE:,} active plans, not {scale}")
    if due is not None and due < 0:
        raise ValueError(f"due must not be negative, and was {due}")


def _published(authority: str, scale: int | None, folder: Path | None) -> PublishedCaseload:
    if authority in HALTON and folder is None:
        caseload = read_published(FACTS / "halton-published", authority)
    else:
        caseload = read_published(folder or _data_folder(authority), authority)
    return caseload if scale is None else scaled(caseload, scale)


def _data_folder(authority: str) -> Path:
    named = os.environ.get(DATA_VARIABLE)
    if not named:
        raise PublishedTablesMissingError(f"The published tables are needed for {authority}. {WHERE_PUBLISHED}")
    return Path(named)


def _is_real(caseload: PublishedCaseload, real: bool) -> bool:
    return real and caseload.ons_code in HALTON


def _provision(
    caseload: PublishedCaseload, homes: Sequence[Home], real: bool, draws: Draws
) -> tuple[list[Setting], list[PlacePool]]:
    """Real settings for Halton as published; invented ones for any other authority or size."""
    if _is_real(caseload, real):
        settings = read_settings()
        return settings, read_pools(settings)
    return invent_settings(caseload, homes, draws.of("settings"))


def _count_unknown(children: Sequence[Child]) -> int:
    return sum(child.urn in UNKNOWN_URNS for child in children)
