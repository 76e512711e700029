"""README.txt of a demonstration: what in it is invented and what is published."""

from pathlib import Path

from services.cli.demo.days import EXPORT_DAY, FIRST_DAY
from services.cli.demo.seating import UNKNOWN_URNS
from services.cli.demo.summary import DemonstrationSummary

TEXT = """\
DEMONSTRATION: {authority} (LA code {la_code}), seed {seed}

Every person in these files is invented: names, birth dates, numbers, needs, homes, placements,
preferences and advice. Nobody in them exists. Nothing here is a record of any council.

Published, and reproduced
  Plans in January 2024 by age and kind of placement, and by sex and kind of placement: {shape}.
  Primary need: the shares published for 2024/25, the only year for which there are any, applied
  to January 2024; plans of unknown need are shared out among the known. Kind of placement and
  age pull them as in the published shares, as far as whole children allow.
  Plans ceased in 2023 by reason and age; new plans of 2023 by age.
  Source: Department for Education, Education, health and care plans. Open Government Licence v3.0.
  Postcodes and grid references: ONS Postcode Directory. Open Government Licence v3.0.

{settings}

Invented besides
  Places that no source states (pools.csv says published or invented, row by row), both High
  Needs dependency units, every rate (rates.csv says what each was calibrated to) and section 41
  approval where gias.csv names it in its column "invented". Vehicles and what they cost
  (fleet.csv), when each school's day begins (bell-times.csv), and what children need to travel.

Counts
  {active_plans} active plans, {closed_plans} closed ones, {new_plan} assessed children whose plan
  is still to be made (they have needs under "activeplans" but no "namedplan" and no placement).
  {total_due} decisions due for {first_day}: {phase_transfer} phase transfers, {new_plan} new plans,
  {breakdown} breakdowns, {review_change} reviews asking for a change. {preferences} preferences.
  {setting_count} settings, {pools} place pools.

Left in on purpose
  {unknown} children attend settings whose URN ({unknown_urns}) is not in gias.csv, as in real
  returns; all are mainstream. Some placements are not recorded at all. A few young people stay at
  a special school or college beyond its age range. In January 2024 the plans number what the
  Department counted; the return is dated {export_day}.
"""
REAL_SETTINGS = """\
Settings
  Real schools and colleges, looked up or from memory (see deploy/demo/halton-settings.csv and its
  confidence columns); those without a URN are left out. Which children attend them is invented.
  Bases of the capital programme open with the places and on the days of the council's published
  grant application; days that it leaves open are invented and marked unconfirmed. Whether a
  school is maintained or an academy is inferred from its URN."""
INVENTED_SETTINGS = """\
Settings
  All invented, with URNs from 900001 on, at real postcodes of the authority: as many and as large
  as the published caseload asks for."""
OWN_SHAPE = "exact"
SCALED_SHAPE = "in the published proportions"
ENGLISH_SHAPE = "withheld for this authority, so England's proportions of its published total"


def write_readme(path: Path, summary: DemonstrationSummary) -> None:
    """Write the explanation next to the files."""
    text = TEXT.format(
        authority=summary.authority_name,
        la_code=summary.la_code,
        seed=summary.seed,
        shape=_shape(summary),
        settings=INVENTED_SETTINGS if summary.settings_invented else REAL_SETTINGS,
        active_plans=summary.active_plans,
        closed_plans=summary.closed_plans,
        total_due=summary.total_due,
        first_day=FIRST_DAY.isoformat(),
        preferences=summary.preferences,
        setting_count=summary.settings,
        pools=summary.pools,
        unknown=summary.unknown_urn_children,
        unknown_urns=" and ".join(UNKNOWN_URNS),
        export_day=EXPORT_DAY.isoformat(),
        **summary.decisions_due,
    )
    path.write_text(text, encoding="utf-8", newline="\r\n")


def _shape(summary: DemonstrationSummary) -> str:
    if summary.shape_from_england:
        return ENGLISH_SHAPE
    return SCALED_SHAPE if summary.scaled else OWN_SHAPE
