"""`panel`: open one, make its agenda, and sign it off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.commands.options import Etag, Json, PageSize, PageToken, RequestId, day_on_wire

if TYPE_CHECKING:
    from inborough.placement.v1 import panels_pb2

PanelId = Annotated[str, typer.Argument(metavar="PANEL_ID", help="From inborough panel list.")]
CaseIds = Annotated[list[str], typer.Argument(metavar="CASE_ID...", help="Cases, in the order wanted.")]

panels = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="""SEND panels: open one, put cases on its agenda, decide them, sign it off.

  inborough panel open --on 2024-02-01
  inborough panel add PANEL_ID CASE_ID
  inborough recommend CASE_ID
  inborough decide CASE_ID --option 1
  inborough panel close PANEL_ID --sat user_ann=chair
  inborough decisions name DECISION_ID

Example:
  inborough panel list --open""",
)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(panels, name="panel")


@panels.command("open")
def open_panel(
    on: Annotated[str, typer.Option(metavar="DAY", help="Day it meets, such as 2024-02-01 or 01/02/2024.")],
    request_id: RequestId = "",
    json: Json = False,
) -> None:
    """Open a panel for the day it meets.

    Another that meets on that day and is not closed is named, and refuses
    nothing.

    Example:
      inborough panel open --on 2024-02-01

    Next: inborough panel add PANEL_ID CASE_ID
    """
    from inborough.placement.v1 import panels_pb2
    from services.cli import terminal
    from services.cli.calls import Services, ask, ask_once
    from services.words.panels import same_day

    request = panels_pb2.OpenPanelRequest(request_id=request_id, meets_on=day_on_wire(on, "--on"))
    still_open = panels_pb2.ListPanelsRequest(only_open=True, page_size=500)
    with Services() as services:
        before = ask(services.panels.ListPanels, still_open, "Reading panels").panels
        opened = ask_once(services.panels.OpenPanel, request, "Opening the panel").panel
    if warning := same_day(opened, before):
        terminal.say(warning)
    _show(opened, json)


@panels.command()
def add(panel_id: PanelId, case_id: CaseIds, etag: Etag = "", request_id: RequestId = "", json: Json = False) -> None:
    """Put cases on an open panel's agenda, after those that are there.

    Example:
      inborough panel add panel_5f0c9a7be21d4433 case_adf191463a60467d

    Next: inborough panel show PANEL_ID
    """
    from inborough.placement.v1 import panels_pb2
    from services.cli.calls import Services, ask_once

    request = panels_pb2.AddToAgendaRequest(request_id=request_id, panel_id=panel_id, etag=etag, case_ids=case_id)
    with Services() as services:
        changed = ask_once(services.panels.AddToAgenda, request, "Putting cases on the agenda").panel
    _show_agenda(changed, json)


@panels.command()
def remove(
    panel_id: PanelId, case_id: CaseIds, etag: Etag = "", request_id: RequestId = "", json: Json = False
) -> None:
    """Take cases off an open panel's agenda, unless it has decided them.

    Example:
      inborough panel remove panel_5f0c9a7be21d4433 case_adf191463a60467d

    Next: inborough panel show PANEL_ID
    """
    from inborough.placement.v1 import panels_pb2
    from services.cli.calls import Services, ask_once

    request = panels_pb2.RemoveFromAgendaRequest(request_id=request_id, panel_id=panel_id, etag=etag, case_ids=case_id)
    with Services() as services:
        changed = ask_once(services.panels.RemoveFromAgenda, request, "Taking cases off the agenda").panel
    _show_agenda(changed, json)


@panels.command()
def show(panel_id: PanelId, json: Json = False) -> None:
    """A panel's agenda: deadlines, what the papers lack, what was decided.

    Example:
      inborough panel show panel_5f0c9a7be21d4433

    Next: inborough recommend CASE_ID
    """
    from inborough.placement.v1 import panels_pb2
    from services.cli.calls import Services, ask

    request = panels_pb2.GetPanelRequest(panel_id=panel_id)
    with Services() as services:
        _show(ask(services.panels.GetPanel, request, "Reading the agenda").panel, json)


@panels.command("list")
def list_panels(
    only_open: Annotated[bool, typer.Option("--open", help="Only those that are open.")] = False,
    page_size: PageSize = 20,
    page_token: PageToken = "",
    json: Json = False,
) -> None:
    """Panels, newest day first.

    Example:
      inborough panel list --open

    Next: inborough panel show PANEL_ID
    """
    from inborough.placement.v1 import panels_pb2
    from services.cli import terminal
    from services.cli.calls import Services, ask
    from services.cli.pages.message_json import message_json
    from services.cli.pages.panels import panels_page

    request = panels_pb2.ListPanelsRequest(only_open=only_open, page_size=page_size, page_token=page_token)
    with Services() as services:
        page = ask(services.panels.ListPanels, request, "Reading panels")
    if json:
        terminal.show_json(message_json(page))
    else:
        terminal.show(*panels_page(page, only_open))


@panels.command()
def close(
    panel_id: PanelId,
    sat: Annotated[
        list[str], typer.Option(metavar="USER=CAPACITY", help="Who sat, and as what; again for each, the chair too.")
    ],
    carry_over: Annotated[
        list[str] | None, typer.Option(metavar="CASE_ID", help="A case that goes to another panel; again for each.")
    ] = None,
    etag: Etag = "",
    request_id: RequestId = "",
    json: Json = False,
) -> None:
    """Close a panel and sign for it: whoever runs this is the chair who signs.

    Every case must be decided or carried over. It cannot be opened again.

    Example:
      inborough panel close panel_5f0c9a7be21d4433 --sat user_ann=chair
        --sat user_bob=educational_psychologist

    Next: inborough decisions name DECISION_ID
    """
    from inborough.placement.v1 import panels_pb2
    from services.cli.calls import Services, ask_once

    request = panels_pb2.ClosePanelRequest(
        request_id=request_id,
        panel_id=panel_id,
        etag=etag,
        attendance=map(_attendance, sat),
        carried_over_case_ids=carry_over or (),
    )
    with Services() as services:
        _show(ask_once(services.panels.ClosePanel, request, "Closing the panel").panel, json)


def _attendance(given: str) -> panels_pb2.Attendance:
    """ "user_ann=chair". Raises typer.BadParameter."""
    from inborough.placement.v1 import panels_pb2

    user_id, _, capacity = given.partition("=")
    if not user_id.startswith("user_") or not capacity:
        raise typer.BadParameter(
            "write who and as what, such as user_ann=chair or user_bob=educational_psychologist", param_hint="--sat"
        )
    return panels_pb2.Attendance(user_id=user_id, capacity=capacity.strip().replace(" ", "_").casefold())


def _show_agenda(panel: panels_pb2.Panel, json: bool) -> None:
    from services.cli import terminal
    from services.cli.pages.message_json import message_json
    from services.cli.pages.panels import agenda_page

    if json:
        terminal.show_json(message_json(panel))
    else:
        terminal.show(*agenda_page(panel))


def _show(panel: panels_pb2.Panel, json: bool) -> None:
    from services.cli import terminal
    from services.cli.pages.message_json import message_json
    from services.cli.pages.panels import panel_page

    if json:
        terminal.show_json(message_json(panel))
    else:
        terminal.show(*panel_page(panel))
