"""Write the files of the demonstration authority."""

import os
from collections import Counter
from pathlib import Path

from services.cli.demo.ageing import pools_by_setting
from services.cli.demo.authority import InventedAuthority, invent_authority
from services.cli.demo.draws import Draws
from services.cli.demo.due import REASONS
from services.cli.demo.facts import FACTS
from services.cli.demo.gias import write_gias
from services.cli.demo.own_files import write_due, write_pools, write_preferences
from services.cli.demo.published import PublishedCaseload, scaled
from services.cli.demo.rates import write_rates
from services.cli.demo.read_published import (
    WHERE_PUBLISHED,
    PublishedTablesMissingError,
    read_published,
)
from services.cli.demo.readme import write_readme
from services.cli.demo.sen2 import write_sen2
from services.cli.demo.summary import DemonstrationSummary
from services.cli.demo.transport import write_bell_times, write_fleet
from services.cli.demo.travel import state_travel_needs, write_travel_needs
from shared.imports.resting import no_collecting

HALTON = ("E06000006", "876")
LARGEST_SCALE = 20_000
DATA_VARIABLE = "INBOROUGH_DATA"


@no_collecting()
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
    draws = Draws(seed, caseload.ons_code, caseload.total)
    real = scale is None and caseload.ons_code in HALTON
    invented = invent_authority(caseload, real_settings=real, due=due, draws=draws)
    _write_files(folder, invented, draws)
    summary = _summarise(folder, invented, seed=seed, real=real, is_scaled=scale is not None)
    write_readme(folder / "README.txt", summary)
    return summary


def _check(scale: int | None, due: int | None) -> None:
    if scale is not None and not 1 <= scale <= LARGEST_SCALE:
        raise ValueError(f"scale must be between 1 and {LARGEST_SCALE:,} active plans, not {scale}")
    if due is not None and due < 0:
        raise ValueError(f"due must be 0 or more decisions, not {due}")


def _published(authority: str, scale: int | None, folder: Path | None) -> PublishedCaseload:
    """What is published: Halton's own rows are carried, others' come from the folder."""
    if authority in HALTON and folder is None:
        caseload = read_published(FACTS / "halton-published", authority)
    else:
        caseload = read_published(folder or data_folder(authority), authority)
    return caseload if scale is None else scaled(caseload, scale)


def data_folder(authority: str) -> Path:
    """The folder of the Department's tables, by INBOROUGH_DATA. Raises PublishedTablesMissingError."""
    named = os.environ.get(DATA_VARIABLE)
    if not named:
        raise PublishedTablesMissingError(f"The published tables are needed for {authority}. {WHERE_PUBLISHED}")
    return Path(named)


def _write_files(folder: Path, invented: InventedAuthority, draws: Draws) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_sen2(folder / "sen2", invented.children, invented.decisions, invented.closed, draws.of("sen2"))
    write_gias(folder / "gias.csv", invented.settings, pools_by_setting(invented.pools))
    write_pools(folder / "pools.csv", invented.pools)
    write_rates(folder / "rates.csv", invented.pools, draws.of("rates"))
    write_preferences(folder / "preferences.csv", invented.preferences)
    write_due(folder / "due.csv", invented.decisions)
    needs = state_travel_needs(invented.children, invented.decisions, draws.of("travel needs"))
    write_travel_needs(folder / "travel-needs.csv", needs)
    write_fleet(folder / "fleet.csv")
    write_bell_times(folder / "bell-times.csv", invented.settings, draws.of("bell times"))


def _summarise(
    folder: Path, invented: InventedAuthority, *, seed: int, real: bool, is_scaled: bool
) -> DemonstrationSummary:
    by_reason = Counter(decision.reason for decision in invented.decisions)
    return DemonstrationSummary(
        folder=folder,
        authority_name=invented.published.name,
        la_code=invented.published.la_code,
        seed=seed,
        active_plans=len(invented.children),
        closed_plans=len(invented.closed),
        decisions_due={reason: by_reason[reason] for reason in REASONS},
        preferences=len(invented.preferences),
        settings=len(invented.settings),
        pools=len(invented.pools),
        unknown_urn_children=invented.unknown_urn_children,
        settings_invented=not real,
        scaled=is_scaled,
        shape_from_england=invented.published.shape_from_england,
    )
