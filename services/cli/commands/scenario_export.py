"""`scenario export`: a scenario's result as a file for others."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.commands.scenario import ScenarioId, scenario
from services.cli.commands.trajectory import Force

if TYPE_CHECKING:
    from inborough.provision.v1 import provision_pb2
    from services.cli.calls import Services


class Form(StrEnum):
    """What the file holds."""

    XLSX = "xlsx"
    CSV = "csv"
    SCAP = "scap"
    DSG = "dsg"


def add_to(app: typer.Typer) -> None:
    """Nothing: the command is in the group of scenarios."""


@scenario.command()
def export(
    scenario_id: ScenarioId,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to: .xlsx, or .csv for the first sheet alone.")],
    form: Annotated[
        Form | None, typer.Option(help="Every figure (xlsx, csv), or the forms of SCAP or the DSG management plan.")
    ] = None,
    force: Force = False,
) -> None:
    """Write what a finished scenario comes to, for people other than planners.

    Counts of 1 to 4 children are left out as "c", and as many others as it
    takes that none can be worked out, also from several exports together. No
    cell is a live formula. Beside a pool's id stand its setting and kind.

    --form scap: pupils with a plan who need special provision, by sector and
    provision, as the school capacity survey asks. --form dsg: the categories
    of the DSG management plan. Compare both with the year's template.

    Example:
      inborough scenario export scen_5f0c9a7be21d4433 --form xlsx --out late.xlsx
      inborough scenario export scen_5f0c9a7be21d4433 --form scap --out scap.csv

    Next: inborough scenario compare SCENARIO_ID SCENARIO_ID
    """
    from services.cli import terminal
    from services.cli.calls import Services
    from services.cli.failures import CannotGoOn
    from services.cli.scenarios import get, result
    from services.cli.sheets import check_writable, write_sheets
    from services.planning.exports.forms import DSG, SCAP
    from services.planning.exports.scenario import sheets_of

    check_writable(out, force)
    suffix = out.suffix.casefold().removeprefix(".")
    if form in (Form.XLSX, Form.CSV) and form != suffix:
        raise CannotGoOn(
            f"--form {form} and a name that ends in .{suffix} contradict each other.", "Change one of them."
        )
    with Services() as services:
        found, pools = get(services, scenario_id), _pools(services)
        sheets = sheets_of(
            result(services, scenario_id),
            {Form.SCAP: SCAP, Form.DSG: DSG}.get(form or Form.XLSX, "figures"),
            {**{pool.pool_id: pool.kind for pool in pools}, **_kinds_of_levers(found.definition)},
            {pool.pool_id: pool.setting.name for pool in pools},
        )
    with terminal.busy("Writing"):
        write_sheets(out, sheets, force)
    terminal.say(f'Wrote {out}. Counts left out are shown as "c".')


def _pools(services: Services) -> Sequence[provision_pb2.PlacePool]:
    from inborough.provision.v1 import provision_pb2
    from services.cli.calls import ask
    from shared import clock
    from shared.days import to_wire

    request = provision_pb2.ListPlacePoolsRequest(first_day=to_wire(clock.today()))
    return ask(services.provision.ListPlacePools, request, "Reading pools").pools


def _kinds_of_levers(definition: str) -> dict[str, str]:
    """Pools that the scenario opens, by the ids that its figures give them."""
    from services.placement.forecast.simulation.levers import read_definition_file

    return {f"lever:{one.name}": one.kind for one in read_definition_file(definition).levers.open}
